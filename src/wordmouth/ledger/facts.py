"""What other rooms are told about the ledger, and what they ask of it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """Something to post: `amount` > 0 of `unit` from `source` to `destination` (account names)."""

    reference: str
    source: str
    destination: str
    amount: int
    unit: str


class EntryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A posting. `seq` is its number in the store, from 1; `mirrors` is the id of the posting that
    it undoes."""

    id: str
    seq: int
    reference: str
    source: str
    destination: str
    amount: int
    unit: str
    at: datetime
    mirrors: str | None


class HeadFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The newest posting of a store: its number (0: there is none yet) and its hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """As it is printed and given back: `SEQ:HASH`."""
        return f"{self.seq}:{self.hash}"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as it must be."""

    where: str
    what: str
