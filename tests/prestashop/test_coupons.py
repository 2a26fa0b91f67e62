"""Coupons: the engine asks, the shop has one cart rule, whatever fails or comes twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from tests.harness.patience import until
from tests.prestashop.driver import SECRET, Shop, coupon
from wordmouth.fulfilment.ports import CouponRefused, CouponSpec
from wordmouth.integrations.generic.coupons import GenericCoupons
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.kit.signing import webhook_headers

CODE = "WM-7K3Q-9XM2P-48RT"


def issued(shop: Shop, **terms: Any) -> dict[str, str]:
    """Have a coupon issued; the cart rule that the shop has then."""
    answer = shop.ask("coupon.issue", coupon(CODE, **terms))
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "active"
    (rule,) = shop.rules(CODE)
    assert answer.json()["reference"] == f"cart_rule/{rule['id_cart_rule']}"
    return rule


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_percent_off(any_shop: Shop) -> None:
    rule = issued(any_shop)
    assert (rule["reduction_percent"], rule["free_shipping"]) == ("10", "0")
    assert (rule["quantity"], rule["quantity_per_user"], rule["id_customer"]) == ("1", "1", "0")
    # What is left of an amount must not become a coupon of its own.
    assert (rule["partial_use"], rule["active"], rule["highlight"]) == ("0", "1", "0")
    assert json.loads(rule["name"]) == {"1": "A friend's welcome", "2": "A friend's welcome"}
    assert rule["date_to"] == "2099-12-31 23:59:59"


def test_amount_off_with_a_minimum(shop: Shop) -> None:
    rule = issued(shop, kind="amount_off", value=1050, min_order=3000)
    assert (rule["reduction_amount"], rule["reduction_currency"]) == ("10.50", "1")
    assert (rule["minimum_amount"], rule["minimum_amount_currency"]) == ("30.00", "1")
    # Customers see prices with tax here.
    assert (rule["reduction_tax"], rule["minimum_amount_tax"]) == ("1", "1")
    assert rule["minimum_amount_shipping"] == "0"


def test_amounts_are_without_tax_where_prices_are(shop: Shop) -> None:
    shop.act("configure", values={"PRICES_WITHOUT_TAX": "1"})
    rule = issued(shop, kind="amount_off", value=1000, min_order=3000)
    assert (rule["reduction_tax"], rule["minimum_amount_tax"]) == ("0", "0")


def test_amounts_in_a_currency_without_decimals(shop: Shop) -> None:
    rule = issued(shop, kind="amount_off", value=1000, currency="JPY")
    assert (rule["reduction_amount"], rule["reduction_currency"]) == ("1000", "2")


def test_free_shipping(shop: Shop) -> None:
    assert issued(shop, kind="free_shipping", value=0)["free_shipping"] == "1"


def test_a_free_product_comes_in_its_usual_make(shop: Shop) -> None:
    rule = issued(shop, kind="free_product", value=0, product="1")
    assert (rule["gift_product"], rule["gift_product_attribute"]) == ("1", "11")


@pytest.mark.parametrize("product", ["2", "99", "tea", ""])
def test_a_product_that_is_not_for_sale(shop: Shop, product: str) -> None:
    answer = shop.ask("coupon.issue", coupon(CODE, kind="free_product", value=0, product=product))
    assert problem(answer) == (422, "unknown_product")
    assert shop.rules(CODE) == []


def test_the_end_is_in_the_shops_own_time(shop: Shop) -> None:
    rule = issued(shop, expires_at="2027-01-15T10:00:00Z")
    # Tallinn is two hours ahead; at the named second it is over.
    assert rule["date_to"] == "2027-01-15 11:59:59"
    assert rule["date_from"] <= datetime.now(ZoneInfo("Europe/Tallinn")).isoformat(" ")[:19]


def test_a_coupon_that_is_over_says_so(shop: Shop) -> None:
    past = (clock.now() - timedelta(hours=1)).isoformat()
    assert shop.ask("coupon.issue", coupon(CODE, expires_at=past)).json()["state"] == "expired"


def test_the_same_again_is_the_same(any_shop: Shop) -> None:
    rule = issued(any_shop)
    again = any_shop.ask("coupon.issue", coupon(CODE, description="told in other words"))
    assert (again.status_code, again.json()["state"]) == (200, "active")
    assert any_shop.rules(CODE) == [rule]


def test_the_same_code_for_other_terms(shop: Shop) -> None:
    issued(shop)
    answer = shop.ask("coupon.issue", coupon(CODE, value=20, min_order=100))
    assert problem(answer) == (409, "terms_differ")
    assert answer.json()["detail"] == f"{CODE} was issued with another minOrder, value"
    assert len(shop.rules(CODE)) == 1


def test_a_code_of_the_shops_own_is_left_alone(shop: Shop) -> None:
    own = {"name": {"1": "ours"}, "code": CODE, "description": "", "active": 1, "quantity": 5}
    shop.act("save", what="CartRule", id=0, values=own)
    for _ in range(2):
        assert problem(shop.ask("coupon.issue", coupon(CODE))) == (409, "code_taken")
    assert [rule["quantity"] for rule in shop.rules(CODE)] == ["5"]
    assert problem(shop.ask("coupon.revoke", {"code": CODE})) == (404, "coupon_not_found")


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """As long as this file is there a shop that knows of it goes on making a rule."""
    file = tmp_path / "held"
    file.touch()
    return file


def test_many_at_once_make_one(open_shop: Callable[..., Shop], held: Path) -> None:
    shop = open_shop(SHOP_HELD_RULES=str(held))
    asked: list[Future[httpx2.Response]] = []
    with ThreadPoolExecutor(32) as pool:
        # Some may wait in line behind the one that is held; a new one finds another process.
        while not any(one.done() for one in asked):
            asked += [pool.submit(shop.ask, "coupon.issue", coupon(CODE)) for _ in range(2)]
            wait(asked, 0.5, FIRST_COMPLETED)
        held.unlink()
        answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(a.headers["retry-after"] == "5" for a in answers if a.status_code == 503)
    assert len(shop.rules(CODE)) == 1
    assert shop.ask("coupon.issue", coupon(CODE)).status_code == 200
    assert len(shop.rules(CODE)) == 1


def test_a_crash_after_the_rule_was_made(shop: Shop) -> None:
    """The shop takes a code twice, so the rule that is there is looked for first."""
    rule = issued(shop)
    shop.sql("UPDATE ps_wordmouth_coupon SET id_cart_rule = 0")
    assert problem(shop.ask("coupon.lookup", {"code": CODE})) == (404, "coupon_not_found")
    assert issued(shop) == rule


def test_a_crash_before_the_rule_was_made(shop: Shop) -> None:
    issued(shop)
    later = int(time.time()) + 60
    shop.sql("DELETE FROM ps_cart_rule")
    shop.sql(f"UPDATE ps_wordmouth_coupon SET id_cart_rule = 0, leased_until = {later}")
    assert problem(shop.ask("coupon.issue", coupon(CODE))) == (503, "busy")
    shop.sql("UPDATE ps_wordmouth_coupon SET leased_until = 0")
    issued(shop)


def test_who_was_overtaken_takes_its_own_away(open_shop: Callable[..., Shop], held: Path) -> None:
    """A request hangs while it makes the rule; its lease runs out, and another makes one."""
    shop = open_shop(SHOP_HELD_RULES=str(held))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(shop.ask, "coupon.issue", coupon(CODE))
        until(lambda: shop.sql("SELECT 1 FROM ps_wordmouth_coupon WHERE leased_until > 0"))
        rule = {"name": "r", "code": CODE, "description": "x [wordmouth]", "active": 1}
        shop.act("insert", table="cart_rule", row={**rule, "quantity": 1, "date_to": "2099-01-01"})
        (made,) = shop.rules(CODE)
        number = made["id_cart_rule"]
        shop.sql(f"UPDATE ps_wordmouth_coupon SET fence = fence + 1, id_cart_rule = {number}")
        held.unlink()
        assert slow.result().json()["reference"] == f"cart_rule/{number}"
    assert [one["id_cart_rule"] for one in shop.rules(CODE)] == [number]


def test_a_failure_of_the_shop_is_no_secret_and_no_end(shop: Shop) -> None:
    shop.sql("ALTER TABLE ps_cart_rule RENAME TO ps_gone")
    assert problem(shop.ask("coupon.issue", coupon(CODE))) == (500, "failed")
    assert any("cart_rule" in line for line in shop.log())
    shop.sql("ALTER TABLE ps_gone RENAME TO ps_cart_rule")
    issued(shop)


def test_a_used_coupon_stays_used(any_shop: Shop) -> None:
    rule = issued(any_shop)
    cart = any_shop.cart(any_shop.customer())
    any_shop.sql(f"UPDATE ps_cart SET rules = '[{rule['id_cart_rule']}]' WHERE id_cart = {cart}")
    number = any_shop.buy(cart=cart)
    told = any_shop.ask("coupon.lookup", {"code": CODE}).json()
    assert (told["state"], told["times_used"]) == ("used", 1)
    assert any_shop.order(number)["discount_codes"] == [CODE]
    assert any_shop.ask("coupon.revoke", {"code": CODE}).json()["state"] == "used"
    any_shop.act("state", order=number, state="CANCELED")
    assert any_shop.ask("coupon.lookup", {"code": CODE}).json()["state"] == "used"


def test_revoking(any_shop: Shop) -> None:
    rule = issued(any_shop)
    for _ in range(2):
        answer = any_shop.ask("coupon.revoke", {"code": CODE})
        assert (answer.status_code, answer.json()["state"]) == (200, "revoked")
    # Not deleted: orders that used it would no longer know its code.
    (ended,) = any_shop.rules(CODE)
    assert (ended["id_cart_rule"], ended["active"]) == (rule["id_cart_rule"], "0")
    assert any_shop.ask("coupon.issue", coupon(CODE)).json()["state"] == "revoked"


def test_revoking_after_a_crash_ends_the_rule_too(shop: Shop) -> None:
    issued(shop)
    shop.sql("UPDATE ps_wordmouth_coupon SET id_cart_rule = 0")
    assert shop.ask("coupon.revoke", {"code": CODE}).json()["state"] == "revoked"
    assert [rule["active"] for rule in shop.rules(CODE)] == ["0"]


def test_what_staff_do_to_a_rule_is_told(shop: Shop) -> None:
    issued(shop)
    for change in ("active = 0", "active = 1, quantity = 0"):
        shop.sql(f"UPDATE ps_cart_rule SET {change}")
        assert shop.ask("coupon.lookup", {"code": CODE}).json()["state"] == "revoked"
    shop.sql("DELETE FROM ps_cart_rule")
    assert shop.ask("coupon.lookup", {"code": CODE}).json()["state"] == "revoked"


def test_a_coupon_for_one_customer(shop: Shop) -> None:
    mari = shop.customer("mari@example.com")
    assert issued(shop, customer={"id": None, "email": "mari@example.com"})["id_customer"] == str(
        mari
    )


def test_a_lock_that_the_shop_cannot_keep_is_refused(shop: Shop) -> None:
    shop.customer("guest@example.com", is_guest=1)
    for lock in ({"id": None, "email": "guest@example.com"}, {"id": "99", "email": None}):
        answer = shop.ask("coupon.issue", coupon(CODE, customer=lock))
        assert problem(answer) == (422, "unknown_customer")
    assert shop.rules(CODE) == []


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"kind": "early_access"}, (422, "unsupported_kind")),
        ({"kind": "amount_off", "currency": "USD"}, (422, "currency_mismatch")),
        ({"min_order": 100, "currency": "USD"}, (422, "currency_mismatch")),
        ({"value": 101}, (400, "invalid_coupon")),
        ({"value": "10"}, (400, "invalid_coupon")),
        ({"value": 0}, (400, "invalid_coupon")),
        ({"code": "x"}, (400, "invalid_coupon")),
        ({"code": "A'; DROP TABLE ps_orders"}, (400, "invalid_coupon")),
        ({"expires_at": "2026-11-21"}, (400, "invalid_coupon")),
        ({"expires_at": "2026-11-21T10:00:00"}, (400, "invalid_coupon")),
        ({"customer": {"id": None, "email": None}}, (400, "invalid_coupon")),
        ({"customer": "mari"}, (400, "invalid_coupon")),
        ({"currency": "euro"}, (400, "invalid_coupon")),
        ({"usage_limit": 0}, (400, "invalid_coupon")),
    ],
)
def test_terms_that_cannot_be_kept(
    shop: Shop, terms: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert problem(shop.ask("coupon.issue", coupon(CODE) | terms)) == expected
    assert shop.sql("SELECT * FROM ps_cart_rule") == []
    assert shop.sql("SELECT * FROM ps_wordmouth_coupon") == []


def test_a_description_that_looks_like_code(shop: Shop) -> None:
    rule = issued(shop, description="<script>alert('x')</script> 🎁 {reward}")
    assert "<" not in rule["description"]
    assert "script" in rule["description"]


def test_only_the_engine_may_ask(any_shop: Shop) -> None:
    other = "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cw=="
    asked: list[dict[str, Any]] = [{"secret": other}, {"age": 400}, {"age": -400}]
    for way in asked:
        answer = any_shop.ask("coupon.issue", coupon(CODE), **way)
        assert problem(answer) == (401, "bad_signature")
    assert any_shop.rules(CODE) == []


def test_both_secrets_are_accepted_while_one_is_replaced(shop: Shop) -> None:
    new = "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cw=="
    shop.act("configure", values={"WORDMOUTH_SECRET": f"{new} {SECRET}"})
    for secret in (new, SECRET):
        assert shop.ask("coupon.issue", coupon(CODE), secret=secret).status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "invalid_json")),
        (b"[", (400, "invalid_json")),
        (b"7", (400, "invalid_json")),
        (b'{"type": "coupon.burn", "data": {}}', (400, "unknown_type")),
        (b'{"type": "coupon.lookup", "data": 7}', (400, "invalid_coupon")),
        (
            b'{"type": "coupon.lookup", "data": {"code": "' + b"A" * 70_000 + b'"}}',
            (413, "too_large"),
        ),
    ],
)
def test_a_body_that_says_nothing(shop: Shop, body: bytes, expected: tuple[int, str]) -> None:
    headers = webhook_headers(SECRET, "msg_1", clock.now(), body)
    answer = shop.post("/module/wordmouth/coupons", body, headers)
    assert problem(answer) == expected


def test_it_is_asked_by_post_alone(shop: Shop) -> None:
    assert problem(shop.get("/module/wordmouth/coupons")) == (405, "method_not_allowed")


def test_a_shop_that_is_not_connected(shop: Shop) -> None:
    shop.act("configure", values={"WORDMOUTH_SECRET": ""})
    assert problem(shop.ask("coupon.lookup", {"code": CODE})) == (503, "not_connected")


def test_a_shop_in_maintenance_keeps_what_it_promised(any_shop: Shop) -> None:
    any_shop.act("configure", values={"MAINTENANCE": "1"})
    issued(any_shop)


def test_the_engine_and_the_shop_understand_each_other(any_shop: Shop) -> None:
    """The engine's own adapter, over HTTP, with its own words."""
    url = f"{any_shop.url}/module/wordmouth/coupons"
    coupons = GenericCoupons(Http(allow_private=True), url, SECRET)
    spec = CouponSpec(
        code=CODE,
        kind="amount_off",
        value=1000,
        currency="EUR",
        min_order=3000,
        expires_at=clock.now() + timedelta(days=30),
        usage_limit=1,
        customer_email=None,
        description="Referral reward rwd_1",
    )
    assert coupons.find(CODE) is None
    made = coupons.issue(spec, "key")
    assert (made.code, made.state) == (CODE, "active")
    assert coupons.issue(spec, "key") == coupons.find(CODE) == made
    ended = coupons.revoke(CODE, "key")
    assert ended is not None
    assert ended.state == "revoked"
    assert coupons.revoke("WM-NONE", "key") is None
    with pytest.raises(CouponRefused, match="another value"):
        coupons.issue(CouponSpec(**{**_fields(spec), "value": 2000}), "key")


def _fields(spec: CouponSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in spec.__struct_fields__}
