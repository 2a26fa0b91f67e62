"""What customers meet: the friend's way, the code in the cart, invitations and the widget."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.floor_plan.plan import ROOT
from tests.prestashop.driver import SECRET, STORE, Page, Receiver, Shop, coupon
from wordmouth.kit.signing import open_token, secret_bytes

TOKEN = "v1.eyJ2IjoxfQ.c2lnbmF0dXJl"
CODE = "WM-FRIEND-0001"


def value(page: Page, name: str) -> str:
    """The value that a page gave a cookie."""
    return page.cookies[name].partition(";")[0].partition("=")[2]


def in_cart(shop: Shop, cart: int) -> list[int]:
    (row,) = shop.sql(f"SELECT rules FROM ps_cart WHERE id_cart = {cart}")
    return list(json.loads(row["rules"]))


def test_a_friends_visit_is_remembered(any_shop: Shop) -> None:
    page = any_shop.visit("/", wm=TOKEN, coupon="wm-friend-0001")
    assert value(page, "wordmouth_wm") == TOKEN
    assert value(page, "wordmouth_coupon") == CODE
    line = page.cookies["wordmouth_wm"]
    for part in ("Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={90 * 86400}"):
        assert part in line
    assert "Secure" not in line


def test_the_first_friend_stays_and_the_newest_code_wins(shop: Shop) -> None:
    known = {"wordmouth_wm": TOKEN, "wordmouth_coupon": CODE}
    page = shop.visit("/", known, wm="other.token", coupon="WM-OTHER-0002")
    assert "wordmouth_wm" not in page.cookies
    assert value(page, "wordmouth_coupon") == "WM-OTHER-0002"


@pytest.mark.parametrize(
    "query", [{"wm": "a;b"}, {"wm": "x" * 1025}, {"wm": "ä"}, {"coupon": "a b"}, {"wm[]": "x"}, {}]
)
def test_what_is_no_token_is_not_kept(shop: Shop, query: dict[str, Any]) -> None:
    assert shop.visit("/", **query).cookies == {}


def test_the_code_gets_into_the_cart_by_itself(any_shop: Shop) -> None:
    any_shop.ask("coupon.issue", coupon(CODE))
    cart = any_shop.cart(any_shop.customer())
    page = any_shop.visit("/order", {"wordmouth_coupon": CODE}, cart=cart)
    (rule,) = any_shop.rules(CODE)
    assert in_cart(any_shop, cart) == [int(rule["id_cart_rule"])]
    assert "Max-Age=0" in page.cookies["wordmouth_coupon"]
    again = any_shop.visit("/order", {"wordmouth_coupon": CODE}, cart=cart)
    assert len(in_cart(any_shop, cart)) == 1
    assert "Max-Age=0" in again.cookies["wordmouth_coupon"]


def test_a_cart_that_is_too_small_yet_gets_it_later(shop: Shop) -> None:
    shop.ask("coupon.issue", coupon(CODE, min_order=6000))
    cart = shop.cart(shop.customer())
    page = shop.visit("/order", {"wordmouth_coupon": CODE}, cart=cart)
    assert (in_cart(shop, cart), page.cookies) == ([], {})
    shop.sql(f"UPDATE ps_cart SET products = '[[1,3]]' WHERE id_cart = {cart}")
    shop.visit("/order", {"wordmouth_coupon": CODE}, cart=cart)
    assert len(in_cart(shop, cart)) == 1


def test_an_empty_cart_waits(shop: Shop) -> None:
    shop.ask("coupon.issue", coupon(CODE))
    cart = shop.cart(shop.customer(), quantity=0)
    page = shop.visit("/order", {"wordmouth_coupon": CODE}, cart=cart)
    assert (in_cart(shop, cart), page.cookies) == ([], {})


def test_a_code_of_no_use_is_forgotten(shop: Shop) -> None:
    shop.ask("coupon.issue", coupon(CODE))
    shop.ask("coupon.revoke", {"code": CODE})
    cart = shop.cart(shop.customer())
    for code in (CODE, "WM-UNKNOWN"):
        page = shop.visit("/order", {"wordmouth_coupon": code}, cart=cart)
        assert "Max-Age=0" in page.cookies["wordmouth_coupon"]
    assert in_cart(shop, cart) == []


def test_the_token_comes_with_the_order_though_a_payment_service_places_it(
    any_shop: Shop, receiver: Receiver
) -> None:
    cart = any_shop.cart(any_shop.customer())
    any_shop.visit("/order", {"wordmouth_wm": TOKEN}, cart=cart)
    # The request that places it carries no cookie.
    any_shop.buy("PAYMENT", cart=cart)
    any_shop.flush()
    (order,) = receiver.told("order")
    assert order["attribution"] == {"token": TOKEN, "code": None}
    assert order["client"]["ip"] == "127.0.0.1"
    assert "httpx" in order["client"]["user_agent"]


def test_a_page_without_checkout_may_place_it_too(shop: Shop) -> None:
    cart = shop.cart(shop.customer())
    asked = {"cart": cart, "state": "PAYMENT", "told": {}}
    number = int(shop.act("order", cookies={"wordmouth_wm": TOKEN}, **asked))
    assert shop.order(number)["attribution"]["token"] == TOKEN


def test_staff_who_place_an_order_bring_no_friend(shop: Shop) -> None:
    cart = shop.cart(shop.customer())
    asked = {"cart": cart, "state": "PAYMENT", "told": {}, "by_staff": True}
    number = int(shop.act("order", cookies={"wordmouth_wm": TOKEN}, **asked))
    assert shop.order(number)["attribution"]["token"] is None


def test_a_later_page_does_not_change_whose_order_it_was(shop: Shop) -> None:
    cart = shop.cart(shop.customer())
    shop.visit("/order", {"wordmouth_wm": TOKEN}, cart=cart)
    number = shop.buy(cart=cart)
    shop.visit("/order", {"wordmouth_wm": "later.token"}, cart=cart)
    assert shop.order(number)["attribution"]["token"] == TOKEN


def test_other_pages_write_nothing(shop: Shop) -> None:
    cart = shop.cart(shop.customer())
    shop.visit("/", {"wordmouth_wm": TOKEN}, cart=cart)
    assert shop.sql("SELECT * FROM ps_wordmouth_visit") == []


def test_visits_that_led_to_no_order_are_forgotten(shop: Shop) -> None:
    bought, left = shop.cart(shop.customer()), shop.cart(shop.customer())
    for cart in (bought, left):
        shop.visit("/order", {"wordmouth_wm": TOKEN}, cart=cart)
    shop.buy(cart=bought)
    shop.sql("UPDATE ps_wordmouth_visit SET seen_at = seen_at - 91 * 86400")
    shop.flush()
    kept = shop.sql("SELECT id_cart, token, ip, user_agent FROM ps_wordmouth_visit")
    assert kept == [{"id_cart": str(bought), "token": TOKEN, "ip": "", "user_agent": ""}]


def invited(shown: Page, template: str) -> dict[str, Any]:
    """What the invitation was given, and whom its link stands for."""
    (told,) = [one for one in shown.shown() if one["template"].endswith(f"/{template}.tpl")]
    link = urlsplit(told["wordmouth_invitation"])
    assert link.path == "/s/tea/join"
    (token,) = parse_qs(link.query)["customer"]
    return dict(json.loads(open_token(secret_bytes(SECRET), "wm-customer", token)))


def test_who_has_just_bought_is_invited(any_shop: Shop) -> None:
    """Each shop names the order of its confirmation page in its own way."""
    number = any_shop.buy("PAYMENT")
    claims = invited(any_shop.visit("/order-confirmation", order=number), "invite")
    assert claims["email"] == "mari@example.com"
    assert (claims["id"], claims["first_name"], claims["last_name"]) == ("1", "Mari", "Tamm")
    assert claims["locale"] == "en"


def test_a_guest_is_invited_by_their_address(shop: Shop) -> None:
    guest = shop.customer("guest@example.com", is_guest=1)
    number = shop.buy("PAYMENT", cart=shop.cart(guest))
    claims = invited(shop.visit("/order-confirmation", order=number), "invite")
    assert (claims["email"], claims["id"]) == ("guest@example.com", None)


def test_the_account_page_invites(any_shop: Shop) -> None:
    cart = any_shop.cart(any_shop.customer())
    page = any_shop.visit("/my-account", cart=cart)
    assert invited(page, "account")["email"] == "mari@example.com"
    (told,) = [one for one in page.shown() if one["template"].endswith("account.tpl")]
    assert told["wordmouth_modern"] is (any_shop.environment["SHOP_FLAVOUR"] == "prestashop8")


def test_nobody_is_invited_who_is_not_known(shop: Shop) -> None:
    assert "account.tpl" not in shop.visit("/my-account").text


def test_without_a_slug_there_is_no_invitation(shop: Shop, receiver: Receiver) -> None:
    shop.connect(receiver.url, STORE_SLUG="")
    number = shop.buy()
    assert "invite.tpl" not in shop.visit("/order-confirmation", order=number).text


def test_the_widget_is_on_every_page_unless_it_is_not_wanted(
    any_shop: Shop, receiver: Receiver
) -> None:
    (told,) = any_shop.visit("/").shown()
    assert told["template"] == "views/templates/hook/widget.tpl"
    assert (told["wordmouth_url"], told["wordmouth_store"]) == (receiver.url, STORE)
    any_shop.connect(receiver.url, WIDGET="0")
    assert any_shop.visit("/").text == ""


def test_a_shop_that_is_not_connected_is_as_it_was(shop: Shop) -> None:
    shop.connect("")
    number = shop.buy("PAYMENT")
    for page in (shop.visit("/", wm=TOKEN), shop.visit("/order-confirmation", order=number)):
        assert (page.status, page.text, page.cookies) == (200, "", {})


def test_a_secure_shop_keeps_its_cookies_to_itself(shop: Shop) -> None:
    page = shop.visit("/", {}, wm=TOKEN, https=True)
    assert page.cookies["wordmouth_wm"].endswith("; Secure")


def test_the_customer_token_is_that_of_the_document(shop: Shop) -> None:
    """The worked example of docs/generic-format.md."""
    text = (ROOT / "docs" / "generic-format.md").read_text()
    (expected,) = re.findall(r"^(eyJ\S+)$", text, re.MULTILINE)
    claims = {
        "email": "mari@example.com",
        "id": "c-17",
        "first_name": "Mari",
        "last_name": "Tamm",
        "locale": "et",
        "iat": 1795255200,
    }
    secret = "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE="
    assert shop.act("token", secret=secret, claims=claims) == expected


def test_a_failing_module_does_not_break_a_page(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    cart = shop.cart(shop.customer())
    shop.sql("DROP TABLE ps_wordmouth_visit")
    assert shop.visit("/order", {"wordmouth_wm": TOKEN}, cart=cart).status == 200
    assert any("ps_wordmouth_visit" in line for line in shop.log())
