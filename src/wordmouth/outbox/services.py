"""Verbs on effects: ask for them, take them, tell what became of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django_scopes import get_scope, scopes_disabled

from wordmouth.kit import clock, entropy
from wordmouth.kit.errors import NotFound
from wordmouth.kit.ids import new_id
from wordmouth.outbox import rules, states
from wordmouth.outbox.errors import EffectNotDead
from wordmouth.outbox.facts import EffectRequest, LeasedEffect
from wordmouth.outbox.models import Effect
from wordmouth.stores import tables
from wordmouth.stores.transactions import write_gate

PROBLEM_LENGTH = 1000


def _silence() -> None:
    """What is rung while nobody listens."""


_bell: Callable[[], None] = _silence


def install_bell(ring: Callable[[], None] | None) -> None:
    """Have `ring` called after each commit that asked for effects; None: stop that."""
    global _bell
    _bell = ring or _silence


def ring() -> None:
    """Call the worker of this process, if it has one: there is something to do."""
    _bell()


def enqueue(requests: Sequence[EffectRequest]) -> None:
    """Ask for effects, in the transaction of what they follow from.

    Call it inside a store write. A request whose key is known already changes nothing.
    """
    if not requests:
        return
    now = clock.now()
    store_id: str = get_scope()["store"]
    asked = [
        {
            "id": new_id("eff"),
            "store_id": store_id,
            "key": request.key,
            "kind": request.kind,
            "payload": request.payload,
            "due_at": request.due_at or now,
            "created_at": now,
        }
        for request in requests
    ]
    tables.insert_values(Effect, asked, ignore=True)
    transaction.on_commit(_bell)


def lease(
    store_id: str, limit: int, now: datetime | None = None, *, without: Collection[str] = ()
) -> list[LeasedEffect]:
    """Take up to `limit` effects of a store that are due, oldest first; no scope needed.

    `without` names kinds to leave alone. The store never has more than `rules.PER_STORE`
    effects in flight. A lease that ran out is taken again with a higher fence.
    """
    now = now or clock.now()
    with write_gate(), transaction.atomic(), scopes_disabled():
        mine = Effect.objects.filter(store_id=store_id)
        in_flight = mine.filter(state=states.LEASED, due_at__gt=now).count()
        free = min(limit, rules.PER_STORE - in_flight)
        if free <= 0:
            return []
        due = mine.filter(state__in=states.sources(states.LEASED), due_at__lte=now)
        if without:
            due = due.exclude(kind__in=without)
        due = due.order_by("due_at", "id")
        if connection.vendor == "postgresql":
            due = due.select_for_update(skip_locked=True)
        return [leased for row in due[:free] if (leased := _take(row, now)) is not None]


def _take(row: Effect, now: datetime) -> LeasedEffect | None:
    """Compare and set: who finds the fence unchanged has it.

    `due_at` moves to the end of the lease, so that "due" finds a lease that ran out as well.
    """
    taken = Effect.objects.filter(
        id=row.id, fence=row.fence, state__in=states.sources(states.LEASED)
    ).update(
        state=states.LEASED,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        leased_until=now + rules.LEASE,
        due_at=now + rules.LEASE,
    )
    if not taken:
        return None
    return LeasedEffect(
        id=row.id,
        store_id=row.store_id,
        key=row.key,
        kind=row.kind,
        payload=row.payload,
        attempts=row.attempts + 1,
        fence=row.fence + 1,
    )


def _settle(effect: LeasedEffect, **values: object) -> bool:
    """Write the outcome, if the effect is still ours."""
    return bool(
        Effect.objects.filter(id=effect.id, fence=effect.fence, state=states.LEASED).update(
            leased_until=None, **values
        )
    )


def finish(effect: LeasedEffect, result: dict[str, object]) -> bool:
    """Say that it is done. False: the lease was lost, somebody else will say. In a store write."""
    return _settle(effect, state=states.DONE, result=result, problem="", done_at=clock.now())


def fail(effect: LeasedEffect, detail: str, retry_after: float | None = None) -> str | None:
    """Say that this try failed: it waits for the next one, or is given up after about 48 hours.

    Gives the state it is in now (`waiting` or `dead`), None when the lease was lost. In a store
    write.
    """
    noise = int.from_bytes(entropy.random_bytes(2), "big") / 0xFFFF
    pause = rules.pause(effect.attempts, retry_after, noise)
    if pause is None:
        return hopeless(effect, detail)
    kept = _settle(
        effect,
        state=states.WAITING,
        due_at=clock.now() + pause,
        problem=detail[:PROBLEM_LENGTH],
    )
    return states.WAITING if kept else None


def hopeless(effect: LeasedEffect, detail: str) -> str | None:
    """Give it up at once. Gives `dead`, or None when the lease was lost. In a store write."""
    kept = _settle(effect, state=states.DEAD, problem=detail[:PROBLEM_LENGTH], done_at=clock.now())
    return states.DEAD if kept else None


def again(requests: Sequence[EffectRequest]) -> None:
    """Ask for effects that are done again and again, each under a key of its own, now.

    One that ended, or that waits for a later try, is due at once with all of its tries; one that is
    under way goes on. In a store write.
    """
    enqueue(requests)
    keys = [request.key for request in requests]
    resting = Effect.objects.filter(key__in=keys).exclude(state=states.LEASED)
    resting.update(state=states.WAITING, attempts=0, due_at=clock.now(), done_at=None)


def call_off(kinds: Collection[str], payload: Mapping[str, Any]) -> int:
    """Forget effects that only look at something, of these kinds and with that in their payload;
    how many. One that is under way ends without an outcome. In a store write."""
    named = {f"payload__{name}": value for name, value in payload.items()}
    gone, _ = Effect.objects.filter(kind__in=list(kinds), **named).delete()
    return gone


def revive(effect_id: str) -> None:
    """Try an effect again that was given up, with all its tries before it. In a store write.

    Raises NotFound, EffectNotDead.
    """
    if not revive_keys(ids=[effect_id]):
        if not Effect.objects.filter(id=effect_id).exists():
            raise NotFound("There is no such effect.")
        raise EffectNotDead("Only an effect in the state `dead` can be revived.")


def revive_keys(keys: Iterable[str] = (), *, ids: Iterable[str] = ()) -> int:
    """Try those of the named effects again that were given up; how many. In a store write."""
    dead = Effect.objects.filter(state=states.DEAD)
    chosen = dead.filter(key__in=list(keys)) | dead.filter(id__in=list(ids))
    revived = chosen.update(
        state=states.WAITING, attempts=0, due_at=clock.now(), done_at=None, leased_until=None
    )
    transaction.on_commit(_bell)
    return revived
