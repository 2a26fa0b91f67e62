"""Verbs on orders: take what shops tell, in sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec
from django.db.models import F

from wordmouth.kit import clock, events
from wordmouth.kit.ids import new_id
from wordmouth.orders import queries
from wordmouth.orders.contents import contents_of
from wordmouth.orders.errors import ImportedElsewhere
from wordmouth.orders.events import OrderChanged
from wordmouth.orders.facts import ImportFacts, OrderFacts
from wordmouth.orders.merge import Merged, merge, pack, told_by, unpack
from wordmouth.orders.models import ImportRun, Order, OrderCode
from wordmouth.orders.queries import StoredOrder
from wordmouth.orders.reading import columns
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.people import queries as people_queries
from wordmouth.people import services as people
from wordmouth.stores import tables

_FIRST = ("id", "external_id")
_TOLD = (*(name for name in OrderFacts.__struct_fields__ if name not in _FIRST), "facts")
"""What news changes of an order; its id and the moment when it was first seen stay."""


class _Change(NamedTuple):
    """An order that became another, and what it was; `is_news` where that matters to anybody."""

    order: OrderFacts
    merged: Merged
    state: str
    before: OrderFacts | None
    is_news: bool


def take(
    store_id: str, snapshots: Sequence[OrderSnapshot], *, imported: bool = False
) -> list[OrderFacts]:
    """Merge snapshots into what is known and tell what changed.

    Several snapshots of one order in one call are fine. The answer holds the changed orders.
    """
    if not snapshots:
        return []
    known = queries.stored(snapshot.id for snapshot in snapshots)
    met_before = people_queries.met()
    buyers = _buyers(store_id, snapshots, known)
    changes = [
        change
        for external_id, state in _merged(snapshots, known).items()
        if (change := _change(external_id, state, known.get(external_id), buyers[external_id]))
    ]
    _write(store_id, changes)
    _remember(changes, people_queries.met() - met_before)
    events.emit(
        *(
            OrderChanged(store_id=store_id, order=order, before=before, imported=imported)
            for order, _, _, before, is_news in changes
            if is_news
        )
    )
    return [change.order for change in changes]


def _merged(
    snapshots: Sequence[OrderSnapshot], known: Mapping[str, StoredOrder]
) -> dict[str, Merged]:
    merged: dict[str, Merged] = {}
    for snapshot in snapshots:
        before = merged.get(snapshot.id)
        if before is None and snapshot.id in known:
            before = unpack(known[snapshot.id].state)
        merged[snapshot.id] = merge(before, told_by(snapshot))
    return merged


def _change(
    external_id: str, merged: Merged, known: StoredOrder | None, person_id: str | None
) -> _Change | None:
    """The order as it is now, where that differs from what is stored."""
    state = pack(merged)
    before = known.order if known else None
    if known and before and known.state == state and before.person_id == person_id:
        return None
    order = OrderFacts(
        id=before.id if before else new_id("ord"),
        external_id=external_id,
        person_id=person_id,
        **columns(merged),
    )
    # What the columns do not hold may change alone: late news of lines, or of what went back.
    is_news = order != before or (
        known is not None and contents_of(merged) != contents_of(unpack(known.state))
    )
    return _Change(order, merged, state, before, is_news)


def _buyers(
    store_id: str, snapshots: Sequence[OrderSnapshot], known: Mapping[str, StoredOrder]
) -> dict[str, str | None]:
    """The buyer of each order. All keys an order ever told name one human."""
    buyers = {key: stored.order.person_id for key, stored in known.items()}
    rounds: list[list[OrderSnapshot]] = []
    seen: dict[str, int] = {}
    for snapshot in snapshots:
        turn = seen[snapshot.id] = seen.get(snapshot.id, -1) + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(snapshot)
    for part in rounds:
        hints = [buyers.get(snapshot.id) for snapshot in part]
        found = people.resolve(store_id, [snapshot.customer for snapshot in part], hints)
        buyers.update(zip((snapshot.id for snapshot in part), found, strict=True))
    return buyers


def _write(store_id: str, changes: Sequence[_Change]) -> None:
    now = clock.now()
    own = {"store_id": store_id, "first_seen_at": now}
    told = [
        {**own, **msgspec.structs.asdict(change.order), "facts": change.state} for change in changes
    ]
    tables.insert_values(Order, told, unique=("store", "external_id"), update=_TOLD)
    recoded = [
        change.order
        for change in changes
        if change.order.codes != (change.before.codes if change.before else ())
    ]
    if recoded:
        told_before = {change.order.id for change in changes if change.before}
        if old := [order.id for order in recoded if order.id in told_before]:
            OrderCode.objects.filter(order_id__in=old).delete()
        named = [
            {"store_id": store_id, "code": code, "order_id": order.id}
            for order in recoded
            for code in order.codes
        ]
        tables.insert_values(OrderCode, named)


def _remember(changes: Sequence[_Change], met: Collection[str]) -> None:
    """Whoever was met with these orders has no others."""
    queries.ORDERS.put({change.order.id: change.order for change in changes})
    queries.STATES.put({change.order.id: change.merged for change in changes})
    bought: dict[str, list[OrderFacts]] = {person: [] for person in met}
    for change in changes:
        if (buyer := change.order.person_id) in bought:
            bought[buyer].append(change.order)
    orders = [facts for change in changes for facts in (change.order, change.before) if facts]
    queries.OF_PERSON.forget(one.person_id or "" for one in orders)
    queries.OF_PERSON.put(bought)


def open_import(store_id: str, digest: str, name: str, *, afresh: bool = False) -> ImportFacts:
    """How far the import of this file has come; `afresh` starts it over. In a store write.

    `digest` says which content is read in which way, `name` is what people call the file.
    """
    start = {"position": 0, "taken": 0, "refused": 0, "finished_at": None}
    fresh = {"id": new_id("imp"), "name": name[:300], "started_at": clock.now()}
    run, created = ImportRun.objects.get_or_create(
        store_id=store_id, digest=digest, defaults={**fresh, **start}
    )
    if afresh and not created:
        ImportRun.objects.filter(id=run.id).update(**start, started_at=clock.now())
        run.refresh_from_db()
    return ImportFacts(**{name: getattr(run, name) for name in ImportFacts.__struct_fields__})


def take_history(
    store_id: str,
    run: ImportFacts,
    snapshots: Sequence[OrderSnapshot],
    *,
    position: int,
    refused: int,
    finished: bool,
) -> tuple[ImportFacts, int]:
    """Take the next orders of a file, and with them how far that is; in a store write.

    Gives the import as it is then, and how many orders changed. Raises ImportedElsewhere where
    another process takes the same file.
    """
    after = ImportFacts(
        id=run.id,
        position=position,
        taken=run.taken + len(snapshots),
        refused=run.refused + refused,
        finished_at=clock.now() if finished else None,
    )
    moved = ImportRun.objects.filter(id=run.id, position=run.position, finished_at=None).update(
        position=position,
        taken=F("taken") + len(snapshots),
        refused=F("refused") + refused,
        finished_at=after.finished_at,
    )
    if not moved:
        raise ImportedElsewhere("Another import of this file is under way; let it finish.")
    return after, len(take(store_id, snapshots, imported=True))
