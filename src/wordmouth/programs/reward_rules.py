"""What a reward must fulfil by its kind, and by its schedule.

Pure: a reward in, findings out, each at a place relative to the reward.
"""

from __future__ import annotations

from collections.abc import Iterator

from wordmouth.programs.document import (
    MONEY_KINDS,
    PERCENT_KINDS,
    Access,
    AdvocateReward,
    FriendReward,
    RedemptionOption,
    Reward,
)
from wordmouth.programs.finding import Finding, repeated

_AMOUNT = "an amount in minor units greater than 0"
_TAKES = {
    "amount_off": _AMOUNT,
    "gift_card": _AMOUNT,
    "points": "a number of points greater than 0",
}
_OWN_KEYS = (("product", "free_product"), ("access", "early_access"), ("name", "custom"))
"""Keys that one kind needs and no other takes."""
_NEEDS = {
    "product": "product, the shop's id of what is given away",
    "access": "access, a table that says what it opens: name, until, and products or category",
    "name": "name, what it is called",
}
_TIER_KEYS = (("from_", "from"), ("to", "to"), ("recurring", "recurring"))


def check_reward(reward: Reward) -> Iterator[Finding]:
    """The value fits the kind, and every key belongs to it."""
    yield from _check_value(reward)
    yield from _check_share(reward)
    yield from _check_own_keys(reward.kind, reward)
    if reward.cost is not None and reward.kind in MONEY_KINDS:
        message = f"cost is for kinds whose value is no money; {reward.kind} costs its value"
        yield Finding(("cost",), message)


def check_friend_reward(reward: FriendReward) -> Iterator[Finding]:
    """As for every reward, and no share of an order."""
    yield from check_reward(reward)
    if reward.percent is not None and reward.kind in PERCENT_KINDS:
        message = (
            "a share of the order is for advocates alone: a friend is promised theirs before "
            "there is an order; give a value in minor units"
        )
        yield Finding(("percent",), message)


def check_access(access: Access) -> Iterator[Finding]:
    """It opens something."""
    if not access.products and access.category is None:
        yield Finding((), "access opens nothing: add products, category or both")
    yield from repeated(("products",), access.products)


def check_redemption(option: RedemptionOption) -> Iterator[Finding]:
    """The value fits the kind that is bought."""
    yield from _check_value(option)
    yield from _check_own_keys(option.kind, option, _OWN_KEYS[:1])


def check_advocate_reward(reward: AdvocateReward) -> Iterator[Finding]:
    """As for every reward, and the schedule has its keys and no others."""
    yield from check_reward(reward)
    yield from _check_count(reward)
    yield from _check_range(reward)
    yield from _check_times(reward)


def _check_value(reward: Reward | RedemptionOption) -> Iterator[Finding]:
    kind, value = reward.kind, reward.value
    if kind == "percent_off":
        if not 1 <= value <= 100:
            message = f"percent_off takes a whole number from 1 to 100, {_not(value)}"
            yield Finding(("value",), message)
    elif kind in _TAKES:
        if value < 1:
            yield Finding(("value",), f"{kind} takes {_TAKES[kind]}, {_not(value)}")
    elif kind not in PERCENT_KINDS and value != 0:
        yield Finding(("value",), f"{kind} takes no value, not {value}; leave it out")


def _not(value: int) -> str:
    """A value left out is read as 0: say so instead of quoting what nobody wrote."""
    return f"not {value}" if value else "and has none or 0"


def _check_share(reward: Reward) -> Iterator[Finding]:
    """A value, or a share of the order with or without a cap."""
    kind, value, percent = reward.kind, reward.value, reward.percent
    if kind in PERCENT_KINDS:
        if percent is None and value < 1:
            message = (
                f"{kind} takes value, {_AMOUNT}, or percent, a share of the friend's order; "
                "it has neither"
            )
            yield Finding(("value",), message)
        elif percent is not None and value:
            yield Finding(("percent",), f"{kind} takes value or percent, not both; leave one out")
    elif percent is not None:
        hint = f"write value = {percent}" if kind == "percent_off" else "leave it out"
        message = f"percent is a share of the order, for store_credit and cash; with {kind}, {hint}"
        yield Finding(("percent",), message)
    if reward.cap is not None and (percent is None or kind not in PERCENT_KINDS):
        message = "cap is the most that a percent of the order comes to; without one, leave it out"
        yield Finding(("cap",), message)


def _check_own_keys(
    kind: str,
    reward: Reward | RedemptionOption,
    keys: tuple[tuple[str, str], ...] = _OWN_KEYS,
) -> Iterator[Finding]:
    for key, owner in keys:
        given = getattr(reward, key) is not None
        if kind == owner and not given:
            yield Finding((), f"{kind} needs {_NEEDS[key]}")
        elif kind != owner and given:
            yield Finding((key,), f"{key} belongs to {owner}; with {kind}, leave it out")


def _check_count(reward: AdvocateReward) -> Iterator[Finding]:
    """`n` comes with every_nth and milestone alone."""
    schedule, n = reward.schedule, reward.n
    if schedule not in ("every_nth", "milestone"):
        if n is not None:
            message = f"n belongs to every_nth and milestone; with {schedule}, leave it out"
            yield Finding(("n",), message)
    elif n is None:
        what = "at which multiple" if schedule == "every_nth" else "at which count"
        yield Finding((), f"{schedule} needs n: {what} of friends it pays, such as n = 5")
    elif n == 1 and schedule == "every_nth":
        message = 'every_nth with n = 1 is every friend: write schedule = "each", or n of 2 or more'
        yield Finding(("n",), message)


def _check_range(reward: AdvocateReward) -> Iterator[Finding]:
    """`from`, `to` and `recurring` come with tier alone."""
    if reward.schedule != "tier":
        for field, key in _TIER_KEYS:
            if getattr(reward, field) not in (None, False):
                message = f"{key} belongs to tier; with {reward.schedule}, leave it out"
                yield Finding((key,), message)
    elif reward.from_ is None:
        yield Finding((), "tier needs from: the number of the friend it begins with, such as 1")
    elif reward.to is not None and reward.to < reward.from_:
        message = f"a tier from {reward.from_} ends there or later, not at {reward.to}"
        yield Finding(("to",), f"{message}; write to = {reward.from_} or more, or leave it out")


def _check_times(reward: AdvocateReward) -> Iterator[Finding]:
    """`starts` and `max_times` come with what is counted, and what pays once has no maximum."""
    schedule, most = reward.schedule, reward.max_times
    if schedule == "each":
        for key in ("starts", "max_times"):
            if getattr(reward, key) is not None:
                message = f"{key} belongs to every_nth, milestone and tier; with each, leave it out"
                yield Finding((key,), message)
    elif most is not None and most > 1 and (schedule == "milestone" or _is_one_off(reward)):
        what = "a milestone" if schedule == "milestone" else "a tier without recurring = true"
        yield Finding(("max_times",), f"{what} pays once, not {most} times; leave max_times out")


def _is_one_off(reward: AdvocateReward) -> bool:
    return reward.schedule == "tier" and not reward.recurring
