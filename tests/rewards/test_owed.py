"""What is owed is a pure function of terms and facts: equal to the rules told a second time, and
of the properties that everybody expects of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rewards import naive, programmes, referred
from tests.rewards.picking import Pick, Seeded, Written, chance, one_of, shuffled
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.parse import check
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.rules import Wanted
from wordmouth.rewards.schedules import owed

CASES = int(os.environ.get("WORDMOUTH_CASES", "10000"))
TEXT_BYTES = 300
DIVISIBLE = {"amount_off", "points", "store_credit", "cash", "gift_card"}
STANDING = ("pending", "flagged", "approved")

Versions = Mapping[str, ProgramDocument]
Test = Callable[[Pick], None]


def always(cases: int) -> Callable[[Test], Callable[[], None]]:
    """A property that must hold for that many random choices."""

    def with_cases(test: Test) -> Callable[[], None]:
        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(text=st.binary(min_size=TEXT_BYTES, max_size=TEXT_BYTES))
        def run(text: bytes) -> None:
            test(Written(text))

        run.__doc__ = test.__doc__
        return run

    return with_cases


def document_of(data: programmes.Data) -> ProgramDocument:
    """Read, and not checked: that takes longer than all the rest (see the audit below)."""
    return msgspec.convert(data, ProgramDocument)


def versions_of(pick: Pick) -> Versions:
    """One to three versions of a programme."""
    data = programmes.programme(pick)
    found = {"prv_1": document_of(data)}
    for number in range(2, 2 + one_of(pick, (0, 0, 1, 2))):
        data = programmes.next_version(pick, data)
        found[f"prv_{number}"] = document_of(data)
    return found


def plain_version(pick: Pick, *, steady: bool) -> Versions:
    """One version with one offer and no caps by value. `steady`: what it gives does not depend on
    which referral it is given for, so that a count is all that matters."""
    data = programmes.programme(pick)
    del data["offers"][1:]
    for cap in data["limits"].values():
        cap.pop("value", None)
    data["limits"] = {name: cap for name, cap in data["limits"].items() if "count" in cap}
    if steady:
        data["clawback"]["partial_refund"] = "keep"
        for reward in data["offers"][0]["advocate"]:
            if reward.pop("percent", None):
                reward.pop("cap", None)
                reward["value"] = 500
            if data["limits"]:
                reward.pop("starts", None)
    return {"prv_1": document_of(data)}


def worth(found: Mapping[str, Wanted], *states: str) -> Counter[tuple[str, str]]:
    """How much of each kind: its value, or how many where the value is no amount."""
    total: Counter[tuple[str, str]] = Counter()
    for one in found.values():
        if one.state in states:
            total[one.kind, one.unit] += one.value if one.kind in DIVISIBLE else 1
    return total


def shown(found: Mapping[str, Wanted]) -> Counter[tuple[str, str, int, str, Any]]:
    """As the naive rules show what they find."""
    return Counter(
        (one.kind, one.unit, one.value, one.state, one.details.get("count"))
        for one in found.values()
    )


def put(one: ReferralFacts, **changes: Any) -> ReferralFacts:
    """The referral with some facts otherwise."""
    return msgspec.structs.replace(one, **changes)


@always(CASES)
def test_it_is_what_the_naive_rules_say(pick: Pick) -> None:
    versions = versions_of(pick)
    known = referred.referrals(pick, versions, 12)
    found = owed(known, versions, "USD")
    assert shown(found) == naive.shown(naive.what_is_owed(versions, known, "USD"))
    costs = sorted(one.cost for one in naive.what_is_owed(versions, known, "USD"))
    assert sorted(one.cost for one in found.values()) == costs


@always(CASES // 10)
def test_order_repetition_and_batches_make_no_difference(pick: Pick) -> None:
    versions = versions_of(pick)
    known = referred.referrals(pick, versions, 12)
    again = [one_of(pick, known) for _ in range(pick.number(0, 5))] if known else []
    mixed = shuffled(pick, known + again)
    cut = pick.number(0, len(mixed))
    batches = [mixed[cut:], mixed[:cut], again]
    assert owed((one for batch in batches for one in batch), versions, "USD") == owed(
        known, versions, "USD"
    )


@always(CASES // 10)
def test_nothing_is_below_zero_and_nothing_worthless_is_owed(pick: Pick) -> None:
    versions = versions_of(pick)
    for one in owed(referred.referrals(pick, versions, 12), versions, "USD").values():
        assert one.value > 0 if one.kind in DIVISIBLE | {"percent_off"} else one.value == 0
        assert one.cost >= 0
        assert one.state in ("pending", "due")


@always(CASES // 10)
def test_one_more_approved_referral_never_lowers_what_is_owed(pick: Pick) -> None:
    versions = plain_version(pick, steady=True)
    known = referred.referrals(pick, versions, 12)
    more = put(referred.referral(pick, 50, versions), status="approved", offer="control")
    more = put(more, released_at=more.ordered_at)
    known = [put(one, offer="control") for one in known]
    assert_no_less(versions, known, [*known, more], *("pending", "due"))
    assert_no_less(versions, known, [*known, more], "due")


@always(CASES // 10)
def test_a_later_referral_changes_nothing_of_what_was_owed_before(pick: Pick) -> None:
    """Also where shares, refunds, caps by value and several versions are in play."""
    versions = versions_of(pick)
    known = referred.referrals(pick, versions, 12)
    last = put(referred.referral(pick, 50, versions), status="pending", released_at=None)
    times = [one.ordered_at for one in known]
    last = put(last, ordered_at=max([*times, last.ordered_at]) + timedelta(seconds=1))
    before, after = owed(known, versions, "USD"), owed([*known, last], versions, "USD")
    assert before.items() <= after.items()


@always(CASES // 10)
def test_a_bigger_refund_never_raises_what_is_owed(pick: Pick) -> None:
    versions = {key: without_value_caps(one) for key, one in versions_of(pick).items()}
    known = referred.referrals(pick, versions, 12)
    less = [
        put(one, amount=pick.number(0, one.amount)) if chance(pick, 50) else one for one in known
    ]
    before, after = owed(known, versions, "USD"), owed(less, versions, "USD")
    assert all(after[key].value <= before[key].value for key in after)


@always(CASES // 10)
def test_an_approval_never_lowers_what_is_owed(pick: Pick) -> None:
    versions = plain_version(pick, steady=True)
    known = [put(one, offer="control") for one in referred.referrals(pick, versions, 12)]
    waiting = referred.only(known, "pending", "flagged")
    if not waiting:
        return
    approved = one_of(pick, waiting)
    at = approved.ordered_at + timedelta(hours=one_of(pick, (500, 0)))
    then = [
        put(one, status="approved", released_at=at) if one is approved else one for one in known
    ]
    assert_no_less(versions, known, then, "pending", "due")
    assert_no_less(versions, known, then, "due")


@always(CASES // 10)
def test_one_that_falls_takes_the_last_counted_reward_and_leaves_the_others(pick: Pick) -> None:
    """What was earned by a count is the same reward whoever reached it."""
    versions = {key: without_limits(one) for key, one in plain_version(pick, steady=True).items()}
    known = [put(one, offer="control") for one in referred.referrals(pick, versions, 12)]
    standing = referred.only(known, *STANDING)
    if not standing:
        return
    fallen = one_of(pick, standing)
    left = [put(one, status="voided") if one is fallen else one for one in known]
    counted = {key for key, one in owed(known, versions, "USD").items() if "count" in one.details}
    still = {key for key, one in owed(left, versions, "USD").items() if "count" in one.details}
    assert still <= counted
    assert len(counted) - len(still) <= len(versions["prv_1"].offers[0].advocate)


def assert_no_less(
    versions: Versions,
    before: Sequence[ReferralFacts],
    after: Sequence[ReferralFacts],
    *states: str,
) -> None:
    had = worth(owed(before, versions, "USD"), *states)
    has = worth(owed(after, versions, "USD"), *states)
    assert all(has[what] >= amount for what, amount in had.items())


def without_value_caps(document: ProgramDocument) -> ProgramDocument:
    period, total = document.limits.per_advocate, document.limits.per_advocate_total
    limits = msgspec.structs.replace(
        document.limits,
        per_advocate=msgspec.structs.replace(period, value=None) if period else None,
        per_advocate_total=msgspec.structs.replace(total, value=None) if total else None,
    )
    return msgspec.structs.replace(document, limits=limits)


def without_limits(document: ProgramDocument) -> ProgramDocument:
    limits = msgspec.structs.replace(document.limits, per_advocate=None, per_advocate_total=None)
    return msgspec.structs.replace(document, limits=limits)


class Audit:
    """How often what was owed, of random cases."""

    def __init__(self, cases: int) -> None:
        self.cases = cases
        self.seen: Counter[str] = Counter()
        for seed in range(cases):
            self.seen.update(self._features(Seeded(seed)))

    def _features(self, pick: Pick) -> set[str]:
        versions = versions_of(pick)
        for document in versions.values():
            check(document)
        known = referred.referrals(pick, versions, 12)
        found = naive.what_is_owed(versions, known, "USD")
        bare = {key: without_limits(one) for key, one in versions.items()}
        free = naive.what_is_owed(bare, known, "USD")
        rewards = [versions[o.version].offers for o in found]
        seen = {f"kind {one.kind}" for one in found} | {f"state {one.state}" for one in found}
        for one in found:
            reward = self._reward(versions, one)
            seen.add(f"schedule {reward.schedule}")
            seen |= {"a share"} if reward.percent else set()
            seen |= {"recurring"} if reward.recurring else set()
            seen |= {"starts"} if reward.starts else set()
            seen |= {"max_times"} if reward.max_times else set()
            seen |= {"shrunk"} if not reward.percent and one.value < reward.value else set()
        seen |= {"capped"} if len(found) < len(free) else set()
        seen |= {"several versions"} if len({one.version for one in found}) > 1 else set()
        seen |= {"several offers"} if rewards and len({one.offer for one in found}) > 1 else set()
        return seen

    @staticmethod
    def _reward(versions: Versions, one: naive.Owed) -> Any:
        offer = versions[one.version].offer(one.offer)
        assert offer is not None
        return offer.advocate[one.place]


FEATURES = (
    *(f"kind {kind}" for kind in programmes.KINDS),
    *(f"schedule {schedule}" for schedule in programmes.SCHEDULES),
    *("state due", "state pending", "a share", "recurring", "starts", "max_times", "shrunk"),
    *("capped", "several versions", "several offers"),
)


def test_the_random_cases_have_everything_in_them() -> None:
    """And every programme is one that a merchant may save; else the properties above would say
    less than they seem to."""
    audit = Audit(1000)
    rare = {name: audit.seen[name] for name in FEATURES if audit.seen[name] < audit.cases / 100}
    assert not rare


@pytest.mark.parametrize(
    ("value", "left", "whole", "expected"), [(333, 1, 2, 167), (1, 1, 3, 0), (1, 1, 2, 1)]
)
def test_halves_are_rounded_up(value: int, left: int, whole: int, expected: int) -> None:
    """Both tellings agree by the cases above; here is what they agree on."""
    reward = {"kind": "points", "value": value, "schedule": "each"}
    data = programmes.programme(Seeded(1)) | {"limits": {}}
    data["clawback"] = {"partial_refund": "pro_rata"}
    data["offers"] = [{"key": "control", "advocate": [reward]}]
    versions = {"prv_1": document_of(data)}
    one = put(referred.referral(Seeded(1), 1, versions), status="approved", offer="control")
    one = put(one, basis=whole, amount=left, released_at=one.ordered_at)
    found = [wanted.value for wanted in owed([one], versions, "USD").values()]
    assert found == ([expected] if expected else [])
