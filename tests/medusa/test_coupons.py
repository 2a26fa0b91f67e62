"""The engine's coupons in the shop: what is made, how it works in carts, what is refused."""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

import pytest

from tests.medusa.people import Shopper, Staff
from tests.medusa.running import MedusaShops
from tests.vendure.running import Answer
from tests.vendure.test_coupons import problem, terms

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

_numbers = count(1)


def issued(shops: MedusaShops, **change: Any) -> str:
    """The code of a coupon that was just made."""
    asked = terms(**change)
    answer = shops.ask("coupon.issue", asked)
    assert (answer.status, answer.content["state"]) == (200, "active"), answer
    return str(asked["code"])


def shopper(shops: MedusaShops) -> Shopper:
    return Shopper(shops, f"coupon-{next(_numbers)}@example.com")


def test_the_same_coupon_again_is_the_same_coupon(shops: MedusaShops, staff: Staff) -> None:
    asked = terms()
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(shops.ask("coupon.issue", asked)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = shops.ask("coupon.issue", {**asked, "description": "Other words"})
    assert answers == [again] * 4
    assert again.content["reference"].startswith("promotion/promo_")
    assert shops.ask("coupon.lookup", {"code": asked["code"]}) == again
    assert staff.promotions(asked["code"]) == 1


def test_a_code_that_is_taken_is_refused(shops: MedusaShops, staff: Staff) -> None:
    asked = terms()
    shops.ask("coupon.issue", asked)
    other = shops.ask("coupon.issue", {**asked, "value": 20})
    assert problem(other) == (409, "terms_differ")
    assert other.content["detail"].endswith("with another value")
    staff.make_promotion("SUMMER")
    assert problem(shops.ask("coupon.issue", terms(code="SUMMER"))) == (409, "code_taken")
    assert problem(shops.ask("coupon.lookup", {"code": "SUMMER"})) == (404, "coupon_not_found")
    assert problem(shops.ask("coupon.revoke", {"code": "SUMMER"})) == (404, "coupon_not_found")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"value": 10}, 45),
        ({"kind": "amount_off", "value": 1000}, 40),
        ({"kind": "amount_off", "value": 9900}, 0),
        ({"min_order": 5000}, 45),
        ({"min_order": 5001}, 50),
        ({"expires_at": "2999-12-31T00:00:00Z"}, 45),
    ],
)
def test_what_comes_off_a_cart(shops: MedusaShops, change: dict[str, Any], left: int) -> None:
    buyer = shopper(shops)
    cart = buyer.enter_in_new_cart(issued(shops, **change))
    assert cart["item_total"] == pytest.approx(left, abs=0.001)
    again = buyer.api.ask(buyer.cart)["cart"]
    assert again["item_total"] == cart["item_total"], "nor is it gone when the cart is seen again"


def test_a_least_order_is_kept_when_the_cart_changes(shops: MedusaShops) -> None:
    buyer = shopper(shops)
    code = issued(shops, min_order=5000)
    assert buyer.enter_in_new_cart(code)["item_total"] == 45
    buyer.choose_shipping()
    assert buyer.api.ask(buyer.cart)["cart"]["item_total"] == 45


def test_free_shipping(shops: MedusaShops) -> None:
    buyer = shopper(shops)
    buyer.fill_cart()
    buyer.choose_shipping()
    buyer.enter(issued(shops, kind="free_shipping", value=0))
    order = buyer.buy()
    assert (order["total"], order["shipping_total"]) == (50, 0)
    assert shops.order(order["id"])["totals"]["shipping"] == 0


def test_one_piece_is_free_however_many_are_in_the_cart(shops: MedusaShops) -> None:
    product = shops.keys["product"]
    code = issued(shops, kind="free_product", value=0, product=product, usage_limit=2)
    for pieces in (1, 3):
        cart = shopper(shops).enter_in_new_cart(code, pieces)
        assert cart["item_total"] == pytest.approx((pieces - 1) * 25, abs=0.001)


def test_a_coupon_works_once(shops: MedusaShops) -> None:
    code = issued(shops)
    first, second = shopper(shops), shopper(shops)
    assert first.enter_in_new_cart(code)["item_total"] == 45
    assert second.enter_in_new_cart(code)["item_total"] == 45
    assert first.buy()["total"] == 50
    assert (shops.coupon(code)["state"], shops.coupon(code)["times_used"]) == ("used", 1)
    assert second.buy()["total"] == 55, "the price is worked out anew before it is paid"
    revoked = shops.ask("coupon.revoke", {"code": code})
    assert (revoked.content["state"], revoked.content["times_used"]) == ("used", 1)


def test_a_revoked_coupon_works_no_more(shops: MedusaShops) -> None:
    code = issued(shops)
    waiting = shopper(shops)
    assert waiting.enter_in_new_cart(code)["item_total"] == 45
    for _ in range(2):
        assert shops.ask("coupon.revoke", {"code": code}).content["state"] == "revoked"
    assert waiting.buy()["total"] == 55


def test_an_expired_coupon_says_so(shops: MedusaShops) -> None:
    asked = terms(expires_at="2026-01-01T00:00:00Z")
    assert shops.ask("coupon.issue", asked).content["state"] == "expired"
    assert shopper(shops).fill_cart()["item_total"] == 50


def test_a_coupon_for_one_customer_is_for_nobody_else(shops: MedusaShops) -> None:
    owner, other = shopper(shops), shopper(shops)
    code = issued(shops, customer={"id": None, "email": owner.email.upper()})
    assert other.enter_in_new_cart(code)["item_total"] == 50
    assert owner.enter_in_new_cart(code)["item_total"] == 45


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"kind": "early_access", "value": 0}, (422, "unsupported_kind")),
        ({"kind": "amount_off", "currency": "USD"}, (422, "currency_mismatch")),
        ({"min_order": 100, "currency": "USD"}, (422, "currency_mismatch")),
        ({"kind": "free_product", "product": "prod_none"}, (422, "unknown_product")),
        ({"value": 0}, (400, "invalid_coupon")),
    ],
)
def test_terms_that_cannot_be_kept(
    shops: MedusaShops, change: dict[str, Any], refusal: tuple[int, str]
) -> None:
    asked = terms(**change)
    assert problem(shops.ask("coupon.issue", asked)) == refusal
    assert problem(shops.ask("coupon.lookup", asked)) == (404, "coupon_not_found")


def test_who_did_not_sign_is_not_heard(shops: MedusaShops) -> None:
    for wrong in (
        {"webhook_signature": "v1,bm90IHNpZ25lZA=="},
        {"webhook_timestamp": "1700000000"},
        {"webhook_id": "another"},
    ):
        assert problem(shops.ask("coupon.issue", terms(), **wrong)) == (401, "bad_signature")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"{", (400, "invalid_json")),
        (b"[]", (400, "unknown_type")),
        (b'{"type": "coupon.lookup", "data": []}', (400, "invalid_coupon")),
        (b" " * 65_537, (413, "too_large")),
    ],
)
def test_what_is_no_request(shops: MedusaShops, body: bytes, refusal: tuple[int, str]) -> None:
    assert problem(shops.ask_raw(body)) == refusal
