"""What postings do to accounts. Pure."""

from __future__ import annotations

from typing import NamedTuple


class Side(NamedTuple):
    """A posting as arithmetic sees it: amount of unit, from source to destination."""

    source: str
    destination: str
    amount: int
    unit: str


def mirrored(side: Side) -> Side:
    """The posting that undoes another: the same amount the other way."""
    return Side(side.destination, side.source, side.amount, side.unit)


def faults(side: Side, units: dict[str, str]) -> list[str]:
    """What is wrong with a posting by itself; `units` are those of the accounts, by id."""
    wrong = []
    if side.amount <= 0:
        wrong.append(f"amount is {side.amount}, not above zero")
    for account in (side.source, side.destination):
        if account not in units:
            wrong.append(f"account {account} does not exist in this store")
        elif units[account] != side.unit:
            wrong.append(f"account {account} holds {units[account]}, the posting moves {side.unit}")
    if side.source == side.destination:
        wrong.append("source and destination are the same account")
    return wrong
