"""Verbs on orders: take what shops tell, in sets."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from wordmouth.kit import clock, events
from wordmouth.kit.ids import new_id
from wordmouth.orders.errors import ImportedElsewhere
from wordmouth.orders.events import OrderChanged
from wordmouth.orders.facts import ImportFacts, OrderFacts
from wordmouth.orders.merge import merge, pack, told_by, unpack
from wordmouth.orders.models import ImportRun, Order, OrderCode
from wordmouth.orders.queries import facts_of
from wordmouth.orders.reading import columns
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.people import services as people

WRITTEN = [
    field.attname
    for field in Order._meta.concrete_fields
    if field.attname not in ("id", "store_id", "external_id", "first_seen_at")
]


def take(
    store_id: str, snapshots: Sequence[OrderSnapshot], *, imported: bool = False
) -> list[OrderFacts]:
    """Merge snapshots into what is known and tell what changed.

    Several snapshots of one order in one call are fine. The answer holds the changed orders.
    """
    if not snapshots:
        return []
    wanted = {snapshot.id for snapshot in snapshots}
    rows = {row.external_id: row for row in Order.objects.filter(external_id__in=wanted)}
    buyers = _buyers(store_id, snapshots, rows)
    before = {external_id: facts_of(row) for external_id, row in rows.items()}
    texts = {external_id: row.facts for external_id, row in rows.items()}
    for snapshot in snapshots:
        _merge_one(store_id, snapshot, rows)
    changed = [
        row
        for external_id, row in rows.items()
        if _read(row, buyers.get(external_id)) or texts.get(external_id) != row.facts
    ]
    _write(store_id, changed, before)
    answer = [facts_of(row) for row in changed]
    for facts in answer:
        known = before.get(facts.external_id)
        if facts != known:
            events.emit(
                OrderChanged(store_id=store_id, order=facts, before=known, imported=imported)
            )
    return answer


def _buyers(
    store_id: str, snapshots: Sequence[OrderSnapshot], rows: dict[str, Order]
) -> dict[str, str | None]:
    """The buyer of each order. All keys an order ever told name one human."""
    buyers: dict[str, str | None] = {key: row.person_id for key, row in rows.items()}
    rounds: list[list[OrderSnapshot]] = []
    seen: dict[str, int] = {}
    for snapshot in snapshots:
        turn = seen[snapshot.id] = seen.get(snapshot.id, -1) + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(snapshot)
    for part in rounds:
        known = [buyers.get(snapshot.id) for snapshot in part]
        found = people.resolve(store_id, [snapshot.customer for snapshot in part], known)
        buyers.update(zip((snapshot.id for snapshot in part), found, strict=True))
    return buyers


def _merge_one(store_id: str, snapshot: OrderSnapshot, rows: dict[str, Order]) -> None:
    row = rows.get(snapshot.id)
    if row is None:
        row = rows[snapshot.id] = Order(
            id=new_id("ord"),
            store_id=store_id,
            external_id=snapshot.id,
            first_seen_at=clock.now(),
            facts="",
        )
    known = unpack(row.facts) if row.facts else None
    row.facts = pack(merge(known, told_by(snapshot)))


def _read(row: Order, person_id: str | None) -> bool:
    """Set the columns from the merged state; whether the buyer became another."""
    for name, value in columns(unpack(row.facts)).items():
        setattr(row, name, value)
    moved = row.person_id != person_id
    row.person_id = person_id
    return moved


def _write(store_id: str, changed: Sequence[Order], before: dict[str, OrderFacts]) -> None:
    Order.objects.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["store", "external_id"],
        update_fields=WRITTEN,
    )
    recoded = [
        row
        for row in changed
        if tuple(row.codes) != (before[row.external_id].codes if row.external_id in before else ())
    ]
    if recoded:
        OrderCode.objects.filter(order_id__in=[row.id for row in recoded]).delete()
        OrderCode.objects.bulk_create(
            OrderCode(store_id=store_id, code=code, order_id=row.id)
            for row in recoded
            for code in row.codes
        )


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
