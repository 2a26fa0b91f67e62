"""A referral in a real shop: every step is a request to a page, the API or a signed endpoint."""

from __future__ import annotations

from itertools import count

import pytest

from tests.oscar.people import Customer, Staff
from tests.oscar.running import Pair

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

_numbers = count(1)


def newcomer(pair: Pair, role: str) -> Customer:
    return Customer(pair, f"{role}-{next(_numbers)}@example.com")


def befriended(pair: Pair) -> tuple[Customer, Customer, str, str]:
    """An advocate, a friend, the friend's code and the friend's order with it."""
    advocate, friend = newcomer(pair, "advocate"), newcomer(pair, "friend")
    advocate.fill_basket()
    advocate.check_out()
    code = friend.take_offer(advocate.join())
    basket = friend.fill_basket()
    assert code in basket, "the shop puts the code into the basket by itself"
    return advocate, friend, code, friend.check_out()


def completed(pair: Pair, staff: Staff, number: str) -> tuple[str, str]:
    """Complete a referred order in the shop; the referral and the advocate's code for it."""
    staff.set_status(number, "Being processed", "Complete")
    referral = pair.referral(number, "approved")["id"]
    return referral, pair.reward(referral, "issued")["code"]


def proven(pair: Pair) -> None:
    for verb in ("verify", "replay"):
        report = pair.prove(verb)
        assert report["findings"] == [], verb
        assert min(report["referrals"], report["rewards"]) > 0, verb


def test_from_an_invitation_to_a_reward_that_works_once(pair: Pair, staff: Staff) -> None:
    advocate, friend, code, number = befriended(pair)
    told = pair.order(number)
    assert told["discount_codes"] == [code]
    assert (told["totals"]["discount"], told["totals"]["grand"]) == (500, 4900)
    assert pair.coupon(code)["state"] == "used"
    pending = pair.referral(number, "pending")
    assert [reason["code"] for reason in pending["reasons"]] == ["awaiting_payment"]
    assert pending["advocate"]["email"] == advocate.email
    assert pending["friend"]["email"] == friend.email

    referral, reward = completed(pair, staff, number)
    assert staff.vouchers(reward) == 1
    assert (pair.coupon(reward)["state"], pair.coupon(reward)["times_used"]) == ("active", 0)
    assert reward in advocate.portal()

    advocate.fill_basket()
    advocate.enter(reward)
    spent = pair.order(advocate.check_out())
    assert spent["discount_codes"] == [reward]
    assert (spent["totals"]["discount"], spent["totals"]["grand"]) == (1000, 4400)
    assert (pair.coupon(reward)["state"], pair.coupon(reward)["times_used"]) == ("used", 1)
    assert pair.reward(referral, "redeemed")["code"] == reward

    for again in (advocate, newcomer(pair, "stranger")):
        again.fill_basket()
        assert "already been used" in again.enter(reward)
        refused = pair.order(again.check_out())
        assert (refused["discount_codes"], refused["totals"]["discount"]) == ([], 0)
    assert pair.coupon(reward)["times_used"] == 1
    proven(pair)


def undo(staff: Staff, number: str, how: str) -> None:
    if how == "cancelled":
        staff.set_status(number, "Cancelled")
    else:
        staff.refund(number, "49.00")


def test_an_order_that_is_undone_takes_the_reward_back(pair: Pair, staff: Staff) -> None:
    for how in ("cancelled", "refunded"):
        advocate, _, _, number = befriended(pair)
        referral, reward = completed(pair, staff, number)
        assert pair.coupon(reward)["state"] == "active"

        undo(staff, number, how)
        voided = pair.referral(number, "voided")
        assert [reason["code"] for reason in voided["reasons"]] == [how]
        assert pair.reward(referral, "withdrawn")["why"]["code"] == how
        assert pair.revoked_coupon(reward)["times_used"] == 0
        assert "Taken back" in advocate.portal()

        advocate.fill_basket()
        assert "has expired" in advocate.enter(reward)
        refused = pair.order(advocate.check_out())
        assert (refused["discount_codes"], refused["totals"]["discount"]) == ([], 0)
    proven(pair)
