"""The chart of accounts: what an accountant calls the accounts in which rewards stand. Pure.

The names are those of beancount: parts that begin with a capital or a digit, under Assets,
Liabilities, Equity, Income and Expenses. See docs/ledger.md, which explains each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wordmouth.kit import money
from wordmouth.rewards import accounts
from wordmouth.rewards.rules import COUPONS, POINTS

PURSES = {
    "points": "Points",
    "credit": "StoreCredit",
    "cash": "Cash",
    accounts.COUPON: "Coupons",
}
"""What each purse is called there."""

_UNITS = {POINTS: "Points", COUPONS: "Coupons and things whose worth is not known"}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]")


class Chart:
    """The chart of one store: `programs` are the slugs of its programmes by their ids.

    With `by_holder` each advocate and friend has an account of their own, under their id, where
    otherwise one account holds what all of them have.
    """

    def __init__(self, programs: Mapping[str, str], *, by_holder: bool = False) -> None:
        self._programs = programs
        self._by_holder = by_holder

    def account(self, name: str) -> str:
        """The accountant's account of a ledger's account. Raises LookupError: it is none of ours.

        Several accounts of the ledger may be one of the accountant's.
        """
        kind, *rest = name.split(":")
        if kind == accounts.BANK:
            return "Assets:Bank"
        if kind == "transit":
            return "Liabilities:Referral:PayoutsUnderWay"
        if kind in _OF_HOLDERS and rest:
            purse, holder = rest if len(rest) > 1 else (accounts.COUPON, *rest)
            return self._held(f"{_OF_HOLDERS[kind]}:{PURSES[purse]}", holder)
        if kind == "debt" and rest:
            return self._held("Assets:Referral:OwedByAdvocates", rest[0])
        if kind in _OF_PROGRAMS and rest:
            return f"{_OF_PROGRAMS[kind]}:{_part(self._programs.get(rest[-1], rest[-1]))}"
        raise LookupError(f"the chart of accounts has no place for {name!r}")

    def _held(self, account: str, holder: str) -> str:
        return f"{account}:{_part(holder)}" if self._by_holder else account

    def decimals(self, unit: str) -> int:
        """How many decimals an amount of this unit is written with."""
        return 0 if unit in _UNITS else money.exponent(unit)

    def unit(self, unit: str) -> str:
        """What a unit is called in words; nothing for a currency, which everybody knows."""
        return _UNITS.get(unit, "")


_OF_HOLDERS = {
    "pending": "Liabilities:Referral:Promised",
    "available": "Liabilities:Referral:Earned",
}
"""Accounts that each advocate and friend has, one for each purse."""

_OF_PROGRAMS = {
    "expense": "Expenses:Referral",
    "redeemed": "Income:Referral:CouponsRedeemed",
    "expired": "Income:Referral:Expired",
    "spent": "Income:Referral:PointsSpent",
    "converted": "Income:Referral:CreditSpent",
}
"""Accounts that each programme has of its own."""


def _part(text: str) -> str:
    """Text as one part of an account's name; different slugs and ids stay different."""
    clean = _NOT_IN_NAMES.sub("-", text)
    return clean[:1].upper() + clean[1:]
