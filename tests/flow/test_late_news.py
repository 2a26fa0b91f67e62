"""News that turns a decision around: nothing is lost, paid twice or left with the wrong person."""

from __future__ import annotations

from typing import Any

from tests.world import START, World, at, order, paid
from wordmouth.orders.snapshot import Refund
from wordmouth.project import audit
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import services as referral_services
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.visits import tokens
from wordmouth.visits.facts import Token

FRIEND: dict[str, Any] = {"email": "fe@mail.example", "placed_at": at(0)}


def standing(world: World, party: str = "advocate") -> list[RewardFacts]:
    with world.read():
        found = [r for r in rewards.page() if r.party == party]
    return [r for r in found if r.state not in ("withdrawn", "expired")]


def net(world: World, advocate: str) -> int:
    """What the advocate has, less what they owe."""
    with world.read():
        return sum(b.available - b.debt for b in rewards.wallet(advocate).balances)


def status(world: World) -> tuple[str, tuple[str, ...]]:
    with world.read():
        (found,) = referrals.page()
    return found.status, found.reasons


def assert_proven(world: World) -> None:
    assert audit.verify(world.store.id).findings == []
    assert audit.replay(world.store.id).findings == []


def test_a_payment_that_is_taken_back_after_the_release_takes_the_reward_back(
    world: World,
) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(order("1", updated=at(0), paid_at=at(0), codes=(ana.code,), **FRIEND))
    world.move(31)
    world.tell(order("1", updated=at(32), paid_at=None, codes=(ana.code,), **FRIEND))
    assert status(world) == ("voided", ("payment_taken_back",))
    assert (standing(world), net(world, ana.id)) == ([], 0)
    world.tell(order("1", updated=at(33), paid_at=at(33), codes=(ana.code,), **FRIEND))
    assert status(world) == ("approved", ())
    assert_proven(world)


def test_a_code_that_was_not_used_after_all_expires(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    code = world.claim(ana.code, "fe@mail.example").coupon_code
    world.tell(order("1", updated=at(0), paid_at=at(0), codes=(code,), **FRIEND))
    world.move(31)
    world.tell(order("1", updated=at(32), paid_at=at(0), codes=(), **FRIEND))
    with world.read():
        assert {r.state for r in rewards.page() if r.party == "friend"} == {"expired"}
    assert_proven(world)


def test_what_was_spent_and_is_owed_after_all_is_not_owed_again(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(order("1", updated=at(0), paid_at=at(0), codes=(ana.code,), **FRIEND))
    world.move(31)
    (reward,) = standing(world)
    world.tell(paid("2", "ana@shop.example", at(32), codes=(reward.code,)))
    with world.read():
        (mine,) = [r for r in referrals.page() if r.status == "approved"]
    for decision in ("reject", "approve"):
        with world.write():
            referral_services.rule(world.store.id, mine.id, decision, "looked again", "user 1")
    assert [(r.code, r.state) for r in standing(world)] == [(reward.code, "redeemed")]
    assert net(world, ana.id) == 0
    assert_proven(world)


def test_a_use_that_is_told_after_the_withdrawal_is_a_debt_all_the_same(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(order("1", updated=at(0), paid_at=at(0), codes=(ana.code,), **FRIEND))
    world.move(31)
    (reward,) = standing(world)
    world.tell(
        order("1", updated=at(33), paid_at=at(0), cancelled_at=at(33), codes=(ana.code,), **FRIEND)
    )
    assert net(world, ana.id) == 0
    world.tell(paid("2", "ana@shop.example", at(32), codes=(reward.code,)))
    assert net(world, ana.id) == -1000
    assert_proven(world)


def test_an_old_round_used_late_is_a_debt_beside_the_new_one(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    told: dict[str, Any] = {"paid_at": at(0), "codes": (ana.code,), **FRIEND}
    world.tell(order("1", updated=at(0), **told))
    world.move(31)
    (first,) = standing(world)
    world.tell(order("1", updated=at(33), cancelled_at=at(33), **told))
    world.tell(order("1", updated=at(34), **told))
    assert net(world, ana.id) == 1000
    world.tell(paid("2", "ana@shop.example", at(32), codes=(first.code,)))
    assert net(world, ana.id) == 0
    assert_proven(world)


def test_a_reward_follows_its_referral_to_another_advocate(world: World) -> None:
    ana, bo = world.advocate("ana@shop.example"), world.advocate("bo@shop.example")
    token = tokens.make(Token(store_id=world.store.id, code=ana.code, click="c", at=START))
    world.tell(order("1", updated=at(1), paid_at=at(1), token=token, **FRIEND))
    assert [r.advocate_id for r in standing(world)] == [ana.id]
    told: dict[str, Any] = {"paid_at": at(1), "token": token, "codes": (bo.code,), **FRIEND}
    world.tell(order("1", updated=at(2), **told))
    assert [r.advocate_id for r in standing(world)] == [bo.id]
    world.move(40)
    assert (net(world, ana.id), net(world, bo.id)) == (0, 1000)
    assert_proven(world)


def test_a_claim_after_the_order_does_not_judge_it_anew(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    token = tokens.make(Token(store_id=world.store.id, code=ana.code, click="c", at=START))
    world.tell(order("1", updated=at(0), paid_at=at(0), token=token, **FRIEND))
    world.clock.move(at(1) - START)
    world.claim(ana.code, "fe@mail.example")
    assert_proven(world)
    with world.read():
        assert referrals.page()[0].claim_id is None


def test_a_throw_away_address_is_not_forgotten(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    told: dict[str, Any] = {"customer": "c-7", "codes": (ana.code,)}
    world.tell(paid("1", "fe@mailinator.com", at(1), **told))
    assert status(world) == ("flagged", ("disposable_email",))
    world.tell(paid("1", "fe@mail.example", at(2), **told))
    assert status(world) == ("flagged", ("disposable_email",))
    assert_proven(world)


def test_a_second_referral_that_the_merchant_let_pass_is_no_fault(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    for number in (1, 2):
        world.tell(paid(str(number), "fe@mail.example", at(number), codes=(ana.code,)))
    with world.read():
        (second,) = [r for r in referrals.page() if r.status == "rejected"]
    with world.write():
        referral_services.rule(world.store.id, second.id, "approve", "a gift", "user 1")
    assert_proven(world)


def test_an_imported_sum_of_refunds_is_the_shops_own_money_told_again(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    told: dict[str, Any] = {"paid_at": at(0), "codes": (ana.code,), **FRIEND}
    world.tell(order("1", updated=at(1), refunds=(Refund(id="r0", amount=2700),), **told))
    world.tell(order("1", updated=at(2), refunds=(Refund(id="import", amount=2700),), **told))
    assert status(world)[0] == "pending"
    assert_proven(world)
