"""A referral from the claim to the reward and back, and the rules that keep money safe."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection

from tests.world import DAY, GIVE_10_GET_10, START, World, at, order, paid
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.orders.snapshot import Refund
from wordmouth.project import audit
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import services as referral_services
from wordmouth.referrals.errors import NotRulable
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.visits import queries as visits


def referral(world: World) -> ReferralFacts:
    with world.read():
        (found,) = referrals.page()
    return found


def reward(world: World, party: str = "advocate") -> RewardFacts:
    with world.read():
        return next(r for r in rewards.page() if r.party == party)


def wallet(world: World, advocate: str) -> tuple[int, int]:
    with world.read():
        (balance,) = [b for b in rewards.wallet(advocate).balances if b.unit == "EUR"]
    return balance.available - balance.debt, balance.pending


def proven(world: World) -> bool:
    store = world.store.id
    return audit.verify(store).findings == audit.replay(store).findings == []


def test_from_claim_to_reward_and_back(world: World) -> None:
    ana = world.advocate("ana@shop.example", "Ana")
    claim = world.claim(ana.code, "fe@mail.example")
    assert reward(world, "friend").state == "due"

    bought: dict[str, Any] = {"email": "fe@mail.example", "discount": 500}
    bought |= {"codes": (claim.coupon_code,)}
    world.tell(order("1", updated=at(1), placed_at=at(1), paid_at=at(1), **bought))
    assert (referral(world).status, referral(world).via) == ("pending", "code")
    assert reward(world, "friend").state == "redeemed"
    assert wallet(world, ana.id) == (0, 1000)

    done: dict[str, Any] = {"placed_at": at(1), "paid_at": at(1)}
    done |= {"fulfilled_at": at(2), "delivered_at": at(3)}
    world.tell(order("1", updated=at(3), **done, **bought))
    assert referral(world).hold_until == at(17)
    world.move(16.9)
    assert referral(world).status == "pending"
    world.move(0.2)
    assert referral(world).status == "approved"
    assert (reward(world).state, wallet(world, ana.id)) == ("due", (1000, 0))

    part = Refund(id="r1", amount=1000)
    world.tell(order("1", updated=at(18), refunds=(part,), **done, **bought))
    assert (referral(world).status, referral(world).amount) == ("approved", 3500)
    rest = Refund(id="r2", amount=3900)
    world.tell(order("1", updated=at(19), refunds=(part, rest), **done, **bought))
    assert (referral(world).status, referral(world).reasons) == ("voided", ("refunded",))
    assert (reward(world).state, reward(world).why) == ("withdrawn", "refunded")
    assert (reward(world, "friend").state, wallet(world, ana.id)) == ("withdrawn", (0, 0))
    assert proven(world)
    with world.read():
        told = [moment.what for moment in referrals.timeline([referral(world).id]).popitem()[1]]
    assert told == [
        "ordered",
        "paid",
        "held",
        "shipped",
        "delivered",
        "held",
        "approved",
        "partly_refunded",
        "refunded",
        "voided",
    ]


def test_a_reward_that_is_owed_again_is_a_new_one_with_a_new_code(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.claim(ana.code, "fe@mail.example")
    told: dict[str, Any] = {"email": "fe@mail.example", "placed_at": at(0), "paid_at": at(0)}
    world.tell(order("1", updated=at(0), **told))
    world.move(31)
    first = reward(world)
    world.tell(order("1", updated=at(32), cancelled_at=at(32), **told))
    world.tell(order("1", updated=at(33), cancelled_at=None, **told))
    second = reward(world)
    assert (first.state, second.state, second.round) == ("due", "due", 2)
    assert first.code != second.code
    assert wallet(world, ana.id) == (1000, 0)
    assert proven(world)


def test_an_advocates_used_coupon_leaves_a_debt_when_its_referral_falls(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.claim(ana.code, "fe@mail.example")
    told: dict[str, Any] = {"email": "fe@mail.example", "placed_at": at(0), "paid_at": at(0)}
    world.tell(order("1", updated=at(0), **told))
    world.move(31)
    world.tell(paid("2", "ana@shop.example", at(32), codes=(reward(world).code,)))
    assert (reward(world).state, wallet(world, ana.id)) == ("redeemed", (0, 0))
    world.tell(order("1", updated=at(33), cancelled_at=at(33), **told))
    assert (reward(world).state, wallet(world, ana.id)) == ("withdrawn", (-1000, 0))
    assert proven(world)


@pytest.mark.parametrize(
    "friend",
    [
        {"email": "an.a+shop@gmail.com"},
        {"email": "other@mail.example", "customer": "c-1"},
    ],
)
def test_one_cannot_refer_oneself(world: World, friend: dict[str, Any]) -> None:
    ana = world.advocate("ana@gmail.com", customer="c-1")
    world.tell(
        order("1", updated=at(1), placed_at=at(1), paid_at=at(1), codes=(ana.code,), **friend)
    )
    assert (referral(world).status, referral(world).reasons) == ("rejected", ("self_referral",))


def test_one_who_turns_out_to_be_the_advocate_is_refused_afterwards(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(paid("1", "other@mail.example", at(1), codes=(ana.code,), customer="c-9"))
    assert referral(world).status == "pending"
    world.tell(paid("2", "ana@shop.example", at(2), customer="c-9"))
    assert referral(world).reasons == ("self_referral",)
    assert proven(world)


def test_imported_history_makes_customers_known(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(paid("old", "fe@mail.example", START - 300 * DAY), imported=True)
    world.tell(paid("1", "FE@mail.example", at(1), codes=(ana.code,)))
    assert referral(world).reasons == ("existing_customer",)


def test_history_that_comes_late_counts_as_if_it_had_been_known(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(paid("1", "fe@mail.example", at(1), codes=(ana.code,)))
    assert referral(world).status == "pending"
    world.tell(paid("old", "fe@mail.example", START - 300 * DAY), imported=True)
    assert referral(world).reasons == ("existing_customer",)
    assert (reward(world).state, wallet(world, ana.id)) == ("withdrawn", (0, 0))


@pytest.mark.parametrize("batch", [True, False])
def test_the_same_order_delivered_three_times_pays_once(world: World, batch: bool) -> None:
    ana = world.advocate("ana@shop.example")
    told = paid("1", "fe@mail.example", at(1), codes=(ana.code,))
    for group in [[told] * 3] if batch else [[told]] * 3:
        world.tell(*group)
    world.move(40)
    assert wallet(world, ana.id) == (1000, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_order_told_by_twenty_at_once_pays_once(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    told = paid("1", "fe@mail.example", at(1), codes=(ana.code,))
    failures: list[Exception] = []

    def tell() -> None:
        try:
            world.tell(told)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    world.move(40)
    assert wallet(world, ana.id) == (1000, 0)
    assert proven(world)


def test_the_same_friend_claims_once_however_the_address_is_written(world: World) -> None:
    ana, bo = world.advocate("ana@shop.example"), world.advocate("bo@shop.example")
    first = world.claim(ana.code, "fe.lo@gmail.com")
    assert world.claim(ana.code.lower(), "FELO+x@googlemail.com") == first
    assert world.claim(bo.code, "felo@gmail.com") == first
    with world.read():
        assert len(visits.all_ids()) == 1


def test_an_explicit_code_goes_before_a_claim(world: World) -> None:
    ana, bo = world.advocate("ana@shop.example"), world.advocate("bo@shop.example")
    world.claim(ana.code, "fe@mail.example")
    world.tell(paid("1", "fe@mail.example", at(1), codes=(bo.code,)))
    assert referral(world).advocate_id == bo.id


def test_a_referral_is_judged_by_the_version_its_friend_saw(world: World) -> None:
    from wordmouth.programs import services as programs
    from wordmouth.programs.parse import parse_data

    ana = world.advocate("ana@shop.example")
    world.claim(ana.code, "fe@mail.example")
    dearer: dict[str, Any] = GIVE_10_GET_10 | {
        "eligibility": {"friend": "new_customers", "min_order": 90000, "currency": "EUR"}
    }
    world.clock.move(DAY)
    with world.write():
        programs.apply_document(parse_data(dearer), by="test")
    world.tell(paid("1", "fe@mail.example", at(2)))
    assert referral(world).status == "pending"


def test_what_was_promised_is_kept_while_the_programme_is_paused(world: World) -> None:
    from wordmouth.programs import services as programs

    ana = world.advocate("ana@shop.example")
    world.claim(ana.code, "fe@mail.example")
    world.clock.move(DAY)
    with world.write():
        programs.set_status("give-10-get-10", "paused", by="test")
    world.tell(paid("1", "fe@mail.example", at(2)))
    assert referral(world).status == "pending"
    world.tell(paid("2", "lo@mail.example", at(2), codes=(ana.code,)))
    with world.read():
        second = orders.order("2")
        assert second is not None
        (late,) = referrals.page(order=second.id)
    assert late.reasons == ("program_not_live",)


def test_the_merchant_overrules_and_is_remembered(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.tell(paid("old", "fe@mail.example", START - 300 * DAY))
    world.tell(paid("1", "fe@mail.example", at(1), codes=(ana.code,)))
    with world.write():
        ruled = referral_services.rule(
            world.store.id, referral(world).id, "approve", "A returning friend", "user 1"
        )
    assert ruled.status == "pending"
    with world.write(), pytest.raises(NotRulable, match="only blocked, flagged, rejected"):
        referral_services.rule(world.store.id, ruled.id, "approve", "again", "user 1")
    world.tell(paid("3", "fe@mail.example", at(3)))
    assert wallet(world, ana.id) == (0, 1000)
    assert proven(world)


def test_unused_rewards_expire_and_free_their_promise(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    world.claim(ana.code, "fe@mail.example")
    world.move(31)
    assert reward(world, "friend").state == "expired"
    assert proven(world)


def test_stores_do_not_know_each_other(world: World) -> None:
    other = World(world.clock)
    ana = world.advocate("ana@shop.example")
    other.tell(paid("1", "fe@mail.example", at(1), codes=(ana.code,)))
    with other.read():
        assert referrals.page() == []
    assert clock.now() == START
