"""Goods that go back, payments that are taken back, orders that are edited, and what stands again:
each is counted anew to the cent, and leaves its trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.world import GIVE_10_GET_10, World, at, order, paid
from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.orders import queries as orders
from wordmouth.orders.snapshot import Line, OrderSnapshot, Refund, RefundLine
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data
from wordmouth.project import audit
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import services as referral_services
from wordmouth.referrals.errors import NotRulable
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.words import moment_text
from wordmouth.rewards import queries as rewards

TEA = Line(id="1", product_id="p-1", category="Drinks", quantity=2, total=3000)
CAKE = Line(id="2", product_id="p-2", category="Food", quantity=1, total=2000)
CARD = Line(id="3", product_id="p-3", quantity=1, total=2500, gift_card=True)


@pytest.fixture
def ana(world: World) -> str:
    """The code of an advocate."""
    return world.advocate("ana@shop.example").code


def bought(code: str, day: float = 0, **told: Any) -> OrderSnapshot:
    """The friend's order, paid when the test began, as it stands on that day."""
    given: dict[str, Any] = {"email": "fe@mail.example", "placed_at": at(0), "paid_at": at(0)}
    return order("1", updated=at(day), codes=(code,), **given | told)


def back(name: str, amount: int, *lines: RefundLine) -> Refund:
    return Refund(id=name, amount=amount, at=at(1), lines=lines)


def terms(world: World, **parts: Any) -> None:
    """The programme with other terms from now on."""
    with world.write():
        programs.apply_document(parse_data(GIVE_10_GET_10 | parts), by="test")


def eligibility(**told: Any) -> dict[str, Any]:
    return {**GIVE_10_GET_10["eligibility"], **told}


def referral(world: World) -> ReferralFacts:
    with world.read():
        (found,) = referrals.page()
    return found


def counted(world: World) -> tuple[str, tuple[str, ...], int, int]:
    found = referral(world)
    return found.status, found.reasons, found.basis, found.amount


def balance(world: World) -> tuple[int, int]:
    """What stands for the advocate: (available, pending), in cents."""
    found = rewards_of(world)
    return sum(b.available - b.debt for b in found), sum(b.pending for b in found)


def rewards_of(world: World) -> tuple[rewards.Balance, ...]:
    with world.read():
        (referred,) = referrals.page()
        return rewards.wallet(referred.advocate_id).balances


def story(world: World) -> list[str]:
    with world.read():
        (found,) = referrals.timeline([referral(world).id]).values()
    return [moment_text(moment.what, moment.details) for moment in found]


def rule(world: World, decision: str) -> ReferralFacts:
    with world.write():
        return referral_services.rule(
            world.store.id, referral(world).id, decision, "a good friend", "user 1"
        )


def assert_proven(world: World) -> None:
    assert audit.verify(world.store.id).findings == []
    assert audit.replay(world.store.id).findings == []


def test_a_charge_back_takes_the_reward_back_and_a_won_dispute_gives_it_again(
    world: World, ana: str
) -> None:
    world.tell(bought(ana))
    world.move(31)
    assert balance(world) == (1000, 0)
    world.tell(bought(ana, 32, charged_back_at=at(32)))
    assert counted(world)[:2] == ("voided", ("charged_back",))
    assert balance(world) == (0, 0)
    world.tell(bought(ana, 40, charged_back_at=None))
    assert counted(world) == ("approved", (), 5000, 5000)
    assert balance(world) == (1000, 0)
    assert story(world)[-4:] == [
        "The payment was charged back by the buyer's bank.",
        "The reward was taken back: The payment was charged back by the buyer's bank.",
        "The charge back was settled: the payment stands again.",
        "The recommendation stands again.",
    ]
    assert_proven(world)


def test_a_charged_back_order_makes_nobody_a_customer(world: World, ana: str) -> None:
    world.tell(paid("0", "fe@mail.example", at(-9), charged_back_at=at(-8)), bought(ana))
    assert counted(world)[:2] == ("pending", ("in_hold",))
    world.tell(order("0", email="fe@mail.example", updated=at(1), placed_at=at(-9), paid_at=at(-9)))
    assert counted(world)[:2] == ("rejected", ("existing_customer",))
    assert_proven(world)


def test_a_friends_discount_goes_back_with_a_charged_back_order(world: World, ana: str) -> None:
    coupon = world.claim(ana, "fe@mail.example").coupon_code
    world.tell(bought(coupon))
    world.tell(bought(coupon, 1, charged_back_at=at(1)))
    with world.read():
        (reward,) = [one for one in rewards.page() if one.party == "friend"]
    assert (reward.state, reward.why) == ("withdrawn", "charged_back")
    assert_proven(world)


def test_a_cancellation_that_is_lifted_lets_the_hold_go_on(world: World, ana: str) -> None:
    world.tell(bought(ana))
    world.tell(bought(ana, 1, cancelled_at=at(1)))
    assert counted(world)[:2] == ("voided", ("cancelled",))
    world.tell(bought(ana, 2))
    assert counted(world)[:2] == ("pending", ("in_hold",))
    assert story(world)[-3:-1] == [
        "The order is no longer cancelled.",
        "The recommendation stands again.",
    ]
    assert_proven(world)


def test_refunded_lines_shrink_the_reward_each_once(world: World, ana: str) -> None:
    whole: dict[str, Any] = {"lines": (TEA, CAKE), "discount": 500}
    half = back("r1", 1350, RefundLine(id="1", quantity=1))
    world.tell(bought(ana, **whole))
    world.tell(bought(ana, 1, refunds=(half,), **whole), bought(ana, 2, refunds=(half,), **whole))
    assert counted(world) == ("pending", ("in_hold",), 4500, 3150)
    assert balance(world) == (0, 700)
    again = back("r2", 1350, RefundLine(id="1", quantity=1))
    world.tell(bought(ana, 3, refunds=(half, again), **whole))
    assert counted(world)[2:] == (4500, 1800)
    assert balance(world) == (0, 400)
    world.move(31)
    assert balance(world) == (400, 0)
    assert_proven(world)


def test_refunds_in_any_order_come_to_the_same(world: World, ana: str) -> None:
    whole: dict[str, Any] = {"lines": (TEA, CAKE)}
    one, other = back("r1", 1000), back("r2", 2000, RefundLine(id="2"))
    world.tell(bought(ana, 2, refunds=(other,), **whole))
    world.tell(bought(ana, 1, refunds=(one,), **whole))
    assert counted(world)[2:] == (5000, 2000)
    assert_proven(world)


def test_goods_that_went_back_whole_are_a_refund_although_the_shipping_was_kept(
    world: World, ana: str
) -> None:
    whole: dict[str, Any] = {"lines": (TEA, CAKE)}
    world.tell(bought(ana, **whole))
    world.move(31)
    world.tell(bought(ana, 32, refunds=(back("r1", 5000),), **whole))
    assert counted(world) == ("voided", ("refunded",), 5000, 0)
    assert balance(world) == (0, 0)
    assert_proven(world)


def test_gift_cards_do_not_count_unless_the_programme_says_so(world: World, ana: str) -> None:
    whole: dict[str, Any] = {"lines": (TEA, CARD), "items": 5500}
    world.tell(bought(ana, **whole))
    assert counted(world)[2:] == (3000, 3000)
    world.tell(bought(ana, 1, gift_card=5900, **whole))
    assert counted(world)[:2] == ("rejected", ("gift_cards_only",))
    world.tell(bought(ana, 2, lines=(CARD,), items=2500))
    assert counted(world)[:2] == ("rejected", ("gift_cards_only",))
    assert balance(world) == (0, 0)
    assert_proven(world)


def test_the_terms_that_the_friend_saw_say_which_goods_count(world: World, ana: str) -> None:
    with world.write():
        catalog.take(world.store.id, [ProductSnapshot(id="p-1", updated_at=at(0))])
    terms(world, eligibility=eligibility(gift_cards=True, include={"categories": ["drinks"]}))
    world.clock.move(timedelta(days=1))
    coupon = world.claim(ana, "fe@mail.example").coupon_code
    terms(world, eligibility=eligibility(exclude={"products": ["p-1"]}))
    world.tell(bought(coupon, 2, lines=(TEA, CAKE), placed_at=at(2), paid_at=at(2)))
    assert counted(world)[2:] == (3000, 3000)
    world.tell(bought(coupon, 3, lines=(CAKE,), items=2000, placed_at=at(2), paid_at=at(2)))
    assert counted(world)[:2] == ("rejected", ("no_eligible_goods",))
    world.tell(bought(coupon, 4, lines=(), placed_at=at(2), paid_at=at(2)))
    assert counted(world)[:2] == ("rejected", ("no_eligible_goods",))
    assert_proven(world)


def test_an_order_for_nothing_does_not_count_unless_the_programme_says_so(
    world: World, ana: str
) -> None:
    terms(world, eligibility=eligibility(min_order=0))
    world.clock.move(timedelta(days=1))
    free: dict[str, Any] = {"placed_at": at(2), "paid_at": at(2), "discount": 5000}
    world.tell(bought(ana, 2, **free))
    assert counted(world)[:2] == ("rejected", ("nothing_paid",))
    world.clock.move(timedelta(days=2))
    terms(world, eligibility=eligibility(min_order=0, free_orders=True))
    world.clock.move(timedelta(days=1))
    world.tell(bought(ana, 5, placed_at=at(5), paid_at=at(5), discount=5000))
    assert counted(world) == ("pending", ("in_hold",), 0, 0)
    assert balance(world) == (0, 1000)
    assert_proven(world)


def test_an_order_that_is_edited_is_counted_anew_up_and_down(world: World, ana: str) -> None:
    part = (back("r1", 1000),)
    world.tell(bought(ana, lines=(TEA, CAKE), refunds=part))
    assert (counted(world)[2:], balance(world)) == ((5000, 4000), (0, 800))
    world.tell(bought(ana, 1, lines=(TEA, CAKE), items=10000, refunds=part))
    assert (counted(world)[2:], balance(world)) == ((10000, 9000), (0, 900))
    assert story(world)[-1] == "The order changed: €90.00 of it count now; it was €40.00."
    world.tell(bought(ana, 2, lines=(CAKE,), items=1500))
    assert counted(world)[:2] == ("rejected", ("below_minimum",))
    assert balance(world) == (0, 0)
    world.tell(bought(ana, 3, lines=(TEA,), items=3000))
    assert counted(world)[0] == "pending"
    assert_proven(world)


def test_an_edit_after_the_release_changes_the_reward(world: World, ana: str) -> None:
    world.tell(bought(ana, lines=(TEA, CAKE), refunds=(back("r1", 2500),)))
    world.move(31)
    assert balance(world) == (500, 0)
    world.tell(bought(ana, 32, lines=(TEA, CAKE), items=10000, refunds=(back("r1", 2500),)))
    assert balance(world) == (750, 0)
    assert_proven(world)


def test_late_news_of_what_was_bought_is_counted(world: World, ana: str) -> None:
    """The newest snapshot tells no lines; an older one, which comes later, does."""
    world.tell(bought(ana, 2))
    assert counted(world)[2:] == (5000, 5000)
    card = msgspec.structs.replace(CARD, total=2000)
    world.tell(bought(ana, 1, lines=(TEA, card)))
    assert counted(world)[2:] == (3000, 3000)
    assert_proven(world)


@pytest.mark.parametrize(
    "fallen",
    [
        {"cancelled_at": at(32)},
        {"charged_back_at": at(32)},
        {"refunds": (back("r1", 5400),)},
        {"refunds": (back("r1", 5000),)},
        {"paid_at": None},
    ],
)
def test_the_merchant_restores_what_fell_and_takes_that_back(
    world: World, ana: str, fallen: dict[str, Any]
) -> None:
    world.tell(bought(ana))
    world.move(31)
    world.tell(bought(ana, 32, **fallen))
    assert counted(world)[0] == "voided"
    restored = rule(world, "approve")
    assert (restored.status, restored.reasons, restored.amount) == ("approved", (), 5000)
    assert balance(world) == (1000, 0)
    assert story(world)[-2:] == [
        "The shop restored the recommendation: a good friend",
        "The recommendation stands again.",
    ]
    world.tell(bought(ana, 33, **fallen))
    assert counted(world)[0] == "approved"
    assert_proven(world)
    assert rule(world, "reject").status == "rejected"
    assert balance(world) == (0, 0)
    assert rule(world, "approve").status == "voided"
    assert_proven(world)


def test_what_is_restored_within_its_hold_waits_for_it(world: World, ana: str) -> None:
    world.tell(bought(ana))
    world.tell(bought(ana, 1, cancelled_at=at(1)))
    restored = rule(world, "approve")
    assert (restored.status, restored.hold_until) == ("pending", at(30))
    with world.write(), pytest.raises(NotRulable):
        referral_services.rule(world.store.id, restored.id, "approve", "again", "user 1")
    world.move(30)
    assert counted(world)[0] == "approved"
    assert_proven(world)


def test_a_claim_leads_to_the_referral_that_stands_or_else_the_newest(
    world: World, ana: str
) -> None:
    claim = world.claim(ana, "fe@mail.example")
    codes = (claim.coupon_code,)
    told: dict[str, Any] = {"email": "fe@mail.example", "codes": codes}

    def led_to() -> str:
        with world.read():
            found = referrals.of_claims([claim.id, "clm_none"])
            assert set(found) <= {claim.id}
            bought = orders.orders(one.order_id for one in found.values())
        return ", ".join(one.external_id for one in bought.values())

    assert led_to() == ""
    world.tell(*(paid(str(n), when=at(n), **told) for n in (1, 2)))
    assert led_to() == "1"
    fallen = order("1", updated=at(3), placed_at=at(1), paid_at=at(1), cancelled_at=at(3), **told)
    world.tell(fallen)
    assert led_to() == "2"
    world.tell(
        order("2", updated=at(3), placed_at=at(2), paid_at=at(2), cancelled_at=at(3), **told)
    )
    assert led_to() == "2"
    assert_proven(world)
