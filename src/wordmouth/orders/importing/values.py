"""Reading single cells: amounts, moments, what a status means. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from wordmouth.kit.money import exponent, is_currency

YEARS = range(1970, 2100)
LARGEST = 10**15


class BadValue(ValueError):
    """A cell cannot be read; the text says why and what is allowed."""


class Standing(NamedTuple):
    """What a status says of an order."""

    paid: bool
    cancelled: bool = False
    refunded: bool = False
    charged_back: bool = False


_STANDINGS = {
    Standing(paid=True): "paid|complete|completed|processing|fulfilled|shipped|delivered|closed|"
    "partially refunded|partially paid|done|invoiced|in transit",
    Standing(paid=True, refunded=True): "refunded",
    Standing(paid=True, charged_back=True): "charged back|chargeback|charge back|disputed",
    Standing(paid=False, cancelled=True): "cancelled|canceled|voided|failed|declined",
    Standing(paid=False): "pending|unpaid|on hold|authorized|awaiting payment|pending payment|"
    "expired|draft|checkout draft|new|open",
}
_STATUSES = {word: standing for standing, words in _STANDINGS.items() for word in words.split("|")}

_PLAIN_AMOUNT = re.compile(r"\d{1,12}(?:\.(\d+))?")
_AROUND_AMOUNT = re.compile(r"^[^\d.,()+-]*([(+-]?)[^\d.,]*([\d.,'\s\u00a0\u202f]+?)\)?[^\d]*$")
_ZONE_APART = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z|UTC)$)")


def standing(text: str) -> Standing:
    """What a status means. Raises BadValue for a word that is not known."""
    word = re.sub(r"[^a-z]+", " ", text.lower()).strip().removeprefix("wc ")
    found = _STATUSES.get(word)
    if found is None:
        raise BadValue(
            f"the status {text!r} is not known; known are {', '.join(sorted(_STATUSES))} "
            "(--map COLUMN= leaves the column out)"
        )
    return found


def amount(text: str, currency: str, *, minor: bool) -> int:
    """Minor units of an amount such as `12.50`, `1,234.56` or `€ 1.234,56`; not negative.

    Raises BadValue, also for more decimals than the currency has.
    """
    if minor:
        if not text.isascii() or not text.isdigit():
            raise BadValue(f"{text!r} is no whole number of minor units that is not negative")
        return _bearable(int(text), text)
    decimals = exponent_of(currency)
    simple = _PLAIN_AMOUNT.fullmatch(text)
    number = text if simple else _number(text)
    whole, _, part = number.partition(".")
    if len(part) > decimals:
        # Three decimals may as well be thousands: 1.230 is 1230 to a German and 1.23 to others.
        if part[decimals:].strip("0") or len(part) == 3:
            raise BadValue(f"{text!r} has more decimals than {currency} has, which are {decimals}")
        part = part[:decimals]
    return _bearable(int(whole or "0") * 10**decimals + int(part.ljust(decimals, "0") or 0), text)


def _bearable(value: int, text: str) -> int:
    if value > LARGEST:
        raise BadValue(f"{text!r} is too large an amount")
    return value


def _number(text: str) -> str:
    """An amount as people write it, in digits with a decimal point."""
    found = _AROUND_AMOUNT.match(text.strip())
    if not found:
        raise BadValue(f"{text!r} is no amount; one is written 12.50")
    if found[1] in ("-", "("):
        raise BadValue(f"{text!r} is negative; an amount is not")
    digits = re.sub(r"['\s\u00a0\u202f]", "", found[2])
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    mark, other = digits[last], "," if digits[last] == "." else "."
    groups = digits.split(mark)
    if other not in digits and (len(groups) > 2 or (mark == "," and len(groups[-1]) == 3)):
        if not all(len(group) == 3 for group in groups[1:]):
            raise BadValue(f"{text!r} is no amount; one is written 12.50")
        return "".join(groups)
    if len(groups) > 2:
        raise BadValue(f"{text!r} is no amount; one is written 12.50")
    return f"{groups[0].replace(other, '') or '0'}.{groups[1]}"


def unsigned(text: str, currency: str, *, minor: bool) -> int:
    """An amount that some shops write with a minus sign, such as a discount."""
    return amount(text.strip().lstrip("-"), currency, minor=minor)


@lru_cache(maxsize=256)
def exponent_of(currency: str) -> int:
    """How many decimals a currency has."""
    return exponent(currency)


@lru_cache(maxsize=256)
def currency_code(text: str) -> str:
    """A currency code in capitals. Raises BadValue."""
    code = text.strip().upper()
    if not is_currency(code):
        raise BadValue(f"{text!r} is not a currency code of ISO 4217, such as EUR")
    return code


@lru_cache(maxsize=4096)
def moment(text: str, form: str | None) -> datetime:
    """A moment in UTC; without a zone in the text it is taken as UTC. Raises BadValue.

    `form` is a format of `datetime.strptime`; None takes ISO 8601 and `20261121`.
    """
    try:
        if form:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set below
        else:
            found = datetime.fromisoformat(_ZONE_APART.sub("", text).replace("UTC", "Z"))
    except ValueError as error:
        hint = f"expected is {form}" if form else "say how it is written with --date-format"
        raise BadValue(f"{text!r} is no date; {hint}") from error
    if found.year not in YEARS:
        raise BadValue(f"{text!r} is in the year {found.year}; allowed are 1970 to 2099")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
