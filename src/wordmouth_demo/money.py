"""Amounts of money in the shop's one currency: integers in minor units (cents)."""

import re

CURRENCY = "EUR"
_AMOUNT = re.compile(r"^(\d{1,7})(?:[.,](\d{1,2}))?$")


def show(minor: int) -> str:
    """Write an amount for a person: 1490 -> "€14.90", -500 -> "−€5.00"."""
    sign = "−" if minor < 0 else ""
    whole, cents = divmod(abs(minor), 100)
    return f"{sign}€{whole:,}.{cents:02d}"


def plain(minor: int) -> str:
    """Write an amount for a form field: 1490 -> "14.90"."""
    whole, cents = divmod(minor, 100)
    return f"{whole}.{cents:02d}"


def parse(text: str) -> int:
    """Read an amount typed by a person ("14.90", "14,9", "14") as minor units.

    Raises ValueError in the person's terms when it is none.
    """
    match = _AMOUNT.match(text.strip().removeprefix("€").strip())
    if not match:
        raise ValueError(f"“{text[:20]}” is not an amount. Write it like 12.50.")
    whole, cents = match.group(1), (match.group(2) or "").ljust(2, "0")
    return int(whole) * 100 + int(cents)


def share(amount: int, percent: int) -> int:
    """Return whole `percent` of an amount, half a cent rounded up."""
    return (amount * percent + 50) // 100
