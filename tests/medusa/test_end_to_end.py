"""A referral in a real shop: every step is a request to a page, an API or a signed endpoint."""

from __future__ import annotations

from itertools import count

import pytest

from tests.medusa.people import Advocate, Shopper, Staff
from tests.medusa.running import MedusaShops
from tests.vendure.people import take_offer

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

_numbers = count(1)


def newcomer(shops: MedusaShops, role: str) -> Shopper:
    return Shopper(shops, f"{role}-{next(_numbers)}@example.com")


def befriended(shops: MedusaShops) -> tuple[Advocate, str, str]:
    """An advocate, the friend's code, and the id of the friend's order with it."""
    first = newcomer(shops, "advocate")
    first.fill_cart()
    advocate = Advocate(shops, first, first.buy()["id"])
    friend = newcomer(shops, "friend")
    token, code = take_offer(advocate.link, friend.email)
    friend.come_by(token)
    friend.fill_cart()
    cart = friend.enter(code)
    assert ([one["code"] for one in cart["promotions"]], cart["item_total"]) == ([code], 45)
    order = friend.buy()
    assert order["total"] == 50
    return advocate, code, order["id"]


def proven(shops: MedusaShops) -> None:
    for verb in ("verify", "replay"):
        report = shops.prove(verb)
        assert report["findings"] == [], verb
        assert min(report["referrals"], report["rewards"]) > 0, verb


def test_from_an_invitation_to_a_reward_and_back(shops: MedusaShops, staff: Staff) -> None:
    advocate, code, order = befriended(shops)
    told = shops.order(order)
    assert told["discount_codes"] == [code]
    totals = {"items": 4167, "discount": 417, "shipping": 417, "tax": 833, "grand": 5000}
    assert {name: told["totals"][name] for name in totals} == totals
    (line,) = told["lines"]
    assert (line["sku"], line["name"], line["quantity"]) == ("TEA-9", "Tea", 2)
    assert told["shipping_address"]["country"] == "EE"
    assert (shops.coupon(code)["state"], shops.coupon(code)["times_used"]) == ("used", 1)
    assert shops.referral(order, "pending")["advocate"]["email"] == advocate.email
    assert not told.get("paid_at")

    staff.capture(order)
    shops.told(order, lambda seen: seen.get("paid_at"))
    parcel = staff.ship(order)
    shops.told(order, lambda seen: seen.get("fulfilled_at"))
    shops.referral(order, "pending")
    staff.deliver(order, parcel)
    shops.told(order, lambda seen: seen.get("delivered_at"))
    referral = shops.referral(order, "approved")["id"]
    reward = shops.reward(referral, "issued")["code"]
    assert staff.promotions(reward) == 1
    assert (shops.coupon(reward)["state"], shops.coupon(reward)["times_used"]) == ("active", 0)
    assert reward in advocate.portal()

    staff.refund(order, 50)
    voided = shops.referral(order, "voided")
    assert [reason["code"] for reason in voided["reasons"]] == ["refunded"]
    assert shops.reward(referral, "withdrawn")["why"]["code"] == "refunded"
    assert shops.revoked_coupon(reward)["times_used"] == 0
    assert shops.order(order)["totals"]["grand"] == 5000
    proven(shops)


def test_an_order_that_is_cancelled_is_no_referral(shops: MedusaShops, staff: Staff) -> None:
    _, _, order = befriended(shops)
    shops.referral(order, "pending")
    staff.cancel(order)
    shops.told(order, lambda seen: seen.get("cancelled_at"))
    shops.referral(order, "voided")
    proven(shops)


def test_goods_that_come_back_count_until_they_are_paid_back(
    shops: MedusaShops, staff: Staff
) -> None:
    _, _, order = befriended(shops)
    staff.capture(order)
    staff.deliver(order, staff.ship(order))
    shops.referral(order, "approved")
    before = shops.order(order)["totals"]
    staff.take_back(order)
    assert staff.order(order)["total"] == 5, "Medusa takes them out of the order's totals"
    staff.refund(order, 45)
    told = shops.told(order, lambda seen: seen["refunds"])
    assert told["totals"] == before
    assert [one["amount"] for one in told["refunds"]] == [4500]
    shops.referral(order, "voided")


def test_a_token_alone_tells_who_sent_the_friend(shops: MedusaShops) -> None:
    first = newcomer(shops, "advocate")
    first.fill_cart()
    advocate = Advocate(shops, first, first.buy()["id"])
    friend = newcomer(shops, "friend")
    token, _ = take_offer(advocate.link, f"other-{friend.email}")
    friend.fill_cart()
    friend.come_by(token)
    friend.come_by("a later link")
    order = friend.buy()["id"]
    referral = shops.referral(order, "pending")
    assert referral["advocate"]["email"] == advocate.email


def test_an_engine_that_is_away_is_told_afterwards(shops: MedusaShops) -> None:
    shops.server.kill()
    try:
        buyer = newcomer(shops, "buyer")
        buyer.fill_cart()
        order = buyer.buy()["id"]
    finally:
        shops.server.start()
    assert shops.order(order)["totals"]["grand"] == 5500
