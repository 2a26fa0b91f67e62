"""Money: integer minor units beside an ISO 4217 currency; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import format_currency, get_currency_precision, list_currencies

_CURRENCIES = frozenset(list_currencies("en"))


def is_currency(code: str) -> bool:
    """Whether `code` is a currency code of ISO 4217, in capitals."""
    return code in _CURRENCIES


def exponent(currency: str) -> int:
    """How many decimals the currency has: EUR 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """A decimal amount as minor units, half to even where it has more decimals."""
    scaled = amount.scaleb(exponent(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as the decimal amount people write."""
    return Decimal(minor).scaleb(-exponent(currency))


def format_money(minor: int, currency: str, locale: str = "en") -> str:
    """The amount as people of that locale write it, such as `€10.00`."""
    return format_currency(to_decimal(minor, currency), currency, locale=locale.replace("-", "_"))
