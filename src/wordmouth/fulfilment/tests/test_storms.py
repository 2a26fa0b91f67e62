"""Bad weather: outages of two days, lost replies, random faults. In the end there is exactly one
usable coupon for each reward that is due, and none for one that was taken back."""

import itertools
from datetime import timedelta

import pytest
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wordmouth.fulfilment.tests.world import START, World, lane, set_clock, until_quiet, world
from wordmouth.integrations.generic import twin
from wordmouth.integrations.generic.coupons import GenericCoupons
from wordmouth.kit import entropy
from wordmouth.outbox.models import Effect

pytestmark = pytest.mark.django_db


def test_two_days_without_a_shop_lose_nothing_and_double_nothing():
    """Also the next store's coupons come within a second of being asked for, all the while."""
    with (
        set_clock() as standing,
        entropy.seeded(1),
        world("Tea") as broken,
        world("Coffee") as fine,
    ):
        worker = lane()
        broken.shop.down = True
        rewards = [broken.claim() for _ in range(5)]
        waits = []
        for hour in range(48):
            standing.at = START + timedelta(hours=hour)
            asked = fine.claim()
            until_quiet(worker, standing, timedelta(minutes=30))
            waits.append(fine.coupon(asked).issued_at - (START + timedelta(hours=hour)))
        assert max(waits) < timedelta(seconds=1)
        assert broken.effects() == {"waiting": 5}
        assert not broken.shop.active()
        broken.shop.down = False
        until_quiet(worker, standing)
        assert broken.shop.active() == {reward.code: 1 for reward in rewards}
        assert broken.effects() == {"done": 5}


def test_a_shop_that_never_comes_back_is_given_up_visibly():
    with set_clock() as standing, world() as tea:
        tea.shop.down = True
        reward = tea.claim()
        until_quiet(lane(), standing, timedelta(days=9))
        assert tea.effects() == {"dead": 1}
        assert standing.at - START > timedelta(hours=48)
        coupon = tea.coupon(reward)
        assert coupon.state == "failed"
        assert "Back soon" in coupon.problem


def test_a_revocation_outlasts_the_outage_too():
    with set_clock() as standing, world() as tea:
        worker = lane()
        reward = tea.claim()
        until_quiet(worker, standing)
        tea.shop.down = True
        tea.tell(reward, "withdrawn")
        until_quiet(worker, standing, timedelta(hours=40))
        tea.shop.down = False
        until_quiet(worker, standing)
        assert not tea.shop.active()
        assert tea.coupon(reward).state == "revoked"


@pytest.mark.parametrize("careless", [False, True])
@pytest.mark.parametrize("fault", sorted(twin.AFTER))
def test_a_coupon_whose_reply_was_lost_is_found_and_not_doubled(fault, careless):
    with set_clock() as standing, world(careless=careless) as tea:
        reward = tea.claim()
        tea.shop.faults.extend([None, fault])
        until_quiet(lane(), standing)
        assert tea.shop.requests == [
            ("coupon.lookup", reward.code),
            ("coupon.issue", reward.code),
            ("coupon.lookup", reward.code),
        ]
        assert tea.shop.active() == {reward.code: 1}
        assert tea.effect(reward).result["found"] is True


NUMBERS = itertools.count(1)
FAULT = st.sampled_from([None, *(f for f in twin.FAULTS if f not in ("endless", "429_date"))])
STEP = st.one_of(
    st.just(("claim", 0)),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(0, 40_000)),
    st.tuples(st.just("crash"), st.integers(1, 2)),
)


def storm(steps, faults):
    """Live through one plan in a world of its own; gives what went wrong, if anything."""
    with scopes_disabled():
        Effect.objects.all().delete()
    with set_clock() as standing, world(f"Storm-{next(NUMBERS)}", careless=True) as tea:
        worker, due, gone = lane(), [], []
        tea.shop.faults.extend(faults)
        for act, number in steps:
            if act == "claim":
                due.append(tea.claim())
            elif act == "withdraw" and due:
                reward = due.pop(number % len(due))
                gone.append(tea.tell(reward, "withdrawn"))
            elif act == "wait":
                until_quiet(worker, standing, timedelta(seconds=number))
                standing.move(timedelta(seconds=number))
            elif act == "crash":
                # A worker takes effects and is never heard of again.
                from wordmouth.outbox import services

                services.lease(tea.store_id, number)
        tea.shop.faults.clear()
        until_quiet(worker, standing, timedelta(days=9))
        return _wrong(tea, due, gone)


def _wrong(tea, due, gone):
    wrong = []
    if tea.shop.active() != {reward.code: 1 for reward in due}:
        wrong.append(f"in the shop: {tea.shop.active()}, due: {[r.code for r in due]}")
    wrong += [f"not issued: {r.code}" for r in due if tea.coupon(r).state != "issued"]
    wrong += [f"not revoked: {r.code}" for r in gone if tea.coupon(r).state != "revoked"]
    if set(tea.effects()) - {"done"}:
        wrong.append(f"effects: {tea.effects()}")
    return wrong


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEP, min_size=1, max_size=12), st.lists(FAULT, max_size=25))
def test_any_weather_ends_with_one_coupon_for_each_due_reward(db, steps, faults):
    assert storm(steps, faults) == []


def test_without_the_look_up_the_storm_finds_the_double(monkeypatch):
    """The planted bug: a retry asks again without looking what is there."""
    monkeypatch.setattr(GenericCoupons, "find", lambda port, code: None)
    wrong = storm([("claim", 0), ("wait", 1)], ["lost_reply"])
    assert len(wrong) == 1
    assert "2" in wrong[0]


def test_two_stores_do_not_share_a_fate():
    """One store's endless queue of failures does not hold up the other's single effect."""
    with set_clock(), world("Tea") as broken:
        fine = World("Coffee")
        with twin.running(fine.shop):
            fine.connect()
            broken.shop.down = True
            for _ in range(20):
                broken.claim()
            reward = fine.claim()
            worker = lane()
            for _ in range(4):
                worker.step()
            assert fine.coupon(reward).state == "issued"
