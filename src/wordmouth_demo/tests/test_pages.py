"""The pages as a browser without JavaScript uses them."""

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from wordmouth_demo import config, coupons, orders
from wordmouth_demo.catalog import PRODUCTS
from wordmouth_demo.models import Coupon, Customer, Delivery, Order
from wordmouth_demo.seed import seed
from wordmouth_demo.tests.conftest import Clock, Engine, new_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]
FORM = {
    "email": "ben@example.com",
    "first_name": "Ben",
    "last_name": "Ilves",
    "line1": "Kohtu 1",
    "postcode": "10130",
    "city": "Tallinn",
    "country": "EE",
    "coupon": "",
    "payment": "now",
}
CHECKOUT = "/demo/shop/checkout/"
CONTROL = "/demo/control/"
PACKAGE = Path(__file__).parents[1]


def text(client: Client, url: str) -> str:
    answer = client.get(url, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def fill(client: Client, product: str = "p-8", quantity: int = 1) -> None:
    client.post("/demo/shop/basket/add", {"product": product, "quantity": quantity})


def make_coupon(clock: Clock, **terms: Any) -> None:
    data = {"code": "WM-GIFT", "kind": "percent_off", "value": 10, "currency": "EUR"} | terms
    coupons.issue(coupons.parse(data), clock.now())


def test_every_page_answers() -> None:
    seed()
    paths = ["", "shop/", "shop/basket/", "shop/account/", "inbox/", "control/"]
    for product in PRODUCTS:
        paths += [f"shop/products/{product.slug}/", f"shop/products/{product.slug}/art.svg"]
    assert [Client().get(f"/demo/{path}").status_code for path in paths] == [200] * len(paths)


def test_a_friend_comes_by_link_buys_with_the_coupon_and_is_invited(
    engine: Engine, clock: Clock
) -> None:
    clock.held = clock.now()
    make_coupon(clock, min_order=3000)
    client = Client()
    arrived = client.get("/demo/shop/?wm=tok.en-1_x&coupon=wm-gift&x=1")
    assert (arrived.status_code, arrived["location"]) == (302, "/demo/shop/?x=1")
    fill(client)
    assert "10% off" in text(client, "/demo/shop/basket/")
    page = text(client, CHECKOUT)
    assert 'value="WM-GIFT"' in page
    assert "−€3.20" in page
    answer = client.post(CHECKOUT, FORM | {"coupon": "wm-gift"})
    order = Order.objects.get()
    assert answer["location"] == f"/demo/shop/orders/{order.external_id}/thanks/"
    told = engine.received[-1].data
    assert told["attribution"]["token"] == "tok.en-1_x"
    assert told["discount_codes"] == ["WM-GIFT"]
    assert told["totals"] == {
        "items": 3200, "discount": 320, "shipping": 400, "tax": 0, "grand": 3280
    }  # fmt: skip
    assert told["client"]["ip"] == "127.0.0.1"
    thanks = text(client, answer["location"])
    link = re.search(r'id="recommend" href="([^"]+)"', thanks)
    assert link is not None
    parts = urlsplit(link.group(1))
    assert (parts.netloc, parts.path) == (urlsplit(engine.url).netloc, "/s/kohvik/join")
    payload = parse_qs(parts.query)["customer"][0].split(".")[0]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert (claims["email"], claims["id"]) == ("ben@example.com", order.customer.number)
    assert claims["iat"] == int(clock.held.timestamp())


def test_after_an_order_basket_coupon_and_visit_are_forgotten(engine: Engine, clock: Clock) -> None:
    make_coupon(clock)
    client = Client()
    client.get("/demo/shop/?wm=first&coupon=WM-GIFT")
    fill(client)
    client.post(CHECKOUT, FORM | {"coupon": "WM-GIFT"})
    assert "Nothing in it yet" in text(client, "/demo/shop/basket/")
    fill(client)
    client.post(CHECKOUT, FORM)
    told = engine.received[-1].data
    assert told["attribution"]["token"] is None
    assert told["discount_codes"] == []


def test_the_first_visit_is_kept_and_nonsense_is_not() -> None:
    client = Client()
    for token in ("", "<script>", "x" * 1001, "first", "second"):
        client.get("/demo/shop/", {"wm": token})
    assert client.cookies["wm"].value == "first"


def test_a_used_coupon_is_refused_with_the_reason(clock: Clock) -> None:
    make_coupon(clock)
    orders.place(new_order(coupon="WM-GIFT"), clock.now())
    client = Client()
    assert "has already been used" in text(client, "/demo/shop/?coupon=WM-GIFT")
    fill(client)
    answer = client.post(CHECKOUT, FORM | {"coupon": "WM-GIFT"})
    assert answer.status_code == 200
    assert "has already been used" in answer.content.decode()
    assert Order.objects.count() == 1
    assert "has already been used" in client.post(
        "/demo/shop/basket/coupon", {"coupon": "WM-GIFT"}, follow=True
    ).content.decode()  # fmt: skip


def test_a_coupon_that_comes_before_the_shop_knows_it_is_kept(clock: Clock) -> None:
    client = Client()
    assert "do not know a coupon WM-GIFT" in text(client, "/demo/shop/?coupon=WM-GIFT")
    fill(client)
    make_coupon(clock)
    assert "10% off" in text(client, "/demo/shop/basket/")


def test_checkout_says_what_is_wrong_and_escapes_it() -> None:
    client = Client()
    fill(client)
    bad = FORM | {"email": "ben", "first_name": "", "line1": "<b>x</b>", "country": "XX"}
    page = client.post(CHECKOUT, bad).content.decode()
    assert "has an at sign" in page
    assert "Please fill in: First name." in page
    assert "<b>x</b>" not in page
    assert not Order.objects.exists()
    fill(client, quantity=0)


def test_an_empty_basket_cannot_be_checked_out() -> None:
    assert "Your basket is still empty" in text(Client(), CHECKOUT)


def test_the_basket_counts_and_forgets() -> None:
    client = Client()
    fill(client, "p-1", 2)
    fill(client, "p-1", 3)
    assert "€74.50" in text(client, "/demo/shop/basket/")
    client.post("/demo/shop/basket/update", {"product": "p-1", "quantity": "1"})
    assert "€18.90" in text(client, "/demo/shop/basket/")
    client.post("/demo/shop/basket/update", {"product": "p-1", "quantity": "none"})
    client.post("/demo/shop/basket/update", {"product": "p-1", "quantity": "0"})
    assert "Nothing in it yet" in text(client, "/demo/shop/basket/")
    assert client.post("/demo/shop/basket/add", {"product": "p-99"}).status_code == 404


def test_a_forged_basket_cookie_is_an_empty_basket() -> None:
    client = Client()
    client.cookies["kohvik_basket"] = '{"p-1": 5}'
    assert "Nothing in it yet" in text(client, "/demo/shop/basket/")


def test_an_order_is_shown_to_its_buyer_only(clock: Clock) -> None:
    order = orders.place(new_order(), clock.now())
    url = f"/demo/shop/orders/{order.external_id}/thanks/"
    stranger, ana = Client(), Client()
    assert stranger.get(url).status_code == 404
    assert "Nobody has bought here" in stranger.post(
        "/demo/shop/account/sign-in", {"email": "eve@example.com"}, follow=True
    ).content.decode()  # fmt: skip
    ana.post("/demo/shop/account/sign-in", {"email": "ANA@example.com"})
    assert ana.get(url).status_code == 200
    assert order.number in text(ana, "/demo/shop/account/")
    ana.post("/demo/shop/account/sign-out")
    assert ana.get(url).status_code == 404


def test_the_buyer_sees_how_far_the_order_is(clock: Clock) -> None:
    order = orders.place(new_order(), clock.now())
    client = Client()
    client.post("/demo/shop/account/sign-in", {"email": "ana@example.com"})
    for action, status in (
        (orders.ship, "On its way"), (orders.deliver, "Delivered"),
        (lambda pk, now: orders.refund(pk, 500, now), "Partly refunded"),
        (lambda pk, now: orders.refund(pk, None, now), "Refunded"),
    ):  # fmt: skip
        action(order.pk, clock.now())
        assert f">{status}</span>" in text(client, "/demo/shop/account/")


def act(action: str, order: Order, **data: str) -> str:
    url = f"/demo/control/orders/{order.external_id}/{action}"
    answer = Client().post(url, data, follow=True)
    return answer.content.decode()


def test_each_button_tells_the_engine_the_whole_order(engine: Engine, clock: Clock) -> None:
    later = orders.NewOrder(**{**vars(new_order()), "paid_at_once": False})
    order = orders.place(later, clock.now())
    for action, field in (
        ("pay", "paid_at"), ("ship", "fulfilled_at"), ("deliver", "delivered_at")
    ):  # fmt: skip
        assert "The engine was told and answered 202" in act(action, order)
        assert engine.received[-1].data[field]
    assert "€5.00 of order" in act("refund", order, amount="5,00")
    assert engine.received[-1].data["refunds"][0]["amount"] == 500
    assert "€28.80 of order" in act("refund", order)
    assert "refunded in full already" in act("refund", order)
    assert "is not an amount" in act("refund", order, amount="much")
    other = orders.place(new_order(), clock.now())
    assert "is cancelled. A coupon used on it stays used" in act("cancel", other)
    assert engine.received[-1].data["cancelled_at"]
    assert "was cancelled" in act("ship", other)


def test_repeating_a_delivery_and_reporting_twice(engine: Engine, clock: Clock) -> None:
    order = orders.place(new_order(), clock.now())
    assert "Nothing doubles" in act("resend", order)
    Client().get(CONTROL)
    assert "Nothing doubles" in act("resend", order)
    assert len({received.webhook_id for received in engine.received}) == 1
    assert "2 of 2 arrived" in act("twice", order)
    assert len({received.webhook_id for received in engine.received}) == 3
    assert len({json.dumps(received.data) for received in engine.received}) == 1


def test_the_control_room_says_when_the_engine_is_away(engine: Engine, clock: Clock) -> None:
    engine.status = 503
    order = orders.place(new_order(), clock.now())
    assert "The engine does not know yet" in act("ship", order)
    assert "did not arrive" in act("resend", order)
    engine.status = 202
    page = Client().post("/demo/control/deliveries/retry", follow=True).content.decode()
    assert "2 of 2 waiting deliveries arrived" in page
    row = Delivery.objects.latest("pk")
    again = Client().post(f"/demo/control/deliveries/{row.pk}/resend", follow=True)
    assert "Nothing doubles" in again.content.decode()


def test_the_clock_moves_by_the_offered_steps(clock: Clock) -> None:
    page = Client().post("/demo/control/clock", {"days": "14"}, follow=True).content.decode()
    assert "moved on by 14 days" in page
    assert clock.offset.days == 14
    page = Client().post("/demo/control/clock", {"days": "-400"}, follow=True).content.decode()
    assert "moves by 1, 14, 30 days" in page
    assert clock.offset.days == 14


def test_unknown_orders_and_actions_are_not_found(clock: Clock) -> None:
    order = orders.place(new_order(), clock.now())
    client = Client()
    for path in (f"orders/{order.external_id}/eat", "orders/1/ship", "deliveries/99/resend"):
        assert client.post(f"/demo/control/{path}").status_code == 404
    assert client.get(f"/demo/control/orders/{order.external_id}/ship").status_code == 405
    assert client.get("/demo/shop/products/tea-for-two/").status_code == 404


def test_forms_are_guarded_against_other_sites(clock: Clock) -> None:
    order = orders.place(new_order(), clock.now())
    client = Client(enforce_csrf_checks=True)
    for path in (
        f"control/orders/{order.external_id}/ship", "control/clock", "shop/basket/add",
        "shop/account/sign-in", "inbox/empty",
    ):  # fmt: skip
        assert client.post(f"/demo/{path}").status_code == 403


def test_pages_of_a_person_are_not_cached() -> None:
    assert Client().get("/demo/shop/basket/")["Cache-Control"] == "no-store"


def test_coupons_stand_in_the_control_room(clock: Clock) -> None:
    make_coupon(clock, min_order=3000)
    orders.place(new_order(coupon="WM-GIFT", lines=((7, 1),)), clock.now())
    page = text(Client(), CONTROL)
    assert "10% off, on goods from €30.00" in page
    assert "Used 1 of 1, on #" in page
    assert Coupon.objects.get().orders.count() == Customer.objects.count() == 1


def test_no_page_asks_anybody_else_or_carries_inline_code() -> None:
    files = [*PACKAGE.glob("templates/**/*.*"), *PACKAGE.glob("static/**/*.[cj]ss")]
    assert len(files) > 20
    for file in [*files, *PACKAGE.glob("static/**/*.js")]:
        source = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:https?:)?//[a-z]", source), file
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script>", source), file
        assert not re.search(
            r"(?:margin|padding|border)-(?:left|right|top|bottom)|\b(?:left|right):", source
        ), file  # fmt: skip


def test_a_missing_connection_is_said_plainly(settings: Settings) -> None:
    settings.WORDMOUTH_DEMO_SHOP = None
    with pytest.raises(ImproperlyConfigured, match="must be a mapping"):
        config.get()
    settings.WORDMOUTH_DEMO_SHOP = {"store_id": "str_1", "now": Clock().now}
    with pytest.raises(ImproperlyConfigured, match="lacks: store_slug, site_url"):
        config.get()
