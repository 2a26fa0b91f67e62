"""The engine's coupons in the shop: what is made, how it works in carts, what is refused."""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

import pytest

from tests.vendure.people import Shopper, Staff
from tests.vendure.running import Answer, Shops

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]

_numbers = count(1)


def terms(**change: Any) -> dict[str, Any]:
    """A coupon of 10 % for anybody, with a code of its own."""
    return {
        "code": f"WM-TEST-{next(_numbers)}",
        "kind": "percent_off",
        "value": 10,
        "currency": "EUR",
        "min_order": None,
        "expires_at": None,
        "usage_limit": 1,
        "customer": None,
        "description": "A friend's welcome",
        **change,
    }


def issued(shops: Shops, **change: Any) -> str:
    """The code of a coupon that was just made."""
    asked = terms(**change)
    answer = shops.ask("coupon.issue", asked)
    assert (answer.status, answer.content["state"]) == (200, "active"), answer
    return str(asked["code"])


def problem(answer: Answer) -> tuple[int, str]:
    assert answer.kind == "application/problem+json", answer
    assert answer.content["status"] == answer.status
    return answer.status, answer.content["code"]


def shopper(shops: Shops) -> Shopper:
    return Shopper(shops.shop, f"coupon-{next(_numbers)}@example.com")


def discount(cart: dict[str, Any]) -> int:
    """What comes off a cart, in cents with tax."""
    return -sum(int(one["amountWithTax"]) for one in cart["discounts"])


def product(shops: Shops) -> str:
    return str(shopper(shops).ask('{ product(slug: "tea") { id } }')["id"])


def test_the_same_coupon_again_is_the_same_coupon(shops: Shops, staff: Staff) -> None:
    asked = terms()
    first = shops.ask("coupon.issue", asked)
    again = shops.ask("coupon.issue", {**asked, "description": "Other words"})
    assert first == again
    assert first.content["reference"].startswith("promotion/")
    assert shops.ask("coupon.lookup", {"code": asked["code"]}) == first
    assert staff.promotions(asked["code"]) == 1


def test_two_requests_at_once_make_one_promotion(shops: Shops, staff: Staff) -> None:
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
    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.content["reference"] for answer in answers}) == 1
    assert staff.promotions(asked["code"]) == 1


def test_a_code_that_is_taken_is_refused(shops: Shops, staff: Staff) -> None:
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
    ("change", "taken_off"),
    [
        ({"value": 10}, 500),
        ({"kind": "amount_off", "value": 1000}, 1000),
        ({"kind": "amount_off", "value": 9900}, 5000),
        ({"min_order": 5000}, 500),
        ({"min_order": 5001}, 0),
        ({"expires_at": "2999-12-31T00:00:00Z"}, 500),
    ],
)
def test_what_comes_off_a_cart(shops: Shops, change: dict[str, Any], taken_off: int) -> None:
    cart = shopper(shops).enter_in_new_cart(issued(shops, **change))
    assert (discount(cart), cart["subTotalWithTax"]) == (taken_off, 5000 - taken_off)


def test_free_shipping(shops: Shops) -> None:
    buyer = shopper(shops)
    buyer.enter_in_new_cart(issued(shops, kind="free_shipping", value=0))
    order = buyer.buy()
    assert (order["subTotalWithTax"], order["shippingWithTax"]) == (5000, 0)
    assert shops.order(order["code"])["totals"]["shipping"] == 0


def test_one_piece_is_free_however_many_are_in_the_cart(shops: Shops) -> None:
    code = issued(shops, kind="free_product", value=0, product=product(shops), usage_limit=2)
    for pieces in (1, 3):
        cart = shopper(shops).enter_in_new_cart(code, pieces)
        assert cart["subTotalWithTax"] == (pieces - 1) * 2500


def test_a_coupon_works_once(shops: Shops) -> None:
    code = issued(shops)
    first, second = shopper(shops), shopper(shops)
    assert discount(first.enter_in_new_cart(code)) == 500
    assert discount(second.enter_in_new_cart(code)) == 500
    assert first.buy()["totalWithTax"] == 5000
    assert (shops.coupon(code)["state"], shops.coupon(code)["times_used"]) == ("used", 1)
    order = second.buy()
    assert (order["couponCodes"], order["totalWithTax"]) == ([], 5500)
    late = shopper(shops).enter_in_new_cart(code)
    assert late["errorCode"] == "COUPON_CODE_LIMIT_ERROR"
    revoked = shops.ask("coupon.revoke", {"code": code})
    assert (revoked.content["state"], revoked.content["times_used"]) == ("used", 1)


def test_a_revoked_coupon_works_no_more(shops: Shops) -> None:
    code = issued(shops)
    waiting = shopper(shops)
    assert discount(waiting.enter_in_new_cart(code)) == 500
    for _ in range(2):
        assert shops.ask("coupon.revoke", {"code": code}).content["state"] == "revoked"
    assert shops.coupon(code)["state"] == "revoked"
    assert shopper(shops).enter_in_new_cart(code)["errorCode"] == "COUPON_CODE_INVALID_ERROR"
    assert waiting.buy()["totalWithTax"] == 5500


def test_an_expired_coupon_says_so(shops: Shops) -> None:
    asked = terms(expires_at="2026-01-01T00:00:00Z")
    assert shops.ask("coupon.issue", asked).content["state"] == "expired"
    refused = shopper(shops).enter_in_new_cart(asked["code"])
    assert refused["errorCode"] == "COUPON_CODE_EXPIRED_ERROR"


def test_a_coupon_for_one_customer_is_for_nobody_else(shops: Shops) -> None:
    owner, other = shopper(shops), shopper(shops)
    code = issued(shops, customer={"id": None, "email": owner.email.upper()})
    for buyer in (owner, other):
        assert discount(buyer.enter_in_new_cart(code)) == 0, "nobody knows yet who buys"
    refused = (other.name_oneself(), other.go_to_payment())
    assert refused[1]["transitionError"] == (
        f"The code {code} belongs to another customer: take it out of the cart."
    )
    assert discount(owner.name_oneself()) == 500
    owner.name_oneself(other.email)
    assert owner.go_to_payment()["__typename"] == "OrderStateTransitionError"
    owner.name_oneself()
    assert owner.buy()["totalWithTax"] == 5000


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"kind": "early_access"}, (422, "unsupported_kind")),
        ({"kind": "amount_off", "currency": "USD"}, (422, "currency_mismatch")),
        ({"min_order": 100, "currency": "USD"}, (422, "currency_mismatch")),
        ({"kind": "free_product", "product": "999"}, (422, "unknown_product")),
        ({"kind": "free_product", "product": "p-9"}, (422, "unknown_product")),
        ({"value": 0}, (400, "invalid_coupon")),
        ({"code": "?"}, (400, "invalid_coupon")),
    ],
)
def test_terms_that_cannot_be_kept(
    shops: Shops, change: dict[str, Any], refusal: tuple[int, str]
) -> None:
    asked = terms(**change)
    assert problem(shops.ask("coupon.issue", asked)) == refusal
    if asked["code"] != "?":
        assert problem(shops.ask("coupon.lookup", asked)) == (404, "coupon_not_found")


def test_who_did_not_sign_is_not_heard(shops: Shops) -> None:
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
        (b"\xff", (400, "invalid_json")),
        (b"[]", (400, "unknown_type")),
        (b'{"type": "coupon.steal", "data": {}}', (400, "unknown_type")),
        (b'{"type": "coupon.lookup", "data": []}', (400, "invalid_coupon")),
        (b" " * 65_537, (413, "too_large")),
    ],
)
def test_what_is_no_request(shops: Shops, body: bytes, refusal: tuple[int, str]) -> None:
    assert problem(shops.ask_raw(body)) == refusal
