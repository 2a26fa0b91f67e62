"""What limits must fulfil, and how they go together with what the offers promise.

Pure: a part of the document in, findings out, each at a place relative to the part.
"""

from __future__ import annotations

from collections.abc import Iterator

from wordmouth.programs.document import (
    MONEY_KINDS,
    AdvocateLimit,
    AdvocateReward,
    Offer,
    ProgramDocument,
    Reward,
    TotalLimit,
)
from wordmouth.programs.finding import Finding


def check_limit(limit: AdvocateLimit | TotalLimit) -> Iterator[Finding]:
    """It limits something."""
    if limit.count is None and limit.value is None:
        message = "limits nothing: add count, value or both; to have no limit, leave it out"
        yield Finding((), message)


def cost_of(reward: Reward) -> int:
    """What a reward of a fixed value counts for budgets and limits, in minor units; 0 where that
    is not known: for a share of the order, and for what is no money and has no `cost`."""
    return reward.value if reward.kind in MONEY_KINDS else reward.cost or 0


def check_limits(document: ProgramDocument) -> Iterator[Finding]:
    """Every reward can be paid at some time, and the budget has room for one of each."""
    yield from _check_reach(document)
    yield from _check_values(document)
    yield from _check_budget(document)


def _check_reach(document: ProgramDocument) -> Iterator[Finding]:
    """No count lies beyond the friends that an advocate is ever rewarded for.

    A limit for a period is none here: its count begins anew, the schedules' does not.
    """
    total = document.limits.per_advocate_total
    if total is None or total.count is None:
        return
    for place, reward in _rewards(document):
        key = "from" if reward.schedule == "tier" else "n"
        needed = first_count(reward)
        if needed > total.count:
            message = (
                f"{needed} is never reached: limits.per_advocate_total.count is {total.count}, "
                f"and no friend after that counts; {key} may be {total.count} at most"
            )
            yield Finding((*place, key), message)


def first_count(reward: AdvocateReward) -> int:
    """How many friends an advocate needs for the first one of this reward."""
    return reward.n or reward.from_ or 1


def _check_values(document: ProgramDocument) -> Iterator[Finding]:
    """No limit by value lies below a single reward, which would never be given."""
    for name in ("per_advocate", "per_advocate_total"):
        limit = getattr(document.limits, name)
        dearest = max(_rewards(document), key=lambda found: cost_of(found[1]), default=None)
        if limit is None or limit.value is None or dearest is None:
            continue
        place, reward = dearest
        if cost_of(reward) > limit.value:
            index, number = place[1], place[3]
            message = (
                f"{limit.value} is below one reward of offers[{index}].advocate[{number}], which "
                f"is {cost_of(reward)} and would never be given; write {cost_of(reward)} or more"
            )
            yield Finding(("limits", name, "value"), message)


def _check_budget(document: ProgramDocument) -> Iterator[Finding]:
    budget = document.limits.budget
    if budget is None:
        return
    index = max(range(len(document.offers)), key=lambda i: once(document.offers[i]))
    least = once(document.offers[index])
    if budget.amount < least:
        message = (
            f"{budget.amount} is below what offers[{index}] promises for one friend, "
            f"which is {least}; write {least} or more"
        )
        yield Finding(("limits", "budget", "amount"), message)


def once(offer: Offer) -> int:
    """What one friend costs at the most that is known beforehand: the friend's reward and the
    dearest of the advocate's, in minor units."""
    friend = 0 if offer.friend is None else cost_of(offer.friend)
    return friend + max(map(cost_of, offer.advocate), default=0)


def _rewards(
    document: ProgramDocument,
) -> Iterator[tuple[tuple[str, int, str, int], AdvocateReward]]:
    for index, offer in enumerate(document.offers):
        for number, reward in enumerate(offer.advocate):
            yield ("offers", index, "advocate", number), reward
