"""The rules of what an advocate is owed, told a second time, as plainly and slowly as possible.

Everything is counted anew for every referral, nothing is kept, and no code is shared with the
product beyond the shapes of the document and of a referral's facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor

from wordmouth.programs.document import AdvocateReward, ProgramDocument
from wordmouth.referrals.facts import ReferralFacts

MONEY = ("amount_off", "store_credit", "cash", "gift_card")
SHRINKING = ("amount_off", "points", "store_credit", "cash", "gift_card")


@dataclass(frozen=True)
class Owed:
    """One thing that is owed. `count` is the place among the counted referrals, None where the
    reward does not count; the rest of the fields say what for."""

    kind: str
    unit: str
    value: int
    state: str
    count: int | None
    referral: str
    version: str
    offer: str
    place: int
    cost: int

    def shown(self) -> tuple[str, str, int, str, int | None]:
        """What must be the same whoever works it out."""
        return self.kind, self.unit, self.value, self.state, self.count


def what_is_owed(
    documents: Mapping[str, ProgramDocument], referrals: Sequence[ReferralFacts], currency: str
) -> list[Owed]:
    """Everything that one advocate is owed under one programme, whose versions these are."""
    standing: list[ReferralFacts] = []
    for referral in referrals:
        told_before = any(other.id == referral.id for other in standing)
        if referral.status in ("pending", "flagged", "approved") and not told_before:
            standing.append(referral)
    by_time = sorted(standing, key=lambda r: (r.ordered_at, r.order_key))
    rewarded: list[ReferralFacts] = []
    for referral in by_time:
        if _has_room(referral, rewarded, documents[referral.version_id]):
            rewarded.append(referral)
    promised: list[Owed] = []
    for referral in rewarded:
        document = documents[referral.version_id]
        offer = document.offer(referral.offer)
        for place, reward in enumerate(offer.advocate if offer else ()):
            found = _owed_for(referral, place, reward, document, rewarded, currency)
            promised += [found] if found else []
    return _within_worth(promised, rewarded, documents)


def shown(owed: Sequence[Owed]) -> Counter[tuple[str, str, int, str, int | None]]:
    """The same as a multiset."""
    return Counter(one.shown() for one in owed)


def _has_room(
    referral: ReferralFacts, before: Sequence[ReferralFacts], document: ProgramDocument
) -> bool:
    limits = document.limits
    if limits.per_advocate is not None and limits.per_advocate.count is not None:
        since = referral.ordered_at - timedelta(days=limits.per_advocate.days)
        if len([r for r in before if r.ordered_at > since]) >= limits.per_advocate.count:
            return False
    total = limits.per_advocate_total
    return total is None or total.count is None or len(before) < total.count


def _owed_for(
    referral: ReferralFacts,
    place: int,
    reward: AdvocateReward,
    document: ProgramDocument,
    rewarded: Sequence[ReferralFacts],
    currency: str,
) -> Owed | None:
    count: int | None = None
    if reward.schedule != "each":
        count = _position(referral, reward, rewarded)
        if count is None or not _pays_at(reward, count):
            return None
    value = _value(referral, reward, document)
    if value == 0 and reward.kind in SHRINKING:
        return None
    return Owed(
        kind=reward.kind,
        unit=unit_of(reward.kind, document.eligibility.currency or currency),
        value=value,
        state="due" if referral.status == "approved" else "pending",
        count=count,
        referral=referral.id,
        version=referral.version_id,
        offer=referral.offer,
        place=place,
        cost=value if reward.kind in MONEY else reward.cost or 0,
    )


def _position(
    referral: ReferralFacts, reward: AdvocateReward, rewarded: Sequence[ReferralFacts]
) -> int | None:
    """The place of the referral among those that this reward counts, from 1 on."""

    def counts(other: ReferralFacts) -> bool:
        return reward.starts is None or other.ordered_at.astimezone(UTC).date() >= reward.starts

    if not counts(referral):
        return None
    earlier = [other for other in rewarded if counts(other) and _goes_before(other, referral)]
    return len(earlier) + 1


def _goes_before(one: ReferralFacts, other: ReferralFacts) -> bool:
    """Approved ones first, as they were released; then the others, as they were ordered."""
    if (one.status == "approved") != (other.status == "approved"):
        return one.status == "approved"
    if one.status == "approved":
        return _released(one) < _released(other)
    return (one.ordered_at, one.order_key) < (other.ordered_at, other.order_key)


def _released(referral: ReferralFacts) -> tuple[datetime, datetime, str]:
    assert referral.released_at is not None, "an approved referral was released"
    return referral.released_at, referral.ordered_at, referral.order_key


def _pays_at(reward: AdvocateReward, position: int) -> bool:
    """Whether the reward is one for this position, counting on fingers up to it."""
    times = [p for p in range(1, position + 1) if _is_a_time(reward, p)]
    return position in times and len(times) <= (reward.max_times or len(times))


def _is_a_time(reward: AdvocateReward, position: int) -> bool:
    if reward.schedule == "every_nth":
        assert reward.n is not None
        return position % reward.n == 0
    if reward.schedule == "milestone":
        return position == reward.n
    assert reward.from_ is not None
    if not reward.recurring:
        return position == reward.from_
    return position >= reward.from_ and (reward.to is None or position <= reward.to)


def _value(referral: ReferralFacts, reward: AdvocateReward, document: ProgramDocument) -> int:
    keep = document.clawback.partial_refund == "keep"
    if reward.percent is not None:
        measured = referral.basis if keep else referral.amount
        share = _rounded(Fraction(measured * reward.percent, 100))
        return share if reward.cap is None else min(share, reward.cap)
    for_one_order = reward.schedule == "each" or (reward.schedule == "tier" and reward.recurring)
    if keep or not for_one_order or reward.kind not in SHRINKING or referral.basis == 0:
        return reward.value
    return _rounded(Fraction(reward.value * referral.amount, referral.basis))


def _rounded(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


def unit_of(kind: str, currency: str) -> str:
    """Money, points, or pieces."""
    if kind in MONEY:
        return currency
    return "PTS" if kind == "points" else "CPN"


def _within_worth(
    promised: Sequence[Owed],
    rewarded: Sequence[ReferralFacts],
    documents: Mapping[str, ProgramDocument],
) -> list[Owed]:
    """What the caps by value leave: each in the order of the orders, then as the offer lists it."""
    order_of = {r.id: (r.ordered_at, r.order_key) for r in rewarded}
    given: list[Owed] = []
    for one in sorted(promised, key=lambda o: (*order_of[o.referral], o.place)):
        at = order_of[one.referral][0]
        limits = documents[one.version].limits
        room = True
        if limits.per_advocate is not None and limits.per_advocate.value is not None:
            since = at - timedelta(days=limits.per_advocate.days)
            so_far = sum(other.cost for other in given if order_of[other.referral][0] > since)
            room = so_far + one.cost <= limits.per_advocate.value
        total = limits.per_advocate_total
        if total is not None and total.value is not None:
            room = room and sum(other.cost for other in given) + one.cost <= total.value
        if room:
            given.append(one)
    return given
