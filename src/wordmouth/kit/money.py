"""Money: integer minor units beside an ISO 4217 currency; never a float."""

from __future__ import annotations

from copy import copy
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies

EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
"""How many decimals a currency has by ISO 4217, where it is not two.

CLDR's digits are those that people like to see (none for RSD), not those that shops count in.
"""


@cache
def currencies() -> frozenset[str]:
    """The codes of all currencies that are legal tender somewhere today."""
    territories = map(str, Locale("en").territories)
    return frozenset(
        code for territory in territories for code in get_territory_currencies(territory)
    )


def is_currency(code: str) -> bool:
    """Whether `code` is the code of a currency in use (ISO 4217, in capitals)."""
    return code in currencies()


def exponent(currency: str) -> int:
    """How many decimals the currency has: EUR 2, JPY 0, KWD 3."""
    return EXPONENTS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """A decimal amount as minor units, half to even where it has more decimals."""
    scaled = amount.scaleb(exponent(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as the decimal amount people write."""
    return Decimal(minor).scaleb(-exponent(currency))


def format_money(minor: int, currency: str, locale: str = "en") -> str:
    """The amount as people of that locale write it, such as `€10.00`."""
    parsed = Locale.parse(locale.replace("-", "_"))
    pattern = copy(parsed.currency_formats["standard"])
    pattern.frac_prec = (exponent(currency), exponent(currency))
    amount = to_decimal(minor, currency)
    return str(pattern.apply(amount, parsed, currency=currency, currency_digits=False))
