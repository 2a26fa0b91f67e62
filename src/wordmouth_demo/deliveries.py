"""The shop's outbox towards the engine.

A delivery is written in the transaction of the change that it tells of and sent after the commit.
What could not be delivered waits in the table and is sent again by the next page view or by a
button. The engine knows a delivery by its `webhook-id`, so sending one twice is harmless.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
from django.db import connection
from django.db.models import F, Q

from wordmouth_demo import config, signing, snapshot
from wordmouth_demo.models import Delivery, Order

TIMEOUT_SECONDS = 5.0
RETRY_AFTER = timedelta(seconds=5)
_WORTH_ANOTHER_TRY = (408, 425, 429)


@dataclass(frozen=True)
class Outcome:
    """What the engine said to a delivery; `status` is None when it could not be reached."""

    state: str
    status: int | None
    text: str

    @property
    def delivered(self) -> bool:
        """Whether the engine has the delivery."""
        return self.state == Delivery.State.DELIVERED


def enqueue(
    kind: str,
    data: dict[str, object],
    *,
    subject: str,
    now: datetime,
    order: Order | None = None,
    key: str | None = None,
) -> int:
    """Keep a delivery in the caller's transaction and return its row id.

    `key` names a delivery that must exist only once (the seed's).
    """
    return Delivery.objects.create(
        webhook_id=f"msg_{secrets.token_hex(16)}",
        key=key,
        kind=kind,
        subject=subject,
        body=snapshot.body(kind, data, now),
        order=order,
        created_at=now,
    ).pk


def flush(limit: int = 50, *, at_once: bool = True) -> int:
    """Send what waits, oldest first, and return how many arrived; stop at the first failure.

    With `at_once` False what was tried within the last five seconds is left for later, so that
    page views do not hammer an engine that is down. Inside a transaction nothing is sent: the
    next call outside one does it.
    """
    if in_transaction():
        return 0
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    if not at_once:
        before = config.get().now() - RETRY_AFTER
        waiting = waiting.filter(Q(attempted_at=None) | Q(attempted_at__lt=before))
    arrived = 0
    for row_id in waiting.order_by("pk").values_list("pk", flat=True)[:limit]:
        if send(row_id).state == Delivery.State.WAITING:
            break
        arrived += 1
    return arrived


def send(row_id: int) -> Outcome:
    """Send one delivery now, whatever its state, and keep the answer. Never in a transaction."""
    if in_transaction():
        raise RuntimeError("A delivery must not be sent while a transaction is open.")
    shop = config.get()
    row = Delivery.objects.get(pk=row_id)
    now = shop.now()
    outcome = _post(shop.delivery_url, shop.webhook_secret, row.webhook_id, row.body, now)
    # What once arrived stays delivered, even when a later repetition did not.
    arrived = row.state == Delivery.State.DELIVERED
    Delivery.objects.filter(pk=row_id).update(
        state=row.state if arrived else outcome.state,
        attempts=F("attempts") + 1,
        attempted_at=now,
        answer_status=outcome.status,
        answer_text=outcome.text,
    )
    return outcome


def retry_all() -> tuple[int, int]:
    """Send everything undelivered, the refused too; return (arrived, still undelivered)."""
    undelivered = Delivery.objects.exclude(state=Delivery.State.DELIVERED)
    undelivered.update(state=Delivery.State.WAITING)
    total = undelivered.count()
    flush(limit=total)
    left = Delivery.objects.exclude(state=Delivery.State.DELIVERED).count()
    return total - left, left


def in_transaction() -> bool:
    """Say whether a transaction is open here, so that nothing may be sent now."""
    return connection.in_atomic_block


def latest_of(order_id: int) -> Delivery | None:
    """Return the newest delivery of an order, or None."""
    return Delivery.objects.filter(order_id=order_id).order_by("-pk").first()


def _post(url: str, secret: str, webhook_id: str, body: str, now: datetime) -> Outcome:
    headers = signing.sign(secret, webhook_id, now, body)
    headers["content-type"] = "application/json"
    try:
        answer = httpx2.post(url, content=body.encode(), headers=headers, timeout=TIMEOUT_SECONDS)
    except httpx2.HTTPError as error:
        return Outcome(Delivery.State.WAITING, None, f"Not reached: {error}"[:500])
    if answer.is_success:
        state = Delivery.State.DELIVERED
    elif 400 <= answer.status_code < 500 and answer.status_code not in _WORTH_ANOTHER_TRY:
        state = Delivery.State.REFUSED
    else:
        state = Delivery.State.WAITING
    return Outcome(state, answer.status_code, answer.text[:500])
