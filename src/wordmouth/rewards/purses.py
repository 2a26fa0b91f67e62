"""What holders have and owe while a batch of rewards is moved: the ledger's balances, and what the
batch has changed of them so far."""

from __future__ import annotations

from collections import defaultdict

from wordmouth.ledger import queries as ledger
from wordmouth.rewards import accounts
from wordmouth.rewards.lots import Lot, remaining
from wordmouth.rewards.models import Reward
from wordmouth.rewards.posting import moved_by
from wordmouth.stores.rows import read_records

_AVAILABLE = {"release": 1, "forgive": 1, "set_off": -1, "redeem": -1, "expire": -1}
_DEBT = {"set_off": 1, "debt": -1}
"""What each step does to what the holder has, and to the account of what they owe."""


class Purses:
    """Balances that a batch asks about. Every reward that the batch writes is taken out with
    `lift` before it changes and put back with `lay` after it."""

    def __init__(self) -> None:
        self._expected: set[str] = set()
        self._read: set[str] = set()
        self._known: dict[tuple[str, str], int] = {}
        self._moved: dict[tuple[str, str], int] = defaultdict(int)
        self._rows: dict[str, Reward] = {}
        self._lots: dict[tuple[str, str], list[Reward]] = {}

    def expect(self, holder: str, kind: str, unit: str) -> None:
        """Read the balance that such a reward asks for together with the next one that is asked
        for: of a credit what the holder has, of a thing what they owe. What somebody has of things
        is the sum of all that they ever got, and nobody asks for it."""
        if kind in accounts.PURSES:
            self._expected.add(accounts.available(accounts.purse_of(kind), holder))
        else:
            self._expected.add(accounts.debt(holder, kind, unit))

    def lift(self, row: Reward) -> None:
        """The reward is about to change."""
        self._shift(row, -1)

    def lay(self, row: Reward) -> None:
        """The reward has changed."""
        self._shift(row, 1)
        self._rows[row.id] = row

    def available(self, row: Reward) -> int:
        """What the holder of a credit has in its purse."""
        return self._balance(accounts.available(accounts.purse_of(row.kind), row.holder), row.unit)

    def owed_by_holder(self, row: Reward) -> int:
        """What the holder owes that a thing of this worth can pay; below 0: too much was paid."""
        return -self._balance(accounts.debt(row.holder, row.kind, row.unit), row.unit)

    def left_of(self, row: Reward) -> int:
        """What is left of a credit that is lifted out no more: what was used of its purse was
        taken from the oldest first."""
        place = row.holder, row.kind
        if place not in self._lots:
            stored = read_records(Reward, state="due", kind=row.kind, holder=row.holder)
            self._lots[place] = stored
        rows = {one.id: one for one in self._lots[place]} | {
            key: one
            for key, one in self._rows.items()
            if (one.holder, one.kind) == (row.holder, row.kind)
        }
        rows[row.id] = row
        alive = [one for one in rows.values() if one.state == "due" and one.unit == row.unit]
        alive.sort(key=lambda one: (one.due_at, one.id))
        lots = [Lot(one.id, one.value) for one in alive]
        return remaining(lots, self.available(row))[row.id]

    def _shift(self, row: Reward, sign: int) -> None:
        has = accounts.available(accounts.purse_of(row.kind), row.holder), row.unit
        owes = accounts.debt(row.holder, row.kind, row.unit), row.unit
        for step in row.posted:
            amount = sign * moved_by(step, row)
            self._moved[has] += amount * _AVAILABLE.get(step, 0)
            self._moved[owes] += amount * _DEBT.get(step, 0)

    def _balance(self, name: str, unit: str) -> int:
        if name not in self._read:
            unread = (self._expected | {name}) - self._read
            self._known |= ledger.balances(unread)
            self._read |= unread
        return self._known.get((name, unit), 0) + self._moved[name, unit]
