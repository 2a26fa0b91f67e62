"""The ledger's rows just as the database has them, for the proof.

Somebody may have written anything into them, so nothing here trusts a type: what is no moment, no
number or no text becomes a value that no hash fits, instead of an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast

from wordmouth.ledger import chain
from wordmouth.ledger.chain import Link, Sealed
from wordmouth.ledger.models import Account, Head, Posting

NO_MOMENT = -(1 << 63)
"""What stands for a moment that cannot be read."""

_AT_ONCE = 2000
_TYPES = (str, int, str, str, str, str, str, str, str, int, int, str, str)


class Sides(NamedTuple):
    """What a posting does, wherever it stands."""

    id: Any
    seq: Any
    reference: Any
    source_id: Any
    destination_id: Any
    amount: Any
    unit: Any


class Row(NamedTuple):
    """A posting's row; `original` is that of the posting which it undoes, as far as there is."""

    store_id: Any
    sides: Sides
    at: int
    mirrors: Any
    previous: Any
    hash: Any
    original: Sides

    def link(self, names: tuple[Any, Any]) -> Link | None:
        """What the row says, with the names of its accounts; None where it has the wrong types."""
        sides = self.sides
        link = Link(
            store_id=self.store_id,
            seq=sides.seq,
            id=sides.id,
            reference=sides.reference,
            source_id=sides.source_id,
            source=names[0],
            destination_id=sides.destination_id,
            destination=names[1],
            unit=sides.unit,
            amount=sides.amount,
            at=self.at,
            mirrors=self.mirrors,
            previous=self.previous,
        )
        typed = zip(link._replace(mirrors=link.mirrors or ""), _TYPES, strict=True)
        return link if all(type(value) is kind for value, kind in typed) else None


class SealedRow(NamedTuple):
    """An account's row."""

    said: Sealed
    seal: Any


class HeadRow(NamedTuple):
    """A head's row."""

    store_id: Any
    seq: Any
    hash: Any
    seal: Any


def postings(after: int | None) -> Iterator[Row]:
    """The store's postings by their numbers; `after`: only those with a greater number."""
    rows = Posting.objects.order_by("seq", "id")
    if after is not None:
        rows = rows.filter(seq__gt=after)
    found = rows.annotate(moment=_moment("at")).values_list(*_COLUMNS)
    return map(_row, found.iterator(_AT_ONCE))


_SIDES = len(Sides._fields)
_COLUMNS = (
    *Sides._fields,
    *(f"mirrors__{name}" for name in Sides._fields),
    "store_id",
    "moment",
    "mirrors_id",
    "previous",
    "hash",
)


def _row(found: tuple[Any, ...]) -> Row:
    store_id, moment, mirrors, previous, posted = found[2 * _SIDES :]
    return Row(
        store_id=store_id,
        sides=Sides(*found[:_SIDES]),
        at=_read(moment),
        mirrors=mirrors,
        previous=previous,
        hash=posted,
        original=Sides(*found[_SIDES : 2 * _SIDES]),
    )


def accounts(ids: Iterable[Any] | None = None) -> Iterator[SealedRow]:
    """The store's accounts, or those of these ids."""
    rows = Account.objects.order_by("id")
    if ids is not None:
        rows = rows.filter(id__in=[str(id) for id in ids])
    found = rows.annotate(moment=_moment("opened_at")).values_list(
        "store_id", "id", "name", "unit", "moment", "seal"
    )
    for store_id, id, name, unit, moment, seal in found.iterator(_AT_ONCE):
        yield SealedRow(Sealed(store_id, id, name, unit, _read(moment)), seal)


def head() -> HeadRow | None:
    """The store's head; None where nothing says which posting is the newest."""
    found = Head.objects.values_list("store_id", "seq", "hash", "seal").first()
    return HeadRow(*found) if found else None


def hash_of(seq: int) -> Any:
    """The hash of the posting with this number; None where there is none."""
    return Posting.objects.filter(seq=seq).values_list("hash", flat=True).first()


def previous_of(seq: int) -> Any:
    """The hash to which the posting with this number is chained; None where there is none."""
    return Posting.objects.filter(seq=seq).values_list("previous", flat=True).first()


def number_of(posted: str) -> Any:
    """The number of the posting with this hash; None where there is none."""
    if posted == chain.START:
        return 0
    return Posting.objects.filter(hash=posted).values_list("seq", flat=True).first()


def _moment(column: str) -> Any:
    """On SQLite a moment is text, and reading text that is none would fail."""
    return Cast(column, TextField()) if connection.vendor == "sqlite" else F(column)


def _read(value: Any) -> int:
    """The moment in microseconds. Text must be written just as Django writes it: SQLite compares
    moments as text, so that another spelling would move it in the order of time."""
    if isinstance(value, datetime):
        return chain.microseconds(value)
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return NO_MOMENT
    if at.tzinfo is not None or str(at) != value:
        return NO_MOMENT
    return chain.microseconds(at.replace(tzinfo=chain.EPOCH.tzinfo))
