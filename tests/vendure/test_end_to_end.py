"""A referral in a real shop: every step is a request to a page, an API or a signed endpoint."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.vendure.people import Advocate, Shopper, Staff, take_offer
from tests.vendure.running import Shops

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

_numbers = count(1)


def newcomer(shops: Shops, role: str) -> Shopper:
    return Shopper(shops.shop, f"{role}-{next(_numbers)}@example.com")


def befriended(shops: Shops) -> tuple[Advocate, Shopper, str, dict[str, Any]]:
    """An advocate, a friend, the friend's code and the friend's order with it."""
    first = newcomer(shops, "advocate")
    first.fill_cart()
    advocate = Advocate(shops, first, first.buy()["code"])
    friend = newcomer(shops, "friend")
    token, code = take_offer(advocate.link, friend.email)
    friend.come_by(token)
    friend.fill_cart()
    cart = friend.enter(code)
    assert (cart["couponCodes"], cart["subTotalWithTax"]) == ([code], 4500)
    return advocate, friend, code, friend.buy()


def proven(shops: Shops) -> None:
    for verb in ("verify", "replay"):
        report = shops.prove(verb)
        assert report["findings"] == [], verb
        assert min(report["referrals"], report["rewards"]) > 0, verb


def test_from_an_invitation_to_a_reward_and_back(shops: Shops, staff: Staff) -> None:
    advocate, friend, code, order = befriended(shops)
    number = order["code"]
    told = shops.order(number)
    assert told["discount_codes"] == [code]
    assert told["totals"]["grand"] == order["totalWithTax"] == 5000
    assert shops.coupon(code)["state"] == "used"
    pending = shops.referral(number, "pending")
    assert pending["advocate"]["email"] == advocate.email
    assert pending["friend"]["email"] == friend.email
    assert told["paid_at"]
    assert not told.get("fulfilled_at")

    staff.ship(number)
    shops.told(number, lambda seen: seen.get("fulfilled_at"))
    shops.referral(number, "pending")
    staff.deliver(number)
    shops.told(number, lambda seen: seen.get("delivered_at"))
    referral = shops.referral(number, "approved")["id"]
    reward = shops.reward(referral, "issued")["code"]
    assert staff.promotions(reward) == 1
    assert (shops.coupon(reward)["state"], shops.coupon(reward)["times_used"]) == ("active", 0)
    assert reward in advocate.portal()

    refund = staff.begin_refund(number, 5000, quantity=2)
    assert shops.coupon(reward)["state"] == "active", "nothing has been given back yet"
    staff.settle_refund(refund)
    voided = shops.referral(number, "voided")
    assert [reason["code"] for reason in voided["reasons"]] == ["refunded"]
    assert shops.reward(referral, "withdrawn")["why"]["code"] == "refunded"
    assert shops.revoked_coupon(reward)["times_used"] == 0
    refused = newcomer(shops, "stranger").enter_in_new_cart(reward)
    assert refused["errorCode"] == "COUPON_CODE_INVALID_ERROR"
    proven(shops)


def test_an_order_that_is_cancelled_takes_the_reward_back(shops: Shops, staff: Staff) -> None:
    _, _, _, order = befriended(shops)
    number = order["code"]
    staff.ship(number)
    staff.deliver(number)
    referral = shops.referral(number, "approved")["id"]
    reward = shops.reward(referral, "issued")["code"]
    staff.cancel(number, 2)
    shops.referral(number, "voided")
    assert shops.reward(referral, "withdrawn")["why"]["code"] == "cancelled"
    shops.revoked_coupon(reward)
    proven(shops)


def test_a_token_alone_tells_who_sent_the_friend(shops: Shops) -> None:
    first = newcomer(shops, "advocate")
    first.fill_cart()
    advocate = Advocate(shops, first, first.buy()["code"])
    friend = newcomer(shops, "friend")
    token, _ = take_offer(advocate.link, f"other-{friend.email}")
    friend.fill_cart()
    friend.come_by(token)
    friend.come_by("a later link")
    order = friend.buy()
    assert order["couponCodes"] == []
    referral = shops.referral(order["code"], "pending")
    assert referral["advocate"]["email"] == advocate.email
