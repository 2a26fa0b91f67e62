"""Verbs on the ledger: post and mirror, in sets. Nothing is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from wordmouth.kit import clock
from wordmouth.kit.ids import new_id
from wordmouth.ledger import chain
from wordmouth.ledger.errors import NothingToMirror
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.models import Account, Head, Posting
from wordmouth.stores import rows, tables
from wordmouth.stores.records import new_record

MIRROR = "mirror:"


def post(store_id: str, movements: Sequence[Movement]) -> None:
    """Post all of them, in this order, as of now; within the store's `store_write`.

    A reference that is there already is an error of the database: whoever posts knows what was
    posted.
    """
    if not movements:
        return
    now = clock.now()
    names = {(m.source, m.unit) for m in movements} | {(m.destination, m.unit) for m in movements}
    account = _accounts(store_id, names, now)
    postings = [
        new_record(
            Posting,
            id=new_id("ent"),
            store_id=store_id,
            reference=movement.reference,
            source_id=account[movement.source, movement.unit].id,
            destination_id=account[movement.destination, movement.unit].id,
            amount=movement.amount,
            unit=movement.unit,
            at=now,
        )
        for movement in movements
    ]
    _append(store_id, postings, account.values())


def mirror(store_id: str, references: Sequence[str]) -> None:
    """Undo the postings with these references, each by its mirror image, as of now.

    Raises NothingToMirror when one does not exist; undoing twice is refused by the database.
    """
    if not references:
        return
    undone = rows.read_records(Posting, reference__in=references)
    found = {row.reference: row for row in undone}
    touched = {key for row in undone for key in (row.source_id, row.destination_id)}
    accounts = rows.read_records(Account, id__in=touched)
    missing = sorted(set(references) - set(found))
    if missing:
        raise NothingToMirror(f"No posting has the reference {missing[0]!r}.")
    now = clock.now()
    postings = [
        new_record(
            Posting,
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
    ]
    _append(store_id, postings, accounts)


def _append(store_id: str, postings: Sequence[Posting], accounts: Iterable[Account]) -> None:
    """Chain new postings to the newest one, and store them. Whoever writes in a store is alone in
    it, so nobody else chains to the same posting; if anybody did, the database would refuse a
    number that is taken."""
    stamp, name = chain.Stamp(), {row.id: row.name for row in accounts}
    seq, posted = _head(store_id)
    for row in postings:
        seq += 1
        row.seq, row.previous = seq, posted
        posted = row.hash = stamp.posting(
            chain.link_between(row, name[row.source_id], name[row.destination_id])
        )
    tables.insert_rows(postings)
    head = Head(store_id=store_id, seq=seq, hash=posted, seal=stamp.head(store_id, seq, posted))
    tables.insert_rows([head], unique=("store",), update=("seq", "hash", "seal"))


def _head(store_id: str) -> tuple[int, str]:
    found = rows.read(Head, ("seq", "hash"))
    return found[0] if found else (0, chain.START)


def _accounts(
    store_id: str, wanted: Iterable[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], Account]:
    """The accounts of these names and units; those that are missing are opened."""
    wanted = set(wanted)
    names = {name for name, _ in wanted}
    known = {(row.name, row.unit): row for row in rows.read_records(Account, name__in=names)}
    stamp = chain.Stamp()
    opened = [
        new_record(
            Account, id=new_id("acc"), store_id=store_id, name=name, unit=unit, opened_at=now
        )
        for name, unit in sorted(wanted - set(known))
    ]
    for row in opened:
        row.seal = stamp.account(chain.sealed_of(row))
    tables.insert_rows(opened)
    return known | {(row.name, row.unit): row for row in opened}
