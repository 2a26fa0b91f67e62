"""What a programme must fulfil beyond the shape of its parts.

Pure: a part of the document in, findings out. A finding names a place relative to the part.
Rewards have their own rules in `reward_rules`, offers in `tier_rules`, limits in `limit_rules`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wordmouth.kit import money
from wordmouth.programs.document import (
    MONEY_KINDS,
    Access,
    AdvocateLimit,
    AdvocateReward,
    Eligibility,
    FriendReward,
    Goods,
    Offer,
    ProgramDocument,
    RedemptionOption,
    Reward,
    TotalLimit,
    Wallet,
)
from wordmouth.programs.finding import Finding, Path, repeated, shown
from wordmouth.programs.limit_rules import check_limit, check_limits
from wordmouth.programs.reward_rules import (
    check_access,
    check_advocate_reward,
    check_friend_reward,
    check_redemption,
)
from wordmouth.programs.tier_rules import check_offer


def check_goods(goods: Goods) -> Iterator[Finding]:
    """Something is named, and nothing twice."""
    if not goods.products and not goods.categories:
        yield Finding((), "names no goods: add products, categories or both, or leave it out")
    yield from repeated(("products",), goods.products)
    yield from repeated(("categories",), goods.categories)


def check_eligibility(eligibility: Eligibility) -> Iterator[Finding]:
    """The currency exists, and nothing is included and excluded at once."""
    currency = eligibility.currency
    if currency is not None and not money.is_currency(currency):
        message = f"{shown(currency)} is not a currency of ISO 4217, such as EUR, USD or JPY"
        yield Finding(("currency",), message)
    include, exclude = eligibility.include, eligibility.exclude
    if include is None or exclude is None:
        return
    for key in ("products", "categories"):
        for index, value in enumerate(getattr(exclude, key)):
            if value in getattr(include, key):
                message = f"{shown(value)} is included as well; leave it out in one of the two"
                yield Finding(("exclude", key, index), message)


def check_wallet(wallet: Wallet) -> Iterator[Finding]:
    """The things that a wallet buys can be told apart."""
    yield from _check_keys(("redemptions",), [option.key for option in wallet.redemptions])


def check_document(document: ProgramDocument) -> Iterator[Finding]:
    """Offers can be told apart and shown, amounts have a currency, and limits leave room."""
    yield from _check_keys(("offers",), [offer.key for offer in document.offers])
    if all(offer.weight == 0 for offer in document.offers):
        yield Finding(("offers",), "every weight is 0: at least one offer needs a weight above 0")
    needs = next(_amounts(document), None)
    if document.currency is None and needs is not None:
        message = f'currency is missing: {needs} is an amount; add for instance currency = "EUR"'
        yield Finding(("eligibility",), message)
    yield from check_limits(document)


def _check_keys(path: Path, keys: list[str]) -> Iterator[Finding]:
    what = "offer" if path == ("offers",) else "option"
    counts: Counter[str] = Counter()
    for index, key in enumerate(keys):
        counts[key] += 1
        if counts[key] > 1:
            message = f"the key {key} is taken by an {what} above; every {what} has its own"
            yield Finding((*path, index, "key"), message)


def _amounts(document: ProgramDocument) -> Iterator[str]:
    """The places that hold an amount of money."""
    if document.eligibility.min_order:
        yield "eligibility.min_order"
    for index, offer in enumerate(document.offers):
        if offer.friend is not None:
            yield from _amounts_of(offer.friend, f"offers[{index}].friend")
        for number, reward in enumerate(offer.advocate):
            yield from _amounts_of(reward, f"offers[{index}].advocate[{number}]")
    for name in ("per_advocate", "per_advocate_total"):
        limit = getattr(document.limits, name)
        if limit is not None and limit.value is not None:
            yield f"limits.{name}.value"
    if document.limits.budget is not None:
        yield "limits.budget.amount"
    for index, option in enumerate(document.wallet.redemptions):
        if option.pay_with == "store_credit":
            yield f"wallet.redemptions[{index}].price"
        if option.kind in MONEY_KINDS:
            yield f"wallet.redemptions[{index}].value"
    for name in ("threshold", "second_person_from", "tax_hold"):
        if getattr(document.payouts, name):
            yield f"payouts.{name}"


def _amounts_of(reward: Reward, place: str) -> Iterator[str]:
    if reward.kind in MONEY_KINDS:
        yield f"{place}.{'value' if reward.percent is None else 'percent'}"
    if reward.cost is not None:
        yield f"{place}.cost"


RULES: Mapping[type, Callable[[Any], Iterator[Finding]]] = {
    Access: check_access,
    FriendReward: check_friend_reward,
    AdvocateReward: check_advocate_reward,
    Offer: check_offer,
    Goods: check_goods,
    Eligibility: check_eligibility,
    AdvocateLimit: check_limit,
    TotalLimit: check_limit,
    RedemptionOption: check_redemption,
    Wallet: check_wallet,
    ProgramDocument: check_document,
}
"""Which rules a part must fulfil, by its type."""
