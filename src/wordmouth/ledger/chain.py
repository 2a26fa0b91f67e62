"""The hash chain: what makes a changed, missing, inserted or moved row visible.

Each posting is stamped with HMAC-SHA-256 (RFC 2104, FIPS 180-4) over what it says, its number and
the stamp of the posting before. The key is derived from the installation's secret and is not in
the database: whoever can write to the database alone cannot make a stamp that fits.

What is stamped is written as a JSON array without spaces, in the order given here, times as whole
microseconds since 1970 in UTC; two different rows never give the same text.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from wordmouth.stores.vault import derived_key

if TYPE_CHECKING:
    from wordmouth.ledger.models import Account, Posting

START = "0" * 64
"""What the first posting of a store is chained to."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encode = msgspec.json.Encoder().encode


class Sealed(NamedTuple):
    """What an account says, in the order in which it is stamped."""

    store_id: str
    id: str
    name: str
    unit: str
    opened_at: int


class Link(NamedTuple):
    """What a posting says, in the order in which it is stamped."""

    store_id: str
    seq: int
    id: str
    reference: str
    source_id: str
    source: str
    destination_id: str
    destination: str
    unit: str
    amount: int
    at: int
    mirrors: str | None
    previous: str


class Stamp:
    """Stamps with the installation's key."""

    def __init__(self, key: bytes | None = None) -> None:
        self._start = hmac.new(derived_key("ledger") if key is None else key, digestmod=sha256)

    def posting(self, link: Link) -> str:
        """The hash of a posting: 64 hexadecimal digits."""
        return self._stamp("posting", link)

    def account(self, sealed: Sealed) -> str:
        """The seal of an account."""
        return self._stamp("account", sealed)

    def head(self, store_id: str, seq: int, posted: str) -> str:
        """The seal of a store's head: its newest posting's number and hash."""
        return self._stamp("head", (store_id, seq, posted))

    def _stamp(self, what: str, said: tuple[object, ...]) -> str:
        stamp = self._start.copy()
        stamp.update(_encode((what, *said)))
        return stamp.hexdigest()


def sealed_of(row: Account) -> Sealed:
    """What an account's row says."""
    return Sealed(row.store_id, row.id, row.name, row.unit, microseconds(row.opened_at))


def link_of(row: Posting) -> Link:
    """What a posting's row says, with the names of its accounts."""
    return link_between(row, row.source.name, row.destination.name)


def link_between(row: Posting, source: str, destination: str) -> Link:
    """The same where the names of the accounts are known."""
    return Link(
        store_id=row.store_id,
        seq=row.seq,
        id=row.id,
        reference=row.reference,
        source_id=row.source_id,
        source=source,
        destination_id=row.destination_id,
        destination=destination,
        unit=row.unit,
        amount=row.amount,
        at=microseconds(row.at),
        mirrors=row.mirrors_id,
        previous=row.previous,
    )


def microseconds(at: datetime) -> int:
    """An aware moment as whole microseconds since 1970 in UTC."""
    return (at - EPOCH) // _MICROSECOND
