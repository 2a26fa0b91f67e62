"""The friend's code on its way into the basket, and the coupon that belongs to one person."""

import buying
import pytest
from buying import Browser
from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from wordmouth_oscar import vouchers
from wordmouth_oscar.models import BasketVisit, OrderRecord
from wordmouth_oscar.outbox import flush

Order = get_model("order", "Order")
LOCK = {"id": None, "email": "Friend@Example.com"}


def test_a_code_waits_until_the_basket_qualifies(goods, issue):
    issue("WM-MIN", min_order=3000)
    browser = Browser()
    browser.get("/catalogue/?coupon=wm-min")
    assert browser.client.cookies["wordmouth_coupon"].value == "WM-MIN"
    buying.add(browser, goods["TEA-9"], 1)
    assert "WM-MIN" not in browser.get("/basket/").text
    assert browser.client.cookies["wordmouth_coupon"].value == "WM-MIN"
    buying.add(browser, goods["CUP-1"], 1)
    page = browser.get("/basket/").text
    assert "The code WM-MIN was added to your basket." in page
    assert "€33.75" in page
    assert browser.client.cookies["wordmouth_coupon"].value == ""


def test_a_code_is_not_spent_on_a_basket_it_does_not_help(goods, issue, ask):
    issue("WM-MIN", min_order=30_000)
    browser = Browser()
    browser.get("/?coupon=WM-MIN")
    buying.add(browser, goods["TEA-9"], 1)
    buying.checkout(browser)
    assert ask("coupon.lookup", {"code": "WM-MIN"}).json()["state"] == "active"


@pytest.mark.parametrize("code", ["WM-NOBODY", "WM-GONE"])
def test_a_code_of_no_use_is_forgotten(goods, issue, ask, code):
    issue("WM-GONE")
    ask("coupon.revoke", {"code": "WM-GONE"})
    browser = Browser()
    browser.get(f"/catalogue/?coupon={code}")
    buying.add(browser, goods["TEA-9"], 1)
    assert browser.get("/basket/").status == 200
    assert browser.client.cookies["wordmouth_coupon"].value == ""


def test_a_removed_code_stays_removed(goods, issue):
    issue("WM-AAAA")
    browser = Browser()
    browser.get("/?coupon=WM-AAAA")
    buying.add(browser, goods["TEA-9"], 1)
    assert "WM-AAAA" in browser.get("/basket/").text
    voucher = get_model("voucher", "Voucher").objects.get()
    browser.post(f"/basket/vouchers/{voucher.pk}/remove/", {})
    browser.get("/basket/")
    basket = get_model("basket", "Basket").objects.get()
    assert not basket.vouchers.exists()


def test_the_owner_of_a_locked_coupon_may_use_it(goods, issue, receiver):
    issue("WM-LOCK", customer=LOCK)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 2)
    buying.add_voucher(browser, "WM-LOCK")
    buying.checkout(browser, "friend@example.com")
    flush()
    assert receiver.orders()[0]["discount_codes"] == ["WM-LOCK"]


def test_another_guest_loses_a_locked_coupon_before_paying(goods, issue, ask):
    issue("WM-LOCK", customer=LOCK)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 2)
    buying.add_voucher(browser, "WM-LOCK")
    buying.identify(browser, "thief@example.com")
    page = buying.preview(browser)
    assert "The code WM-LOCK belongs to another e-mail address" in page.text
    assert "€54.00" in page.text
    assert buying.place(browser).place == "/checkout/thank-you/"
    assert Order.objects.get().total_discount_incl_tax == 0
    assert ask("coupon.lookup", {"code": "WM-LOCK"}).json()["state"] == "active"


def test_a_code_for_another_person_is_not_put_into_the_basket(goods, issue):
    issue("WM-LOCK", customer=LOCK)
    get_user_model().objects.create_user("t", "thief@example.com", "a-long-secret-1")
    browser = Browser()
    assert browser.client.login(username="thief@example.com", password="a-long-secret-1")
    browser.get("/?coupon=WM-LOCK")
    buying.add(browser, goods["TEA-9"], 2)
    assert "WM-LOCK" not in browser.get("/basket/").text


def test_an_account_may_be_named_by_its_id(goods, issue):
    user = get_user_model().objects.create_user("a", "new@example.com", "a-long-secret-1")
    issue("WM-LOCK", customer={"id": str(user.pk), "email": "old@example.com"})
    browser = Browser()
    assert browser.client.login(username="new@example.com", password="a-long-secret-1")
    buying.add(browser, goods["TEA-9"], 2)
    buying.add_voucher(browser, "WM-LOCK")
    browser.get("/checkout/")
    buying.ship(browser)
    buying.preview(browser)
    assert buying.place(browser).place == "/checkout/thank-you/"
    assert Order.objects.get().total_discount_incl_tax == 5


def test_no_order_is_placed_with_somebody_elses_coupon_on_any_road(goods, issue, monkeypatch):
    """The last guard, in the order's own transaction: with the pages' check out of the way."""
    issue("WM-LOCK", customer=LOCK)
    monkeypatch.setattr(vouchers, "drop_refused", lambda request: False)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 2)
    buying.add_voucher(browser, "WM-LOCK")
    buying.identify(browser, "thief@example.com")
    buying.preview(browser)
    page = buying.place(browser)
    assert page.status == 200
    assert "belongs to another e-mail address" in page.text
    assert not Order.objects.exists()
    assert not OrderRecord.objects.exists()


def test_an_order_placed_by_the_payment_provider_keeps_the_customers_visit(
    goods, receiver, monkeypatch
):
    """The provider's request carries no cookie and comes from the provider's address."""
    from oscar.apps.checkout.views import PaymentDetailsView
    from oscar.core.loading import get_class

    redirect_required = get_class("payment.exceptions", "RedirectRequired")

    def pay_elsewhere(self, order_number, total, **kwargs):
        raise redirect_required("https://pay.example.com/")

    monkeypatch.setattr(PaymentDetailsView, "handle_payment", pay_elsewhere)
    browser = Browser(REMOTE_ADDR="192.0.2.7")
    browser.get("/?wm=from-a-friend")
    buying.add(browser, goods["TEA-9"], 1)
    buying.identify(browser, "friend@example.com")
    buying.preview(browser)
    assert buying.place(browser).place == "https://pay.example.com/"
    assert BasketVisit.objects.get().token == "from-a-friend"

    monkeypatch.undo()
    _place_without_a_request()
    flush()
    (order,) = receiver.orders()
    assert order["attribution"]["token"] == "from-a-friend"
    assert order["client"]["ip"] == "192.0.2.7"
    assert not BasketVisit.objects.exists()


def _place_without_a_request() -> None:
    """What a provider's callback does: thaw the frozen basket and place the order."""
    from decimal import Decimal

    from django.contrib.auth.models import AnonymousUser
    from oscar.core.loading import get_class
    from oscar.core.prices import Price

    from sandbox.shipping.repository import Standard

    basket = get_model("basket", "Basket").objects.get()
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    method = Standard()
    get_class("order.utils", "OrderCreator")().place_order(
        basket=basket,
        total=Price("EUR", Decimal("29.00"), Decimal("29.00")),
        shipping_method=method,
        shipping_charge=method.calculate(basket),
        user=AnonymousUser(),
        guest_email="friend@example.com",
        order_number="200001",
    )


def test_the_address_behind_a_proxy_comes_from_the_configured_header(goods, connect, receiver):
    connect(CLIENT_IP_HEADER="HTTP_X_REAL_IP")
    browser = Browser(HTTP_X_REAL_IP="198.51.100.4", REMOTE_ADDR="10.0.0.1")
    buying.add(browser, goods["TEA-9"], 1)
    buying.checkout(browser)
    flush()
    assert receiver.orders()[0]["client"]["ip"] == "198.51.100.4"
