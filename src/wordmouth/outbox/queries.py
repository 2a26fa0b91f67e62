"""Questions about effects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django_scopes import scopes_disabled

from wordmouth.kit import clock
from wordmouth.outbox import states
from wordmouth.outbox.facts import EffectFacts, Health, Standing
from wordmouth.outbox.models import Effect

_STORES_WITH_WORK = """
WITH RECURSIVE waiting(store_id) AS (
    SELECT min(store_id) FROM outbox_effect WHERE state IN ('waiting', 'leased')
    UNION ALL
    SELECT (SELECT min(e.store_id) FROM outbox_effect e
            WHERE e.state IN ('waiting', 'leased') AND e.store_id > waiting.store_id)
    FROM waiting WHERE waiting.store_id IS NOT NULL
)
SELECT store_id FROM waiting
WHERE store_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM outbox_effect e
    WHERE e.store_id = waiting.store_id AND e.state IN ('waiting', 'leased') AND e.due_at <= %s
)
"""
"""Steps from store to store through the index: the cost follows the number of stores that wait,
not the length of a broken shop's queue."""


def facts_of(row: Effect) -> EffectFacts:
    """A row as facts."""
    return EffectFacts(**{name: getattr(row, name) for name in EffectFacts.__struct_fields__})


def stores_with_work(now: datetime | None = None) -> list[str]:
    """The stores that have an effect due (or a lease that ran out), sorted; no scope needed."""
    moment = connection.ops.adapt_datetimefield_value(now or clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_STORES_WITH_WORK, [moment])
        return sorted(str(row[0]) for row in cursor.fetchall())


def page(
    state: str | None = None, limit: int = 50, starting_after: str | None = None
) -> list[EffectFacts]:
    """The store's effects, newest first; `starting_after` is the id of the last one seen."""
    rows = Effect.objects.order_by("-id")
    if state is not None:
        rows = rows.filter(state=state)
    if starting_after is not None:
        rows = rows.filter(id__lt=starting_after)
    return [facts_of(row) for row in rows[:limit]]


def by_keys(keys: Iterable[str]) -> dict[str, EffectFacts]:
    """Effects of the store by what they are for."""
    return {row.key: facts_of(row) for row in Effect.objects.filter(key__in=list(keys))}


def unfinished(keys: Iterable[str]) -> set[str]:
    """Those of these keys whose effect may still be carried out: it waits or is being done."""
    rows = Effect.objects.filter(key__in=list(keys), state__in=states.OUTSTANDING)
    return set(rows.values_list("key", flat=True))


def standing(kinds: Iterable[str]) -> Standing:
    """How the store's effects of these kinds stand that are not done."""
    rows = Effect.objects.filter(kind__in=list(kinds), state__in=(*states.OUTSTANDING, states.DEAD))
    counts = dict(rows.values_list("state").annotate(Count("id")).order_by())
    failed = rows.exclude(problem="").order_by("-id").values_list("problem", flat=True)
    return Standing(
        waiting=sum(counts.get(state, 0) for state in states.OUTSTANDING),
        dead=counts.get(states.DEAD, 0),
        problem=failed.first() or "",
    )


def health(now: datetime | None = None) -> Health:
    """How the effects of the store in scope stand."""
    return _health(Effect.objects.all(), now)


def health_of_all(now: datetime | None = None) -> Health:
    """How the effects of all stores stand; no scope needed. For the operator."""
    with scopes_disabled():
        return _health(Effect.objects.all(), now)


def _health(rows: QuerySet[Effect], now: datetime | None) -> Health:
    counts = {state: Count("id", filter=Q(state=state)) for state in states.MOVES}
    late = Min("due_at", filter=Q(state__in=states.OUTSTANDING, due_at__lte=now or clock.now()))
    return Health(**rows.aggregate(oldest_due=late, **counts))
