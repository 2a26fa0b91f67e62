"""What is done by the clock: looking how transfers stand that a payment service has."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Min
from django_scopes import scopes_disabled

from wordmouth.kit import clock
from wordmouth.outbox import queries as outbox_queries
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest
from wordmouth.payouts import states
from wordmouth.payouts.models import Payout
from wordmouth.stores.transactions import store_read, store_write

LOOK = "payout.look"
PACES = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta.max, timedelta(hours=6)),
)
"""Up to this age of the order, it is looked at this often."""


def look() -> int:
    """Have every part looked at whose turn it is; how many. Doing it too often changes nothing:
    a look has a key for its slot of time."""
    due: dict[str, list[EffectRequest]] = defaultdict(list)
    now = clock.now()
    for store_id, batch, part, since in _parts():
        slot = _slot(now, now - since)
        key = f"{LOOK}:{batch}:{part}:{slot}"
        payload = {"batch": batch, "part": part}
        due[store_id].append(EffectRequest(key=key, kind=LOOK, payload=payload))
    return sum(_ask(store_id, requests) for store_id, requests in due.items())


def _parts() -> list[tuple[str, str, int, datetime]]:
    with scopes_disabled():
        rows = Payout.objects.filter(state=states.SENT, tried_at__isnull=False)
        parts = rows.values_list("store_id", "batch_id", "part").annotate(Min("tried_at"))
        return list(parts.order_by("store_id", "batch_id", "part"))


def _slot(now: datetime, age: timedelta) -> int:
    """The slot of time that `now` is in."""
    pace = next(every for until, every in PACES if age < until)
    return int(now.timestamp() // pace.total_seconds())


def _ask(store_id: str, requests: list[EffectRequest]) -> int:
    with store_read(store_id):
        known = outbox_queries.by_keys(request.key for request in requests)
    new = [request for request in requests if request.key not in known]
    if new:
        with store_write(store_id):
            outbox.enqueue(new)
    return len(new)
