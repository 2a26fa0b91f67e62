"""One thing that somebody was given or promised, and what it moves in the books."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WALLETS = {"points": "points", "store_credit": "credit", "cash": "cash"}

Key = tuple[Any, ...]
Balances = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Want:
    """Something that is owed now. Credits of a friend are promised to them as a friend, and held
    by them as an advocate. `turn`: the place among what becomes due at the same time."""

    holder: str
    promised_to: str
    party: str
    kind: str
    unit: str
    value: int
    state: str
    expires_days: int | None
    forgiving: bool
    turn: tuple[Any, ...]
    bought_with: str = ""
    code: str = ""
    expires: datetime | None = None


@dataclass
class Given:
    """One thing that somebody was given or promised; `number` counts them as they were made."""

    number: int
    key: Key
    want: Want
    value: int
    state: str = ""
    offset: int = 0
    expired: int = 0
    forgiven: int = 0
    spent: bool = False
    due_at: datetime | None = None
    expires: datetime | None = None
    id: str = ""
    code: str = ""
    told_spent: bool = False
    withdrawn_at: datetime | None = None
    owed: bool = False

    @property
    def lets_go(self) -> bool:
        """Whether it stays what it was though it is owed no more: nothing is owed in its place."""
        return self.want.forgiving and not self.owed

    @property
    def begins_anew(self) -> bool:
        """Whether its time begins when it is owed again."""
        late = self.want.kind in ("gift_card", "custom") and self.want.party == "friend"
        return self.wallet or late

    @property
    def wallet(self) -> bool:
        return self.want.kind in WALLETS

    @property
    def purse(self) -> str:
        return WALLETS.get(self.want.kind, "coupon")

    @property
    def whole(self) -> int:
        return 1 if self.want.unit == "CPN" else self.value

    @property
    def debt(self) -> tuple[str, ...]:
        """The account in which its misuse would stand."""
        against = self.want.kind if self.want.unit == "CPN" else "money"
        return "debt", against, self.want.holder, self.want.unit

    @property
    def has(self) -> tuple[str, ...]:
        return "available", self.purse, self.want.holder, self.want.unit

    @property
    def set_off_whole(self) -> bool:
        return self.offset > 0 and self.offset == self.whole


@dataclass
class Redemption:
    """Something that was bought from a wallet."""

    id: str
    holder: str
    option: dict[str, Any]
    at: datetime
    cancelled: bool = False


@dataclass
class Payout:
    """Cash on its way to somebody: `sent`, then `settled`, or `returned` to their purse."""

    id: str
    holder: str
    amount: int
    state: str = "sent"


def was_over(one: Given) -> bool:
    """Whether the time of a thing was over before it was taken back, and it had paid no debt with
    all that it is worth."""
    if one.state != "withdrawn" or one.wallet or one.due_at is None or one.set_off_whole:
        return False
    return bool(one.expires and one.withdrawn_at and one.expires <= one.withdrawn_at)


def brings(one: Given) -> int:
    """What a credit brings to its purse, apart from what was let go of."""
    if one.state in ("due", "redeemed"):
        return one.value
    return one.value - one.expired if one.state == "expired" else 0


def let_go(one: Given, had: int, brought: int) -> int:
    """What a forgiving programme adds so that a purse does not fall below zero, or not further,
    because this credit brings less than before. What it brings more pays that back first."""
    if not one.want.forgiving:
        return 0
    lost = brought - brings(one)
    if lost < 0:
        return max(one.forgiven + lost, 0)
    return one.forgiven + max(min(lost - had, lost), 0)


def paid_of_debt(one: Given) -> bool:
    """Whether what it paid of a debt stands."""
    if one.offset == 0:
        return False
    if one.state == "withdrawn":
        return one.spent and one.lets_go
    return one.state in ("due", "redeemed", "expired")


def _cost_of(one: Given) -> tuple[str, str]:
    converted = one.want.bought_with == "store_credit" and one.want.unit != "CPN"
    return ("converted" if converted else "expense"), one.want.unit


def add_credit(total: Balances, one: Given) -> None:
    waits = "pending", one.purse, one.want.promised_to, one.want.unit
    promised = one.value if one.state == "pending" else 0
    owed = one.value if one.state in ("due", "redeemed", "expired") else 0
    total[waits] += promised
    total[one.has] += brings(one) + one.forgiven
    total["expired", one.want.unit] += one.expired if one.state == "expired" else 0
    total[_cost_of(one)] -= promised + owed + one.forgiven


def add_thing(total: Balances, one: Given) -> None:
    rest = one.whole - one.offset
    let_go = one.state == "withdrawn" and one.spent and one.lets_go
    if one.state == "withdrawn" and one.spent and not let_go:
        total[one.debt] -= rest
        total["redeemed", one.want.unit] += rest
        return
    stands = one.state in ("pending", "due", "redeemed") or let_go or paid_of_debt(one)
    if not stands:
        return
    total[_cost_of(one)] -= one.whole
    if one.state == "pending":
        total["pending", one.purse, one.want.promised_to, one.want.unit] += one.whole
        return
    total[one.debt] += one.offset
    where: tuple[str, ...] = one.has
    if one.state == "redeemed" or let_go:
        where = "redeemed", one.want.unit
    if one.state == "expired":
        where = "expired", one.want.unit
    total[where] += rest
