"""What a programme must fulfil beyond the shape of its parts.

Pure: a part of the document in, findings out. A finding names a place relative to the part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from wordmouth.kit import money
from wordmouth.programs.document import (
    MONEY_KINDS,
    AdvocateReward,
    Eligibility,
    FriendReward,
    Offer,
    ProgramDocument,
    Reward,
)

Path = tuple[str | int, ...]


class Finding(msgspec.Struct, frozen=True):
    """One broken rule at `path`, counted from the part that was looked at."""

    path: Path
    message: str
    allowed: tuple[str, ...] = ()


def check_reward(reward: Reward) -> Iterator[Finding]:
    """The value fits the kind."""
    kind, value = reward.kind, reward.value
    if kind == "percent_off" and not 1 <= value <= 100:
        message = f"percent_off takes a whole number from 1 to 100, {_not(value)}"
        yield Finding(("value",), message)
    elif kind == "amount_off" and value < 1:
        message = f"amount_off takes an amount in minor units greater than 0, {_not(value)}"
        yield Finding(("value",), message)
    elif kind == "free_shipping" and value != 0:
        yield Finding(("value",), f"free_shipping takes no value, not {value}; leave it out")


def _not(value: int) -> str:
    """A value left out is read as 0: say so instead of quoting what nobody wrote."""
    return f"not {value}" if value else "and has none or 0"


def check_advocate_reward(reward: AdvocateReward) -> Iterator[Finding]:
    """`n` comes with every_nth and milestone alone."""
    yield from check_reward(reward)
    if reward.n is not None and reward.schedule not in ("every_nth", "milestone"):
        message = f"n belongs to every_nth and milestone; with {reward.schedule}, leave it out"
        yield Finding(("n",), message)


def check_offer(offer: Offer) -> Iterator[Finding]:
    """At least one side gets something, and no side the same thing twice."""
    if offer.friend is None and not offer.advocate:
        yield Finding((), f"offer {offer.key} gives nothing: add friend, advocate or both")
    seen: set[tuple[str | int | None, ...]] = set()
    for index, reward in enumerate(offer.advocate):
        what = (reward.schedule, reward.kind, reward.n, reward.from_, reward.to)
        if what in seen:
            message = f"a second reward {reward.kind} with schedule {reward.schedule}"
            yield Finding(("advocate", index), f"{message}; join the two into one")
        seen.add(what)


def check_eligibility(eligibility: Eligibility) -> Iterator[Finding]:
    """The currency exists."""
    currency = eligibility.currency
    if currency is not None and not money.is_currency(currency):
        message = f"{shown(currency)} is not a currency of ISO 4217, such as EUR, USD or JPY"
        yield Finding(("currency",), message)


def check_document(document: ProgramDocument) -> Iterator[Finding]:
    """Offers can be told apart and shown, and amounts have a currency."""
    counts: Counter[str] = Counter()
    for index, offer in enumerate(document.offers):
        counts[offer.key] += 1
        if counts[offer.key] > 1:
            message = f"the key {offer.key} is taken by an offer above; every offer has its own"
            yield Finding(("offers", index, "key"), message)
    if all(offer.weight == 0 for offer in document.offers):
        yield Finding(("offers",), "every weight is 0: at least one offer needs a weight above 0")
    needs = _needs_currency(document)
    if document.currency is None and needs is not None:
        message = f'currency is missing: {needs} is an amount; add for instance currency = "EUR"'
        yield Finding(("eligibility",), message)


def _needs_currency(document: ProgramDocument) -> str | None:
    """The first place that holds an amount of money."""
    if document.eligibility.min_order:
        return "eligibility.min_order"
    for index, offer in enumerate(document.offers):
        if offer.friend is not None and offer.friend.kind in MONEY_KINDS:
            return f"offers[{index}].friend.value"
        for number, reward in enumerate(offer.advocate):
            if reward.kind in MONEY_KINDS:
                return f"offers[{index}].advocate[{number}].value"
    return None if document.limits.budget is None else "limits.budget.amount"


RULES: Mapping[type, Callable[[Any], Iterator[Finding]]] = {
    FriendReward: check_reward,
    AdvocateReward: check_advocate_reward,
    Offer: check_offer,
    Eligibility: check_eligibility,
    ProgramDocument: check_document,
}
"""Which rules a part must fulfil, by its type."""


def shown(value: object) -> str:
    """A value as it is quoted in a message: short and on one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
