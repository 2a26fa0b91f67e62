"""What an advocate's referrals earn altogether, by the terms that each friend saw. Pure.

Neither the order in which referrals are given nor how often makes a difference: they are put in
sequence by their own facts. What is earned by a count has the count as its key, not the referral
that reached it: a referral that falls away takes the last reward with it and leaves the others.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

import msgspec

from wordmouth.programs.document import AdvocateReward, ProgramDocument
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.rules import DIVISIBLE, OWED, Wanted, promise, value_of

Documents = Mapping[str, ProgramDocument]
"""Programme documents by version id."""


class Limit(msgspec.Struct, frozen=True):
    """At most `count` and `value` since `days` ago, or ever."""

    count: int | None
    value: int | None
    days: int | None


class Ordered(Protocol):
    """A referral in an advocate's sequence: by when it was ordered, then by the shop's own id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def ordered_at(self) -> datetime:
        """When it was ordered."""
        ...

    @property
    def order_key(self) -> str:
        """The shop's own id of the order."""
        ...


One = TypeVar("One", bound=Ordered)
Later = Callable[[datetime, int], Sequence[Ordered]]
"""The next standing referrals after a moment, at least so many, and all of the last one's moment;
fewer where there are no more."""

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


class _Given:
    """What was given so far, in order of time, and how much of it since when."""

    def __init__(self) -> None:
        self._times: list[datetime] = []
        self._sums: list[int] = [0]

    def add(self, at: datetime, cost: int) -> None:
        self._times.append(at)
        self._sums.append(self._sums[-1] + cost)

    def free_at(self, limit: Limit) -> datetime | None:
        """From when on the limit by count lets another one through; None: never again. It has been
        reached."""
        if limit.days is None:
            return None
        return self._times[-_count(limit)] + timedelta(days=limit.days)

    def since(self, limit: Limit, now: datetime) -> tuple[int, int]:
        """How many, and of what cost, within the limit's period before `now`."""
        first = 0
        if limit.days is not None:
            first = bisect_right(self._times, now - timedelta(days=limit.days))
        return len(self._times) - first, self._sums[-1] - self._sums[first]


def is_joint(document: ProgramDocument) -> bool:
    """Whether what one referral earns depends on the advocate's others."""
    counted = any(r.schedule != "each" for offer in document.offers for r in offer.advocate)
    return counted or bool(_limits(document))


def owed(
    referrals: Iterable[ReferralFacts], documents: Documents, currency: str
) -> dict[str, Wanted]:
    """Everything that one advocate is owed, by key. `currency` is for documents without one."""
    counting = within_count(referrals, documents)
    found = [*_for_each(counting, documents, currency), *_by_count(counting, documents, currency)]
    worth = [item for item in found if item.value > 0 or item.kind not in DIVISIBLE]
    return {item.key: item for item in _within_value(worth, documents)}


def key_of(referral: ReferralFacts) -> str:
    """What the rewards for a single referral are for: to whom and by which terms it is owed is part
    of it, so that a referral that turns out to be another's owes a reward of its own."""
    owed_by = f"{referral.advocate_id}|{referral.version_id}|{referral.offer}"
    return f"advocate:{referral.id}:{_digest(owed_by)}"


def within_count(referrals: Iterable[ReferralFacts], documents: Documents) -> list[ReferralFacts]:
    """The standing referrals of one advocate that the caps by count allow, in order of ordering:
    each one that finds fewer than `count` allowed before it."""
    standing = {one.id: one for one in referrals if one.status in OWED}
    in_order = sorted(standing.values(), key=lambda one: (one.ordered_at, one.order_key))
    return list(first_within(in_order, lambda one: _limits(documents[one.version_id])))


def first_within(
    in_order: Iterable[One], limits_of: Callable[[One], Iterable[Limit]]
) -> Iterator[One]:
    """Those that their limits by count allow, each of which counts for the ones after it."""
    given = _Given()
    for one in in_order:
        at = one.ordered_at
        limits = (limit for limit in limits_of(one) if limit.count is not None)
        if all(given.since(limit, at)[0] < _count(limit) for limit in limits):
            given.add(at, 0)
            yield one


def caps_of(documents: Iterable[ProgramDocument]) -> tuple[Limit, ...]:
    """The limits by count that all of these documents share; none where they differ."""
    found = {tuple(one for one in _limits(each) if one.count is not None) for each in documents}
    shared = {tuple((one.count, one.days) for one in caps) for caps in found}
    return found.pop() if len(shared) == 1 else ()


def allowed(caps: Sequence[Limit], later: Later) -> Iterator[str]:
    """The ids that `within_count` finds where all referrals have these caps, without looking at all
    of them: where a cap is reached, those before the moment at which it lets another one through
    are passed over, however many there are."""
    given, after, room = _Given(), _BEFORE_ALL, min(_count(one) for one in caps)
    while some := later(after, room):
        for place in sorted(some, key=lambda one: (one.ordered_at, one.order_key)):
            after = place.ordered_at
            if all(given.since(one, after)[0] < _count(one) for one in caps):
                given.add(after, 0)
                yield place.id
        start = after
        for one in caps:
            if given.since(one, after)[0] >= _count(one):
                free = given.free_at(one)
                if free is None:
                    return
                start = max(start, free)
        if start > after:
            after = start - _INSTANT
        room = min(_count(one) - given.since(one, start)[0] for one in caps)


def _count(limit: Limit) -> int:
    assert limit.count is not None, "a limit by count"
    return limit.count


def _limits(document: ProgramDocument) -> list[Limit]:
    period, total = document.limits.per_advocate, document.limits.per_advocate_total
    found = [Limit(period.count, period.value, period.days)] if period else []
    return found + ([Limit(total.count, total.value, None)] if total else [])


def _for_each(
    counting: Iterable[ReferralFacts], documents: Documents, currency: str
) -> Iterator[Wanted]:
    for referral in counting:
        document = documents[referral.version_id]
        for place, reward in enumerate(_rewards(referral, document)):
            if reward.schedule == "each":
                key = f"{key_of(referral)}:{place}"
                yield _earned(reward, referral, document, currency, key, place, shrinks=True)


def _by_count(
    counting: Iterable[ReferralFacts], documents: Documents, currency: str
) -> Iterator[Wanted]:
    sequence = sorted(counting, key=_turn)
    reached: dict[date | None, int] = {}
    starts = {
        reward.starts
        for document in documents.values()
        for offer in document.offers
        for reward in offer.advocate
        if reward.schedule != "each"
    }
    for referral in sequence:
        document = documents[referral.version_id]
        day = referral.ordered_at.astimezone(UTC).date()
        for start in starts:
            reached[start] = reached.get(start, 0) + (start is None or day >= start)
        for place, reward in enumerate(_rewards(referral, document)):
            if reward.schedule == "each" or (reward.starts and day < reward.starts):
                continue
            position = reached[reward.starts]
            if not pays_at(reward, position):
                continue
            terms = _digest(_terms(reward) + (document.currency or currency))
            key = f"count:{referral.advocate_id}:{terms}:{position}"
            yield _earned(
                reward,
                referral,
                document,
                currency,
                key,
                place,
                shrinks=reward.schedule == "tier" and reward.recurring,
                count=position,
            )


def _turn(referral: ReferralFacts) -> tuple[bool, datetime, datetime, str]:
    """The place in the count: what was released first comes first, so that later news cannot move
    what was given; what still waits comes after it."""
    at = referral.released_at if referral.status == "approved" else None
    return at is None, at or referral.ordered_at, referral.ordered_at, referral.order_key


def pays_at(reward: AdvocateReward, position: int) -> bool:
    """Whether the referral at this place of the count, from 1 on, earns the reward."""
    most = reward.max_times or position
    if reward.schedule == "every_nth":
        n = reward.n or 1
        return position % n == 0 and position // n <= most
    if reward.schedule == "milestone":
        return position == reward.n
    first = reward.from_ or 1
    if not reward.recurring:
        return position == first
    last = position if reward.to is None else reward.to
    return first <= position <= last and position - first < most


def _rewards(referral: ReferralFacts, document: ProgramDocument) -> tuple[AdvocateReward, ...]:
    offer = document.offer(referral.offer)
    return offer.advocate if offer else ()


def _earned(
    reward: AdvocateReward,
    referral: ReferralFacts,
    document: ProgramDocument,
    currency: str,
    key: str,
    place: int,
    *,
    shrinks: bool,
    count: int | None = None,
) -> Wanted:
    return promise(
        reward,
        document.currency or currency,
        key=key,
        party="advocate",
        state=OWED[referral.status],
        version_id=referral.version_id,
        value=value_of(reward, referral, document, shrinks=shrinks),
        details={} if count is None else {"count": count},
        referral_id=referral.id,
        at=referral.ordered_at,
        order_key=referral.order_key,
        place=place,
    )


def _within_value(found: Iterable[Wanted], documents: Documents) -> Iterator[Wanted]:
    """What the caps by value allow: each reward that does not cross one with those before it, in
    order of ordering; of one order's, as the offer lists them."""
    given = _Given()
    for item in sorted(found, key=lambda one: (one.at, one.order_key, one.place)):
        assert item.at is not None, "what a referral earns has its moment"
        limits = _limits(documents[item.version_id])
        if all(
            one.value is None or given.since(one, item.at)[1] + item.cost <= one.value
            for one in limits
        ):
            given.add(item.at, item.cost)
            yield item


def _terms(reward: AdvocateReward) -> str:
    return msgspec.json.encode(reward, order="sorted").decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How near a reward that is earned by a count is: `reached` friends count so far, and the one
    `missing` friends later earns it."""

    reward: AdvocateReward
    reached: int
    missing: int


def progress(
    referrals: Iterable[ReferralFacts], documents: Documents, rewards: Iterable[AdvocateReward]
) -> list[Progress]:
    """For each reward earned by a count that can still be earned, how near it is. What waits for
    its hold counts already."""
    counting = within_count(referrals, documents)
    found = []
    for reward in rewards:
        if reward.schedule == "each":
            continue
        since = reward.starts
        reached = sum(
            since is None or one.ordered_at.astimezone(UTC).date() >= since for one in counting
        )
        later = range(reached + 1, reached + _FURTHEST + 1)
        earning = next((place for place in later if pays_at(reward, place)), None)
        if earning is not None:
            found.append(Progress(reward=reward, reached=reached, missing=earning - reached))
    return found


_FURTHEST = 1000
"""The largest number that a schedule can name."""
