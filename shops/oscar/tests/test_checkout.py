"""A whole purchase through oscar's own pages, and what the engine hears of it."""

import base64
import hashlib
import hmac
import json
import re
import time

import buying
import pytest
from buying import Browser
from receiver import SECRET

from wordmouth_oscar.outbox import flush

LINK = "/?wm=tok.en-1&coupon=WM-FRIEND10"


def arrive_and_buy(goods: dict[str, int], email: str = "friend@example.com") -> str:
    browser = Browser(HTTP_USER_AGENT="Tester/1", REMOTE_ADDR="192.0.2.7")
    assert browser.get(LINK).status == 302
    buying.add(browser, goods["TEA-9"], 2)
    assert "WM-FRIEND10" in browser.get("/basket/").text
    return buying.checkout(browser, email)


def test_the_snapshot_tells_the_whole_order(goods, issue, receiver):
    issue("WM-FRIEND10")
    number = arrive_and_buy(goods)
    assert flush().sent >= 1
    (order,) = receiver.orders()
    line = order["lines"][0]
    assert order["id"] == number
    assert order["currency"] == "EUR"
    assert order["totals"] == {
        "items": 5000,
        "discount": 500,
        "shipping": 400,
        "surcharges": 0,
        "tax": 0,
        "grand": 4900,
    }
    assert order["customer"] == {
        "id": None,
        "email": "friend@example.com",
        "first_name": "Fe",
        "last_name": "Lo",
        "locale": "en-gb",
    }
    assert order["discount_codes"] == ["WM-FRIEND10"]
    assert order["attribution"] == {"token": "tok.en-1", "code": None}
    assert order["client"] == {"ip": "192.0.2.7", "user_agent": "Tester/1"}
    assert order["shipping_address"] == {
        "line1": "Pikk 1",
        "postcode": "10123",
        "city": "Tallinn",
        "country": "EE",
    }
    assert (line["product_id"], line["sku"], line["name"]) == (
        str(goods["TEA-9"]),
        "TEA-9",
        "Smoked tea",
    )
    assert (line["quantity"], line["unit_price"], line["total"]) == (2, 2500, 4500)
    assert line["category"] == "Tea"
    assert order["placed_at"] <= order["updated_at"]
    assert order["paid_at"] is None
    assert order["refunds"] == []
    assert order["is_test"] is False


def test_the_voucher_works_once_and_not_twice(goods, issue, ask, receiver):
    issue("WM-FRIEND10")
    arrive_and_buy(goods)
    state = ask("coupon.lookup", {"code": "WM-FRIEND10"}).json()
    assert (state["state"], state["times_used"]) == ("used", 1)

    second = Browser()
    buying.add(second, goods["TEA-9"], 2)
    buying.add_voucher(second, "WM-FRIEND10")
    assert "already been used" in second.get("/basket/").text
    buying.checkout(second, "other@example.com")
    flush()
    first, other = receiver.orders()
    assert first["totals"]["discount"] == 500
    assert other["totals"]["discount"] == 0
    assert other["discount_codes"] == []


def test_of_two_baskets_with_one_code_only_one_becomes_an_order(goods, issue, receiver):
    issue("WM-FRIEND10")
    browsers = [Browser(), Browser()]
    for place, browser in enumerate(browsers):
        buying.add(browser, goods["TEA-9"], 2)
        buying.add_voucher(browser, "WM-FRIEND10")
        buying.identify(browser, f"friend{place}@example.com")
        buying.preview(browser)
    # Each has seen the lower price; both now agree to it.
    places = [buying.place(browser).place for browser in browsers]
    assert places[0] == "/checkout/thank-you/"
    flush()
    discounted = [one for one in receiver.orders() if one["totals"]["discount"]]
    assert len(discounted) == 1


def test_a_registered_customer_is_told_by_id(goods, receiver):
    browser = Browser()
    fields = {
        "registration-email": "ana@example.com",
        "registration-password1": "a-long-secret-1",
        "registration-password2": "a-long-secret-1",
        "registration_submit": "Register",
    }
    assert browser.post("/accounts/login/", fields).status == 302
    buying.add(browser, goods["CUP-1"])
    assert browser.get("/checkout/").place == "/checkout/shipping-address/"
    buying.ship(browser)
    buying.preview(browser)
    assert buying.place(browser).place == "/checkout/thank-you/"
    flush()
    (customer,) = (one["data"] for one in receiver.verified("customer.snapshot"))
    assert customer["email"] == "ana@example.com"
    (order,) = receiver.orders()
    assert order["customer"]["id"] == customer["id"]
    assert order["customer"]["email"] == "ana@example.com"


def test_the_confirmation_page_invites_with_a_signed_link(goods, receiver):
    before = int(time.time())
    browser = Browser()
    buying.add(browser, goods["CUP-1"])
    buying.checkout(browser, "ana@example.com")
    page = browser.get("/checkout/thank-you/").text
    found = re.search(rf'{receiver.url}/s/sandbox/join\?customer=([\w-]+)\.([\w-]+)"', page)
    assert found, page
    payload, signed = found.groups()
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.new(key, b"wm-customer." + payload.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == signed
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert before <= claims.pop("iat") <= time.time()
    assert claims == {
        "email": "ana@example.com",
        "id": None,
        "first_name": "Fe",
        "last_name": "Lo",
        "locale": "en-gb",
    }


def test_no_invitation_without_a_slug(goods, connect):
    connect(STORE_SLUG="")
    browser = Browser()
    buying.add(browser, goods["CUP-1"])
    buying.checkout(browser)
    assert "wordmouth-invite" not in browser.get("/checkout/thank-you/").text


def test_a_shop_that_is_not_connected_sells_as_before(goods, settings):
    settings.WORDMOUTH_OSCAR = {}
    browser = Browser()
    browser.get(LINK)
    buying.add(browser, goods["CUP-1"])
    assert buying.checkout(browser)
    assert "wordmouth_wm" not in browser.client.cookies
    assert flush().stopped_by.startswith("not connected")


@pytest.mark.parametrize("token", ["", "has space", "x" * 2000, "<script>"])
def test_a_token_of_another_shape_is_ignored(goods, token):
    browser = Browser()
    browser.client.get("/basket/", {"wm": token})
    assert "wordmouth_wm" not in browser.client.cookies


def test_the_first_friend_keeps_the_claim(goods, receiver):
    browser = Browser()
    browser.get("/basket/?wm=first")
    browser.get("/basket/?wm=second")
    buying.add(browser, goods["CUP-1"])
    buying.checkout(browser)
    flush()
    assert receiver.orders()[0]["attribution"]["token"] == "first"
