"""Amounts as PayPal writes them: decimal text with the digits that it takes for the currency.

Source: PayPal's list of currency codes. It takes no decimals for HUF and TWD, which have two by
ISO 4217.
"""

from __future__ import annotations

from wordmouth.integrations.rails import Unpayable
from wordmouth.kit.money import exponent, to_decimal

CURRENCIES = frozenset(
    "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR JPY MXN MYR NOK NZD PHP PLN SEK SGD THB "
    "TWD USD".split()
)
WHOLE = frozenset({"HUF", "JPY", "TWD"})


def text(minor: int, currency: str) -> str:
    """Minor units as PayPal takes them: `12.50`, `1250` in JPY. Raises Unpayable."""
    if currency not in CURRENCIES:
        listed = ", ".join(sorted(CURRENCIES))
        raise Unpayable(f"PayPal does not pay in {currency}; it pays in {listed}.")
    if currency not in WHOLE:
        return str(to_decimal(minor, currency))
    whole, rest = divmod(minor, 10 ** exponent(currency))
    if rest:
        amount = to_decimal(minor, currency)
        raise Unpayable(f"PayPal pays whole {currency} only, not {amount}.")
    return str(whole)
