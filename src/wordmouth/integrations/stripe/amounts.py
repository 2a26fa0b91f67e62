"""Amounts as Stripe counts them: whole numbers of its own smallest units.

Source: Stripe's page on currencies. It differs from ISO 4217 where money is counted here: MGA has
no decimals there, ISK has two that must be zero, and the last of three decimals must be zero. On
UGX its pages contradict each other by a factor of a hundred, so nothing is paid in it.
"""

from __future__ import annotations

from wordmouth.integrations.rails import Unpayable
from wordmouth.kit.money import exponent, to_decimal

DIGITS = {"ISK": 2, "MGA": 0}
UNCERTAIN = frozenset({"UGX"})


def units(minor: int, currency: str) -> int:
    """Minor units as Stripe counts them. Raises Unpayable."""
    if currency in UNCERTAIN:
        raise Unpayable(f"Payments in {currency} are not sent by Stripe.")
    ours = exponent(currency)
    amount, rest = minor, 0
    theirs = DIGITS.get(currency, ours)
    if theirs > ours:
        amount = minor * 10 ** (theirs - ours)
    elif theirs < ours:
        amount, rest = divmod(minor, 10 ** (ours - theirs))
    if rest or (theirs == 3 and amount % 10):
        written = to_decimal(minor, currency)
        raise Unpayable(f"Stripe does not pay so small a part of {currency}: {written}.")
    return amount
