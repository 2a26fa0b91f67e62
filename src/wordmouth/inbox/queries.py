"""Questions about deliveries."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import connection
from django.db.models import Count, Min, Q
from django.db.models.functions import Length
from django_scopes import scopes_disabled

from wordmouth.inbox import states
from wordmouth.inbox.facts import Arrival, Backlog, DeliveryFacts, FeedFacts, Told
from wordmouth.inbox.models import Delivery, Feed
from wordmouth.inbox.ports import FETCHED
from wordmouth.kit import clock
from wordmouth.stores.rows import scoped_store

# From store to store along the index of waiting deliveries: the cost follows the number of
# stores with work, not the number of deliveries that wait.
_STORES_WITH_WORK = """
WITH RECURSIVE found(store_id) AS (
    SELECT min(store_id) FROM inbox_delivery WHERE state = 'received'
    UNION ALL
    SELECT (SELECT min(d.store_id) FROM inbox_delivery d
            WHERE d.state = 'received' AND d.store_id > found.store_id)
    FROM found WHERE found.store_id IS NOT NULL
)
SELECT store_id FROM found WHERE store_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM inbox_delivery d WHERE d.state = 'received' AND d.store_id = found.store_id
    AND (d.retry_at IS NULL OR d.retry_at <= %s)
)
"""


# `received` is written out: SQLite uses the index of what waits only for a literal condition.
_WAITING = """
SELECT count(*) FROM (
    SELECT 1 FROM inbox_delivery WHERE store_id = %s AND state = 'received' LIMIT %s
) AS waiting
"""


def stores_with_work() -> list[str]:
    """The stores with deliveries to settle now. Needs no scope."""
    due = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_STORES_WITH_WORK, [due])
        return [store_id for (store_id,) in cursor.fetchall()]


def page(
    limit: int = 50, state: str | None = None, before: int | None = None
) -> list[DeliveryFacts]:
    """The store's deliveries, newest first. `before`: the last seq of the page before."""
    rows = Delivery.objects.defer("body", "headers").annotate(size=Length("body"))
    if state is not None:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return [_facts(row) for row in rows.order_by("-seq")[:limit]]


def delivery(delivery_id: str) -> DeliveryFacts | None:
    """The store's delivery with this id."""
    row = Delivery.objects.annotate(size=Length("body")).filter(key=delivery_id).first()
    return _facts(row) if row else None


def arrivals(limit: int) -> list[Arrival]:
    """How the newest of the store's deliveries came, newest first."""
    rows = Delivery.objects.order_by("-seq")
    newest = rows.values_list("adapter", "received_at", "state", "headers")[:limit]
    return [
        Arrival(adapter=adapter, received_at=at, state=state, was_read=FETCHED in headers)
        for adapter, at, state, headers in newest
    ]


def told_since(since: datetime, limit: int) -> list[Told]:
    """What came since then among the newest `limit` of the store's deliveries, oldest first."""
    newest = Delivery.objects.order_by("-seq").values_list("seq", flat=True)[:limit]
    rows = Delivery.objects.filter(seq__in=list(newest), received_at__gte=since)
    rows = rows.annotate(size=Length("body")).order_by("seq")
    return [
        Told(
            facts=_facts(row),
            headers=msgspec.json.decode(row.headers, type=dict[str, str]),
            body=bytes(row.body or b""),
        )
        for row in rows
    ]


def waiting(at_most: int) -> int:
    """How many of the store's deliveries wait to be settled, counted up to `at_most`."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [scoped_store(), at_most])
        return int(cursor.fetchone()[0])


def feeds(adapter: str | None = None) -> list[FeedFacts]:
    """What is looked at in the store's shops again and again; `adapter` picks one shop."""
    rows = Feed.objects.order_by("id")
    return [feed_facts(row) for row in (rows.filter(adapter=adapter) if adapter else rows)]


def feed(adapter: str, kind: str) -> FeedFacts | None:
    """One of them."""
    row = Feed.objects.filter(adapter=adapter, kind=kind).first()
    return feed_facts(row) if row else None


def followed() -> set[tuple[str, str, str]]:
    """Every store that is followed, through which adapter, and what is looked at there. Needs no
    scope."""
    with scopes_disabled():
        return set(Feed.objects.values_list("store_id", "adapter", "kind"))


def stores_to_look_at(now: datetime) -> list[str]:
    """The stores with a feed that is due. Needs no scope."""
    with scopes_disabled():
        due = Feed.objects.filter(due_at__lte=now).order_by("store_id")
        return list(due.values_list("store_id", flat=True).distinct())


def feed_facts(row: Feed) -> FeedFacts:
    """A row as facts."""
    return FeedFacts(**{name: getattr(row, name) for name in FeedFacts.__struct_fields__})


def backlog() -> Backlog:
    """How much waits or went wrong on the whole installation. Needs no scope."""
    with scopes_disabled():
        counts = Delivery.objects.exclude(state=states.SETTLED).aggregate(
            waiting=Count("seq", filter=Q(state=states.RECEIVED)),
            dead=Count("seq", filter=Q(state=states.DEAD)),
            refused=Count("seq", filter=Q(state=states.REFUSED)),
            oldest=Min("received_at", filter=Q(state=states.RECEIVED)),
        )
    return Backlog(**counts)


def _facts(row: Delivery) -> DeliveryFacts:
    return DeliveryFacts(
        seq=row.seq,
        id=row.key,
        adapter=row.adapter,
        state=row.state,
        attempts=row.attempts,
        problem=row.problem,
        received_at=row.received_at,
        settled_at=row.settled_at,
        retry_at=row.retry_at,
        size=getattr(row, "size", None) or 0,
    )


def unsettled_by_state() -> dict[str, int]:
    """How many of the store's deliveries wait, were refused or were given up."""
    rows = Delivery.objects.exclude(state=states.SETTLED).values_list("state")
    return dict(rows.annotate(Count("seq")).order_by())
