"""What friends' orders earn by a count, by a share or as a fixed value, and what becomes of it when
orders are changed, refunded or cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.world import GIVE_10_GET_10, START, World, at, order, paid
from wordmouth.kit import clock
from wordmouth.orders.snapshot import Refund
from wordmouth.project import audit
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def open_store(watch: clock.SetClock, *advocate: dict[str, Any], **tables: Any) -> World:
    """A store whose advocates earn these rewards, at once when a friend has paid."""
    document = {
        **GIVE_10_GET_10,
        "eligibility": {"friend": "new_customers", "currency": "EUR"},
        "hold": {"after": "paid", "days": 0},
        "offers": [{"key": "control", "advocate": list(advocate)}],
        **tables,
    }
    return World(watch, document)


class Shop:
    """Friends of one advocate who buy."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ana = world.advocate("ana@shop.example", "Ana")
        self.number = 0

    def friend_buys(self, **more: Any) -> str:
        """A new friend pays an order; gives its number."""
        self.number += 1
        key = str(self.number)
        self.world.clock.move(at(1) - at(0))
        now = self.world.clock.now()
        self.world.tell(paid(key, f"friend{key}@mail.example", now, codes=(self.ana.code,), **more))
        return key

    def changes(self, key: str, **more: Any) -> None:
        """The shop tells the same order anew."""
        told: dict[str, Any] = {"placed_at": at(int(key)), "paid_at": at(int(key)), **more}
        email = f"friend{key}@mail.example"
        self.world.clock.move(at(0.01) - at(0))
        now = self.world.clock.now()
        self.world.tell(order(key, email=email, updated=now, codes=(self.ana.code,), **told))

    def cancels(self, key: str) -> None:
        self.changes(key, cancelled_at=self.world.clock.now())

    def uses(self, reward: RewardFacts, key: str = "own") -> None:
        """The advocate buys with a coupon of theirs."""
        now = self.world.clock.now()
        self.world.tell(paid(key, "ana@shop.example", now, codes=(reward.code,)))

    def rewards(self, *states: str) -> list[RewardFacts]:
        with self.world.read():
            found = rewards.page(advocate=self.ana.id)
        return [one for one in reversed(found) if not states or one.state in states]

    def values(self, *states: str) -> list[int]:
        return sorted(one.value for one in self.rewards(*(states or ("due",))))

    def purse(self, name: str) -> tuple[int, int]:
        """What a purse holds: available and owed by its holder."""
        with self.world.read():
            found = [b for b in rewards.wallet(self.ana.id).balances if b.purse == name]
        return sum(b.available for b in found), sum(b.debt for b in found)

    def proven(self) -> bool:
        store = self.world.store.id
        return audit.verify(store).findings == audit.replay(store).findings == []


NTH = {"schedule": "every_nth", "n": 3, "kind": "amount_off", "value": 2000}


def test_every_third_friend_earns(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, NTH))
    earned = []
    for _ in range(7):
        shop.friend_buys()
        earned.append(len(shop.rewards("due")))
    assert earned == [0, 0, 1, 1, 1, 2, 2]
    assert [one.details["count"] for one in shop.rewards("due")] == [3, 6]
    assert shop.proven()


def test_a_count_that_falls_takes_the_last_reward_and_leaves_the_others(
    watch: clock.SetClock,
) -> None:
    shop = Shop(open_store(watch, NTH))
    for _ in range(6):
        shop.friend_buys()
    first, second = shop.rewards("due")
    shop.cancels("1")
    assert [one.id for one in shop.rewards("due")] == [first.id]
    assert [(one.id, one.why) for one in shop.rewards("withdrawn")] == [(second.id, "count_lost")]
    shop.friend_buys()
    assert len(shop.rewards("due")) == 2
    assert {one.code for one in shop.rewards("due")}.isdisjoint({second.code})
    assert shop.proven()


def test_a_milestone_is_paid_once_and_its_loss_after_use_is_a_debt(watch: clock.SetClock) -> None:
    coupon = {"schedule": "milestone", "n": 2, "kind": "amount_off", "value": 1500}
    each = {"schedule": "each", "kind": "amount_off", "value": 1000}
    shop = Shop(open_store(watch, coupon, each))
    shop.friend_buys()
    shop.friend_buys()
    milestone = next(one for one in shop.rewards("due") if one.value == 1500)
    shop.uses(milestone)
    shop.cancels("1")
    assert shop.purse("coupon") == (1000, 1500)
    shop.friend_buys()
    states = {(one.value, one.state, one.offset) for one in shop.rewards() if one.value == 1500}
    assert (1500, "redeemed", 0) in states, "two count again: what was spent was owed after all"
    assert shop.purse("coupon")[1] == 0
    assert shop.proven()


def test_a_debt_is_set_off_against_the_next_coupons(watch: clock.SetClock) -> None:
    each = {"schedule": "each", "kind": "amount_off", "value": 1000}
    shop = Shop(open_store(watch, each))
    shop.friend_buys()
    (first,) = shop.rewards("due")
    shop.uses(first)
    shop.cancels("1")
    assert shop.purse("coupon") == (0, 1000)
    shop.friend_buys()
    second = shop.rewards()[-1]
    assert (second.state, second.why, second.offset, second.worth) == (
        "redeemed",
        "set_off",
        1000,
        0,
    )
    assert shop.purse("coupon") == (0, 0)
    assert shop.proven()
    shop.changes("1")
    third = shop.rewards()[-1]
    assert (third.state, third.worth) == ("due", 1000), "the debt was none: the second is given"
    assert shop.purse("coupon") == (1000, 0)
    assert shop.proven()


def test_a_forgiving_programme_lets_go(watch: clock.SetClock) -> None:
    each = {"schedule": "each", "kind": "amount_off", "value": 1000}
    shop = Shop(open_store(watch, each, clawback={"spent": "forgive"}))
    shop.friend_buys()
    (first,) = shop.rewards("due")
    shop.uses(first)
    shop.cancels("1")
    shop.friend_buys()
    assert shop.values() == [1000]
    assert shop.purse("coupon") == (1000, 0)
    assert shop.proven()


def test_tiers_pay_by_range_with_two_rewards_and_a_maximum(watch: clock.SetClock) -> None:
    tiers = [
        {"schedule": "tier", "from": 1, "to": 2, "recurring": True, "kind": "points", "value": 10},
        {"schedule": "tier", "from": 3, "recurring": True, "kind": "points", "value": 20}
        | {"max_times": 2},
        {"schedule": "tier", "from": 3, "kind": "free_shipping"},
    ]
    shop = Shop(open_store(watch, *tiers))
    points, gifts = [], []
    for _ in range(6):
        shop.friend_buys()
        points.append(shop.purse("points")[0])
        gifts.append(len([one for one in shop.rewards("due") if one.kind == "free_shipping"]))
    assert points == [10, 20, 40, 60, 60, 60]
    assert gifts == [0, 0, 1, 1, 1, 1]
    assert shop.proven()


def test_counting_starts_on_a_day(watch: clock.SetClock) -> None:
    nth = {**NTH, "n": 2, "starts": at(3).date()}
    shop = Shop(open_store(watch, nth))
    due = []
    for _ in range(5):
        shop.friend_buys()
        due.append(len(shop.rewards("due")))
    assert due == [0, 0, 0, 1, 1]


def test_a_share_of_the_order_follows_it_up_and_down(watch: clock.SetClock) -> None:
    cash = {"schedule": "each", "kind": "cash", "percent": 10, "cap": 600}
    shop = Shop(open_store(watch, cash))
    key = shop.friend_buys(items=5000)
    assert shop.purse("cash") == (500, 0)
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=2500, at=at(2)),))
    assert shop.purse("cash") == (250, 0)
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=2500, at=at(2)),))
    assert shop.purse("cash") == (250, 0), "told again, the refund counts once"
    shop.changes(key, items=9000, refunds=(Refund(id="r1", amount=2500, at=at(2)),))
    assert shop.purse("cash") == (600, 0), "an order edited upwards earns more, up to the cap"
    assert shop.proven()


def test_a_coupon_shrinks_with_a_partial_refund(watch: clock.SetClock) -> None:
    each = {"schedule": "each", "kind": "amount_off", "value": 1000}
    shop = Shop(open_store(watch, each))
    key = shop.friend_buys(items=5000)
    (whole,) = shop.rewards("due")
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=2000, at=at(2)),))
    assert shop.values() == [600]
    assert [(one.id, one.why) for one in shop.rewards("withdrawn")] == [(whole.id, "value_changed")]
    assert shop.proven()


def test_a_used_coupon_leaves_the_refunded_share_as_a_debt(watch: clock.SetClock) -> None:
    each = {"schedule": "each", "kind": "amount_off", "value": 1000}
    shop = Shop(open_store(watch, each))
    key = shop.friend_buys(items=5000)
    shop.uses(shop.rewards("due")[0])
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=2000, at=at(2)),))
    assert shop.purse("coupon") == (0, 400)
    shop.friend_buys()
    assert [one.worth for one in shop.rewards("due")] == [600]
    assert shop.proven()
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=0, at=at(2)),))
    assert shop.purse("coupon")[1] == 0
    assert shop.proven()


def test_value_caps_by_period_and_in_total(watch: clock.SetClock) -> None:
    each = {"schedule": "each", "kind": "store_credit", "value": 1000}
    limits = {
        "per_advocate": {"value": 2000, "days": 10},
        "per_advocate_total": {"value": 3000},
    }
    shop = Shop(open_store(watch, each, limits=limits))
    held = []
    for _ in range(4):
        shop.friend_buys()
        held.append(shop.purse("credit")[0])
    shop.world.clock.move(at(20) - at(0))
    shop.number += 20
    for _ in range(2):
        shop.friend_buys()
        held.append(shop.purse("credit")[0])
    assert held == [1000, 2000, 2000, 2000, 3000, 3000]
    assert shop.proven()
