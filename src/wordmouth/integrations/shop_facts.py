"""Parts of snapshots, out of what platforms write: each says them a little differently, and all
mean the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal

from wordmouth.integrations.errors import BadDelivery
from wordmouth.kit.money import to_minor
from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email
from wordmouth.people.snapshot import CustomerSnapshot

LONGEST_NAME, LONGEST_CODE = 300, 120
"""What is longer is cut."""
MOST = Decimal(10**12)


def codes(told: Iterable[str | None]) -> tuple[str, ...]:
    """The codes that an order used: each once and in capitals, which no platform tells apart."""
    cleaned = ((code or "").strip().upper()[:LONGEST_CODE] for code in told)
    return tuple(dict.fromkeys(code for code in cleaned if code))


def person(
    number: int | None,
    email: str | None,
    first_name: str | None,
    last_name: str | None,
    locale: str | None = None,
) -> CustomerSnapshot:
    """A customer; a guest has no number. An address that is none is left out: the order counts
    all the same."""
    return CustomerSnapshot(
        id=str(number) if number else None,
        email=_usable(email),
        first_name=(first_name or "").strip()[:LONGEST_CODE],
        last_name=(last_name or "").strip()[:LONGEST_CODE],
        locale=(locale or "").strip()[:12],
    )


def _usable(email: str | None) -> str | None:
    address = (email or "").strip()
    try:
        canonical_email(address)
    except BadEmail:
        return None
    return address


def minor(amount: Decimal, currency: str) -> int:
    """An amount in minor units. Raises BadDelivery for one that no shop counts in."""
    if not amount.is_finite() or abs(amount) >= MOST:
        raise BadDelivery([("", f"{amount} is no amount of money")])
    return to_minor(amount, currency)


def moment(text: str, name: str, read: Callable[[str], datetime]) -> datetime:
    """A time as the platform writes it; `name` is its place. Raises BadDelivery."""
    try:
        found = read(text)
    except ValueError as error:
        raise BadDelivery([(name, f"is {text[:40]!r}, which is no time")]) from error
    if not 2000 <= found.year < 2100:
        raise BadDelivery([(name, f"is in the year {found.year}; allowed are 2000 to 2099")])
    return found


def in_utc(text: str) -> datetime:
    """A time in ISO 8601, in UTC where it says nothing else. Raises ValueError."""
    found = datetime.fromisoformat(text)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
