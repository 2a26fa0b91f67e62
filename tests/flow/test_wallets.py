"""Points, credit and cash: earned, expired oldest first, spent once, taken back; and friends'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flow.test_schedules import Shop, open_store
from tests.world import START, at, paid
from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock
from wordmouth.orders.snapshot import Refund
from wordmouth.people import queries as people
from wordmouth.rewards import queries as rewards
from wordmouth.rewards import redeeming, services
from wordmouth.rewards.errors import BadRedemption, NotEnough, RedemptionUsed
from wordmouth.rewards.facts import RedemptionFacts, RewardFacts
from wordmouth.rewards.models import Redemption

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("able")]

POINTS = {"schedule": "each", "kind": "points", "value": 100}
OPTIONS = {
    "redemptions": [
        {"key": "five-off", "price": 150, "kind": "amount_off", "value": 500},
        {"key": "ship", "pay_with": "store_credit", "price": 300, "kind": "free_shipping"},
    ]
}


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def buy(shop: Shop, **what: Any) -> RedemptionFacts:
    with shop.world.write():
        return redeeming.redeem(shop.world.store.id, shop.ana.id, **what)


def thing(shop: Shop, redemption: RedemptionFacts) -> RewardFacts:
    """What was bought."""
    with shop.world.read():
        return rewards.of_redemptions([redemption.id])[redemption.id]


def redemption(shop: Shop, known: RedemptionFacts) -> RedemptionFacts:
    with shop.world.read():
        return rewards.redemption(known.id)


def give_back(shop: Shop, redemption: RedemptionFacts) -> RedemptionFacts:
    with shop.world.write():
        return redeeming.cancel(shop.world.store.id, redemption.id)


def test_points_buy_a_coupon_once(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, POINTS, wallet=OPTIONS))
    for _ in range(2):
        shop.friend_buys()
    bought = buy(shop, option="five-off")
    assert (bought.price, bought.unit, thing(shop, bought).state) == (150, "PTS", "due")
    assert shop.purse("points") == (50, 0)
    assert shop.purse("coupon") == (500, 0)
    with pytest.raises(NotEnough, match="costs 150 and 50 are there"):
        buy(shop, option="five-off")
    with pytest.raises(BadRedemption, match="it has five-off, ship"):
        buy(shop, option="ten-off")
    assert shop.proven()
    shop.uses(thing(shop, bought))
    with pytest.raises(RedemptionUsed):
        give_back(shop, bought)
    assert shop.purse("coupon") == (0, 0)
    assert shop.proven()


def test_a_redemption_is_given_back_whole(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, POINTS, wallet=OPTIONS))
    for _ in range(2):
        shop.friend_buys()
    bought = buy(shop, option="five-off")
    for _ in range(2):
        assert give_back(shop, bought).state == "cancelled"
        assert shop.purse("points") == (200, 0)
        assert shop.purse("coupon") == (0, 0)
    assert shop.proven()


def test_what_was_given_back_and_used_all_the_same_is_paid_for(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, POINTS, wallet=OPTIONS))
    for _ in range(2):
        shop.friend_buys()
    bought = buy(shop, option="five-off")
    give_back(shop, bought)
    for _ in range(2):
        shop.world.clock.move(at(0.01) - at(0))
        shop.uses(thing(shop, bought))
        assert thing(shop, bought).state == "redeemed"
        assert shop.purse("points") == (50, 0)
        assert shop.purse("coupon") == (0, 0), "nothing is owed for it"
        stands = redemption(shop, bought)
        assert (stands.state, stands.cancelled_at) == ("made", None)
        assert shop.proven()
        shop.world.clock.move(at(0.01) - at(0))
        shop.world.tell(paid("own", "ana@shop.example", shop.world.clock.now(), codes=()))
        assert redemption(shop, bought).state == "cancelled", "it was not used after all"
        assert shop.purse("points") == (200, 0)
        assert shop.proven()


def test_a_redemption_that_does_not_follow_its_use_is_found(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, POINTS, wallet=OPTIONS))
    for _ in range(2):
        shop.friend_buys()
    bought = buy(shop, option="five-off")
    give_back(shop, bought)
    with shop.world.write():
        Redemption.objects.update(state="made")
    assert not shop.proven()


def test_store_credit_becomes_a_coupon_of_any_amount(watch: clock.SetClock) -> None:
    credit = {"schedule": "each", "kind": "store_credit", "value": 1000}
    shop = Shop(open_store(watch, credit, wallet=OPTIONS))
    shop.friend_buys()
    assert thing(shop, buy(shop, amount=650)).value == 650
    assert thing(shop, buy(shop, option="ship")).kind == "free_shipping"
    assert shop.purse("credit") == (50, 0)
    with pytest.raises(NotEnough):
        buy(shop, amount=51)
    for wrong in ({}, {"amount": 0}, {"amount": 5, "option": "ship"}):
        with pytest.raises(BadRedemption):
            buy(shop, **wrong)
    assert shop.proven()


def test_what_was_spent_and_is_owed_no_more_is_paid_by_the_next(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, {**POINTS, "value": 150}, wallet=OPTIONS))
    shop.friend_buys()
    buy(shop, option="five-off")
    shop.cancels("1")
    assert shop.purse("points") == (-150, 150)
    shop.friend_buys()
    assert shop.purse("points") == (0, 0)
    assert shop.proven()


def test_a_forgiving_programme_lets_go_of_what_a_wallet_is_short_of(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, POINTS, wallet=OPTIONS, clawback={"spent": "forgive"}))
    for _ in range(2):
        shop.friend_buys()
    buy(shop, option="five-off")
    shop.cancels("1")
    assert shop.purse("points") == (0, 0), "50 were left and are taken; 50 are let go"
    assert shop.proven()
    shop.changes("1")
    assert shop.purse("points") == (50, 0), "owed after all: only what was taken comes back"
    assert shop.proven()


def test_the_oldest_points_are_spent_first_and_the_rest_expires(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, {**POINTS, "expires_days": 30}, wallet=OPTIONS))
    for _ in range(3):
        shop.friend_buys()
    buy(shop, option="five-off")
    shop.world.clock.at = at(31.5)
    shop.world.run_jobs()
    assert shop.purse("points") == (150, 0), "the first lot was spent: nothing of it was left"
    assert [one.state for one in shop.rewards()][:1] == ["redeemed"]
    shop.world.clock.at = at(32.5)
    shop.world.run_jobs()
    assert shop.purse("points") == (100, 0), "of the second 50 were left"
    shop.world.clock.at = at(40)
    shop.world.run_jobs()
    assert shop.purse("points") == (0, 0)
    assert [(one.state, one.expired) for one in shop.rewards() if one.kind == "points"] == [
        ("redeemed", 0),
        ("expired", 50),
        ("expired", 100),
    ]
    assert shop.proven()


def test_points_out_of_date_cannot_be_spent_though_no_clock_has_run(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, {**POINTS, "value": 150, "expires_days": 30}, wallet=OPTIONS))
    shop.friend_buys()
    shop.world.clock.at = at(40)
    with pytest.raises(NotEnough, match="0 are there"):
        buy(shop, option="five-off")


def test_a_friend_is_credited_when_the_order_has_stood(watch: clock.SetClock) -> None:
    world = open_store(
        watch,
        hold={"after": "paid", "days": 14},
        offers=[{"key": "control", "friend": {"kind": "points", "value": 70}}],
    )
    shop = Shop(world)
    claim = world.claim(shop.ana.code, "fe@mail.example")
    with world.read():
        mine = rewards.of_claim(claim.id)
        assert mine is not None
        assert mine.state == "pending"
    world.tell(paid("1", "fe@mail.example", at(1), codes=(claim.coupon_code,)))
    watch.at = at(16)
    world.run_jobs()
    with world.read():
        (friend,) = [
            one
            for one in advocates.page(10)
            if people.persons([one.person_id])[one.person_id].email == "fe@mail.example"
        ]
        assert [(b.purse, b.available) for b in rewards.wallet(friend.id).balances] == [
            ("points", 70)
        ]
    assert shop.proven()


def test_what_an_issuer_says_was_used_is_used(watch: clock.SetClock) -> None:
    card = {"schedule": "each", "kind": "gift_card", "value": 2000}
    shop = Shop(open_store(watch, card))
    shop.friend_buys()
    (reward,) = shop.rewards("due")
    shop.cancels("1")
    for _ in range(2):
        with shop.world.write():
            services.note_spent(shop.world.store.id, [reward.id])
        assert shop.purse("coupon") == (0, 2000)
    shop.changes("1")
    assert [one.state for one in shop.rewards()] == ["redeemed"]
    assert shop.purse("coupon") == (0, 0)
    assert shop.proven()


def test_what_is_owed_again_has_its_whole_time_again(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, {**POINTS, "expires_days": 30}))
    shop.friend_buys()
    shop.cancels("1")
    shop.world.clock.at = at(40)
    shop.changes("1")
    shop.world.run_jobs()
    assert shop.purse("points") == (100, 0), "its time began anew"
    shop.world.clock.at = at(71)
    shop.world.run_jobs()
    assert shop.purse("points") == (0, 0)
    assert shop.proven()


def test_what_was_lost_by_a_late_refund_is_not_what_had_expired(watch: clock.SetClock) -> None:
    credit = {"schedule": "each", "kind": "store_credit", "value": 1000, "expires_days": 30}
    shop = Shop(open_store(watch, credit, wallet=OPTIONS))
    key = shop.friend_buys(items=4000)
    buy(shop, amount=400)
    shop.world.clock.at = at(31.5)
    shop.world.run_jobs()
    refunds: tuple[Refund, ...] = ()
    for back, worth, state, over, has in (
        (2000, 500, "expired", 100, (0, 0)),
        (800, 300, "redeemed", 0, (-100, 100)),
    ):
        refunds += (Refund(id=f"r{back}", amount=back, at=at(32)),)
        shop.changes(key, items=4000, refunds=refunds)
        earned = [one for one in shop.rewards() if one.kind == "store_credit"]
        assert [(one.value, one.state, one.expired) for one in earned] == [(worth, state, over)]
        assert shop.purse("credit") == has
        assert shop.proven()


def test_what_was_let_go_is_not_taken_back_by_the_next_refund(watch: clock.SetClock) -> None:
    credit = {"schedule": "each", "kind": "store_credit", "value": 1000}
    shop = Shop(open_store(watch, credit, clawback={"spent": "forgive"}))
    first = shop.friend_buys(items=4000)
    buy(shop, amount=1000)
    shop.changes(first, items=4000, refunds=(Refund(id="r1", amount=2000, at=at(2)),))
    assert shop.purse("credit") == (0, 0)
    for _ in range(2):
        shop.friend_buys(items=4000)
    refunds = (Refund(id="r1", amount=2000, at=at(2)), Refund(id="r2", amount=1000, at=at(3)))
    shop.changes(first, items=4000, refunds=refunds)
    assert shop.purse("credit") == (1750, 0)
    assert shop.proven()


def test_forgiving_gives_no_second_coupon_for_a_shrinking_one(watch: clock.SetClock) -> None:
    coupon = {"schedule": "each", "kind": "amount_off", "value": 1000}
    shop = Shop(open_store(watch, coupon, clawback={"spent": "forgive"}))
    key = shop.friend_buys(items=5000)
    shop.uses(shop.rewards("due")[0])
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=500, at=at(2)),))
    assert shop.rewards("due") == []
    assert shop.purse("coupon") == (0, 100)
    shop.changes(key, items=5000, cancelled_at=shop.world.clock.now())
    assert shop.purse("coupon") == (0, 0), "owed nothing more, what was used is let go"
    assert shop.proven()


def test_a_coupon_that_was_over_stays_over(watch: clock.SetClock) -> None:
    coupon = {"schedule": "each", "kind": "amount_off", "value": 1000, "expires_days": 10}
    shop = Shop(open_store(watch, coupon))
    shop.friend_buys()
    shop.world.clock.at = at(20)
    shop.world.run_jobs()
    shop.cancels("1")
    shop.changes("1")
    assert [one.state for one in shop.rewards()] == ["expired"]
    assert shop.proven()
