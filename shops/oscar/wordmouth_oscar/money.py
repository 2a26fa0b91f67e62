"""Money between oscar's decimals and the engine's integer minor units."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: how many digits the minor unit of a currency has, where that is not two. A locale
# library answers how many digits are usually shown, which is another question.
_DIGITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def minor_digits(currency: str) -> int:
    """Return the number of decimal digits of the currency's minor unit: EUR 2, JPY 0, KWD 3."""
    return _DIGITS.get(currency.upper(), 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units (EUR 12.30 -> 1230), rounded half up."""
    scaled = amount.scaleb(minor_digits(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal amount (EUR 1230 -> 12.30)."""
    return Decimal(minor).scaleb(-minor_digits(currency))
