"""Credits in a wallet as lots: what is used of it is taken from the oldest. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Lot(NamedTuple):
    """A credit that is neither withdrawn nor over: its reward's id and what it brought."""

    id: str
    amount: int


def remaining(lots: Sequence[Lot], balance: int) -> dict[str, int]:
    """What is left of each lot, given oldest first, when the wallet holds `balance`.

    What the lots brought and the wallet does not hold was used, of the oldest first (first in,
    first out). A balance above their sum is money that came back after its lot was over: it
    belongs to no lot and does not expire.
    """
    used = max(sum(lot.amount for lot in lots) - balance, 0)
    left: dict[str, int] = {}
    for lot in lots:
        taken = min(used, lot.amount)
        used -= taken
        left[lot.id] = lot.amount - taken
    return left
