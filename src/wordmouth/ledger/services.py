"""Verbs on the ledger: post and mirror, in sets. Nothing is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wordmouth.kit import clock
from wordmouth.kit.ids import new_id
from wordmouth.ledger.errors import NothingToMirror
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.models import Account, Posting

MIRROR = "mirror:"


def post(store_id: str, movements: Sequence[Movement]) -> None:
    """Post all of them. A reference that is there already is an error of the database: whoever
    posts knows what was posted."""
    if not movements:
        return
    names = {(m.source, m.unit) for m in movements} | {(m.destination, m.unit) for m in movements}
    account = _accounts(store_id, names)
    now = clock.now()
    Posting.objects.bulk_create(
        Posting(
            id=new_id("ent"),
            store_id=store_id,
            reference=movement.reference,
            source_id=account[movement.source, movement.unit],
            destination_id=account[movement.destination, movement.unit],
            amount=movement.amount,
            unit=movement.unit,
            at=now,
        )
        for movement in movements
    )


def mirror(store_id: str, references: Sequence[str]) -> None:
    """Undo the postings with these references, each by its mirror image.

    Raises NothingToMirror when one does not exist; undoing twice is refused by the database.
    """
    if not references:
        return
    found = {row.reference: row for row in Posting.objects.filter(reference__in=references)}
    missing = sorted(set(references) - set(found))
    if missing:
        raise NothingToMirror(f"No posting has the reference {missing[0]!r}.")
    now = clock.now()
    Posting.objects.bulk_create(
        Posting(
            id=new_id("ent"),
            store_id=store_id,
            reference=MIRROR + reference,
            source_id=found[reference].destination_id,
            destination_id=found[reference].source_id,
            amount=found[reference].amount,
            unit=found[reference].unit,
            at=now,
            mirrors_id=found[reference].id,
        )
        for reference in references
    )


def _accounts(store_id: str, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    wanted = set(wanted)
    names = {name for name, _ in wanted}
    known = {(row.name, row.unit): row.id for row in Account.objects.filter(name__in=names)}
    opened = [
        Account(id=new_id("acc"), store_id=store_id, name=name, unit=unit, opened_at=clock.now())
        for name, unit in sorted(wanted - set(known))
    ]
    Account.objects.bulk_create(opened)
    return known | {(row.name, row.unit): row.id for row in opened}
