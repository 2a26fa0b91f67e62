"""How the rewards of one offer go together: none twice, and tiers beside each other.

Pure: an offer in, findings out, each at a place relative to the offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from wordmouth.programs.document import AdvocateReward, Offer
from wordmouth.programs.finding import Finding

MOST_PER_TIER = 2
"""Rewards that one tier may have."""


class _Tier(msgspec.Struct, frozen=True):
    """A range of friends by their number; `to` None: without end."""

    first: int
    to: int | None

    def __str__(self) -> str:
        if self.to is None:
            return f"from {self.first}"
        return str(self.first) if self.to == self.first else f"{self.first} to {self.to}"

    def overlaps(self, other: _Tier) -> bool:
        return (other.to is None or self.first <= other.to) and (
            self.to is None or other.first <= self.to
        )


def check_offer(offer: Offer) -> Iterator[Finding]:
    """At least one side gets something, no side the same twice, and no two tiers overlap."""
    if offer.friend is None and not offer.advocate:
        yield Finding((), f"offer {offer.key} gives nothing: add friend, advocate or both")
    yield from _check_repeats(offer.advocate)
    yield from _check_tiers(offer.advocate)


def _check_repeats(rewards: Sequence[AdvocateReward]) -> Iterator[Finding]:
    seen: set[Any] = set()
    for index, reward in enumerate(rewards):
        what = (
            *(reward.schedule, reward.n, reward.from_, reward.to, reward.recurring, reward.starts),
            *(reward.kind, reward.percent is None, reward.product, reward.name, reward.access),
        )
        if what in seen:
            message = f"a second reward {reward.kind} with schedule {reward.schedule}"
            yield Finding(("advocate", index), f"{message}; join the two into one")
        seen.add(what)


def _check_tiers(rewards: Sequence[AdvocateReward]) -> Iterator[Finding]:
    """Ranges are the same or apart, and each has at most `MOST_PER_TIER` rewards."""
    taken: dict[_Tier, list[int]] = {}
    for index, reward in enumerate(rewards):
        if reward.schedule != "tier" or reward.from_ is None:
            continue
        tier = _Tier(reward.from_, reward.to)
        other = next((one for one in taken if one != tier and one.overlaps(tier)), None)
        if other is not None:
            path = ("advocate", index, "from")
            yield Finding(path, _overlap(tier, other, taken))
            continue
        taken.setdefault(tier, []).append(index)
        if len(taken[tier]) > MOST_PER_TIER:
            message = f"tier {tier} has {MOST_PER_TIER} rewards already, the most that a tier has"
            yield Finding(("advocate", index), f"{message}; leave one out")


def _overlap(tier: _Tier, other: _Tier, taken: Mapping[_Tier, list[int]]) -> str:
    """Which tiers lie on each other, and the nearest range that fits."""
    message = f"tier {tier} overlaps tier {other} (advocate[{taken[other][0]}])"
    free = _nearest_free(tier, sorted(taken, key=lambda one: one.first))
    if free is not None:
        return f"{message}; the nearest range that fits is {_written(free)}"
    endless = next(one for one in taken if one.to is None)
    if endless.first < tier.first:
        which = "it" if endless == other else f"tier {endless} (advocate[{taken[endless][0]}])"
        return f"{message}; end {which} with to = {tier.first - 1} at the latest"
    return f"{message}; nothing fits after a tier without end: give tier {endless} an end"


def _nearest_free(tier: _Tier, taken: Sequence[_Tier]) -> _Tier | None:
    """The first range from the tier's beginning on that no other has; None where another one has
    no end. It ends where the tier does, or as far behind its beginning, or before the next one.
    """
    first, to = tier.first, tier.to
    for one in taken:
        if one.first <= first and one.to is None:
            return None
        if one.first <= first <= (one.to or 0):
            first = (one.to or 0) + 1
    if to is not None and to < first:
        to = first + to - tier.first
    following = min((one.first for one in taken if one.first > first), default=None)
    if following is not None and (to is None or to >= following):
        to = following - 1
    return _Tier(first, to)


def _written(tier: _Tier) -> str:
    return f"from = {tier.first}" + (", without to" if tier.to is None else f", to = {tier.to}")
