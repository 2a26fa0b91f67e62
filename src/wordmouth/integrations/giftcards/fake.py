"""An issuer of make-believe gift cards, behind `fulfilment.ports.GiftCardPort`.

It works offline: a card's code is derived from its key, and what became of it stands in a small
SQLite file. Several processes may use the file. `faults` says, call by call, what goes wrong; a
fault after the card was made is the trap that real issuers set.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import GiftCardSpec, GiftCardState, Refused, Unreachable
from wordmouth.kit.ids import derived_code, derived_id
from wordmouth.kit.money import to_decimal
from wordmouth.stores.facts import GIFT_CARDS, ConnectionFacts

LOST_REPLY, DOWN, BUSY, SLOW = "lost_reply", "down", "busy", "slow"
FAULTS = (
    LOST_REPLY,  # made, and then nothing is heard
    DOWN,  # nothing is made
    BUSY,  # nothing is made; come back later
    SLOW,  # ordered, and made only when it is looked at again
)
BUSY_SECONDS = 20.0
_CODES = b"make-believe gift cards"

_TABLE = """CREATE TABLE IF NOT EXISTS cards (
    store TEXT, key TEXT, value INTEGER, currency TEXT, state TEXT, PRIMARY KEY (store, key)
)"""


class FakeCards:
    """The make-believe gift cards of one store."""

    def __init__(self, file: Path, store_id: str) -> None:
        self.faults: deque[str | None] = deque()
        self._file = file
        self._store = store_id

    def find(self, key: str) -> GiftCardState | None:
        """The card of this key; one that was being made is ready by now. Raises Unreachable."""
        fault = self._fault()
        with self._cards() as cards:
            cards.execute(
                "UPDATE cards SET state = 'active' "
                "WHERE store = ? AND key = ? AND state = 'pending'",
                (self._store, key),
            )
            found = self._card(cards, key)
        self._fail_after(fault)
        return found

    def issue(self, spec: GiftCardSpec) -> GiftCardState:
        """Make the card; the same key again gives the one that is there.

        Raises Refused for other terms under this key, Unreachable.
        """
        fault = self._fault()
        with self._cards() as cards:
            cards.execute(
                "INSERT OR IGNORE INTO cards VALUES (?, ?, ?, ?, ?)",
                (
                    self._store,
                    spec.key,
                    spec.value,
                    spec.currency,
                    "pending" if fault == SLOW else "active",
                ),
            )
            terms = cards.execute(
                "SELECT value, currency FROM cards WHERE store = ? AND key = ?",
                (self._store, spec.key),
            ).fetchone()
            found = self._card(cards, spec.key)
        self._fail_after(fault)
        if terms != (spec.value, spec.currency) or found is None:
            there = f"{to_decimal(*terms)} {terms[1]}"
            raise Refused(f"This card is there with {there}.")
        return found

    def cancel(self, key: str) -> GiftCardState | None:
        """Make the card worthless, unless it was used. Raises Unreachable."""
        fault = self._fault()
        with self._cards() as cards:
            cards.execute(
                "UPDATE cards SET state = 'cancelled' "
                "WHERE store = ? AND key = ? AND state <> 'used'",
                (self._store, key),
            )
            found = self._card(cards, key)
        self._fail_after(fault)
        return found

    def use(self, key: str) -> None:
        """Somebody shops with the card."""
        with self._cards() as cards:
            cards.execute(
                "UPDATE cards SET state = 'used' WHERE store = ? AND key = ? AND state = 'active'",
                (self._store, key),
            )

    def worth(self) -> int:
        """What all cards that are not cancelled are worth together, in minor units."""
        with self._cards() as cards:
            (total,) = cards.execute(
                "SELECT coalesce(sum(value), 0) FROM cards "
                "WHERE store = ? AND state <> 'cancelled'",
                (self._store,),
            ).fetchone()
        return int(total)

    @contextmanager
    def _cards(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as cards, cards:
            cards.execute(_TABLE)
            yield cards

    def _card(self, cards: sqlite3.Connection, key: str) -> GiftCardState | None:
        row = cards.execute(
            "SELECT state FROM cards WHERE store = ? AND key = ?", (self._store, key)
        ).fetchone()
        if row is None:
            return None
        name = f"{self._store}\0{key}"
        code = "" if row[0] == "pending" else derived_code("GIFT", name, _CODES)
        return GiftCardState(reference=derived_id("card", name), state=row[0], code=code)

    def _fault(self) -> str | None:
        fault = self.faults.popleft() if self.faults else None
        if fault == DOWN:
            raise Unreachable("The make-believe issuer is down.")
        if fault == BUSY:
            raise Unreachable("The make-believe issuer is busy.", BUSY_SECONDS)
        return fault

    def _fail_after(self, fault: str | None) -> None:
        if fault == LOST_REPLY:
            raise Unreachable("The make-believe issuer did it and did not answer.")


class FakeOptions(msgspec.Struct, frozen=True):
    """It takes none."""


class FakeIssuer:
    """The issuer of make-believe gift cards as a kind of account; its cards stand in `file`."""

    name: ClassVar[str] = "fake-gift-cards"
    title: ClassVar[str] = "Make-believe gift cards"
    serves: ClassVar[str] = GIFT_CARDS
    opened_by: ClassVar[str] = "any word"
    options: ClassVar[type[msgspec.Struct]] = FakeOptions

    def __init__(self, file: Path) -> None:
        self._file = file

    def gift_cards(self, connection: ConnectionFacts) -> FakeCards:
        """The cards of the connection's store."""
        return FakeCards(self._file, connection.store_id)

    def examine(self, connection: ConnectionFacts) -> str:
        """There is nobody to ask."""
        return "The cards are worth nothing."
