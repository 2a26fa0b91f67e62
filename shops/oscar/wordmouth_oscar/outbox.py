"""Pending snapshots: marked with the change, sent afterwards, until the engine took them."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, router, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from wordmouth_oscar.client import Answer, EngineClient
from wordmouth_oscar.conf import Config, config
from wordmouth_oscar.flusher import Flusher, Trouble
from wordmouth_oscar.models import PendingSnapshot
from wordmouth_oscar.snapshots import build

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


@dataclass
class Flushed:
    """What one flush did."""

    sent: int = 0
    gone: int = 0
    failed: int = 0
    stopped_by: str = ""
    """What the engine answered when going on made no sense; empty if nothing stopped it."""


def mark(kind: PendingSnapshot.Kind, key: object) -> None:
    """Note that an object changed; part of the caller's transaction, if there is one.

    One statement that inserts or renews the row. Does nothing while the shop is not connected.
    """
    settings = config()
    if not settings.connected:
        return
    now = timezone.now()
    row = _row(kind, key, now)
    row.due_at = now + timedelta(seconds=settings.delay)
    _insert([row], renew=["mark", "changed_at", "is_backfill"])
    if settings.background:
        transaction.on_commit(background.kick, robust=True)


def mark_history(kind: PendingSnapshot.Kind, keys: Iterable[object]) -> int:
    """Mark many objects to be told after everything new; returns how many were given."""
    now = timezone.now()
    rows = [_row(kind, key, now, is_backfill=True) for key in keys]
    # What waits already will be told anyway.
    PendingSnapshot.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def flush(*, history: bool = True, report: Callable[[Flushed], None] | None = None) -> Flushed:
    """Send everything that is due, oldest first; safe to run several at once.

    Stops at the first answer that shows the engine is not available. ``history=False`` leaves
    the backfill alone. ``report`` is called after each snapshot.
    """
    settings = config()
    done = Flushed()
    if not settings.connected:
        done.stopped_by = "not connected: WORDMOUTH_OSCAR lacks URL, STORE_ID or SECRET"
        return done
    with EngineClient(settings) as client:
        while not done.stopped_by:
            row = _claim(history)
            if row is None:
                break
            _send(row, client, settings, done)
            if report is not None:
                report(done)
    return done


def next_due() -> datetime | None:
    """Return when the next snapshot is due and free, None if nothing is pending."""
    free_at = Case(When(leased_until__gt=F("due_at"), then=F("leased_until")), default=F("due_at"))
    moments = PendingSnapshot.objects.annotate(free_at=free_at).order_by("free_at")
    found: datetime | None = moments.values_list("free_at", flat=True).first()
    return found


def _flush_in_background() -> float | None:
    done = flush()
    if done.stopped_by:
        raise Trouble(done.stopped_by)
    due = next_due()
    return None if due is None else (due - timezone.now()).total_seconds()


background = Flusher(_flush_in_background)
"""Sends after a commit, in this process."""


def _row(
    kind: PendingSnapshot.Kind, key: object, now: datetime, *, is_backfill: bool = False
) -> PendingSnapshot:
    return PendingSnapshot(
        kind=kind,
        key=str(key),
        mark=uuid.uuid4(),
        changed_at=now,
        due_at=now,
        is_backfill=is_backfill,
    )


def _insert(rows: list[PendingSnapshot], *, renew: list[str]) -> None:
    features = connections[router.db_for_write(PendingSnapshot)].features
    # MySQL finds the unique key by itself and refuses to be told.
    target = ["kind", "key"] if features.supports_update_conflicts_with_target else None
    PendingSnapshot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=target, update_fields=renew
    )


def _claim(history: bool) -> PendingSnapshot | None:
    """Lease the next due row, or None. A row that another process took meanwhile is passed by."""
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = PendingSnapshot.objects.filter(free, due_at__lte=now)
    if not history:
        due = due.filter(is_backfill=False)
    for row in due.order_by("is_backfill", "due_at", "id")[:20]:
        taken = PendingSnapshot.objects.filter(free, pk=row.pk, mark=row.mark)
        if taken.update(leased_until=now + LEASE):
            return row
    return None


def _send(row: PendingSnapshot, client: EngineClient, settings: Config, done: Flushed) -> None:
    content = build(row.kind, row.key, settings)
    if content is None:
        done.gone += 1
        _settle(row)
        return
    answer = client.deliver(f"msg_{row.mark.hex}", content)
    if answer.accepted:
        done.sent += 1
        _settle(row)
        return
    done.failed += 1
    done.stopped_by = answer.text if answer.engine_trouble else ""
    _put_off(row, answer)


def _settle(row: PendingSnapshot) -> None:
    """Drop the row, unless the object changed while it was told: then it is due again."""
    same = PendingSnapshot.objects.filter(pk=row.pk, mark=row.mark)
    if not same.delete()[0]:
        PendingSnapshot.objects.filter(pk=row.pk).update(
            leased_until=None, attempts=0, last_error="", due_at=timezone.now()
        )


def _put_off(row: PendingSnapshot, answer: Answer) -> None:
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 12), LONGEST_WAIT)
    PendingSnapshot.objects.filter(pk=row.pk).update(
        leased_until=None,
        attempts=row.attempts + 1,
        last_error=answer.text,
        due_at=timezone.now() + wait,
    )
