"""The pages in a real browser: accessible, as wide as the window, mails readable."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.browser import assert_accessible, assert_no_sideways_scroll
from wordmouth_demo import coupons, mailbox
from wordmouth_demo.seed import seed
from wordmouth_demo.tests.conftest import Clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAIL = b"""Subject: Recommend us\r\nFrom: Kohvik <hello@kohvik.example>\r
Content-Type: text/html; charset=utf-8\r\n\r
<html lang="en"><head><title>M</title></head><body><h1 style="color:#83340f">Hello</h1>
<p><a href="http://127.0.0.1/s/kohvik">Join</a></p><script>document.title = "run"</script>
</body></html>"""


def look(page: "Page") -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible_and_fits(
    new_profile: Any, live_server: Any, clock: Clock, width: int
) -> None:
    seed()
    terms = {"code": "WM-GIFT", "kind": "amount_off", "value": 500, "currency": "EUR"}
    coupons.issue(coupons.parse(terms), clock.now())
    mailbox.keep("x@kohvik.example", ["ana@example.com"], MAIL)
    page = new_profile(viewport={"width": width, "height": 900}).new_page()
    base = f"{live_server.url}/demo"
    for path in ("/", "/shop/", "/shop/products/udu/", "/shop/account/", "/inbox/", "/control/"):
        page.goto(base + path)
        look(page)
    page.locator("summary").click()
    look(page)
    page.goto(f"{base}/inbox/")
    page.get_by_role("link", name="Recommend us").click()
    page.wait_for_url("**/inbox/*/")
    frame = page.frame_locator("iframe.mailbody")
    frame.get_by_role("link", name="Join").wait_for()
    assert page.evaluate("document.querySelector('iframe').contentDocument.title") == "M"
    look(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_buys_with_a_coupon(
    new_profile: Any, live_server: Any, clock: Clock, javascript: bool
) -> None:
    terms = {"code": "WM-GIFT", "kind": "amount_off", "value": 500, "currency": "EUR"}
    coupons.issue(coupons.parse(terms), clock.now())
    page = new_profile(java_script_enabled=javascript).new_page()
    page.goto(f"{live_server.url}/demo/shop/?wm=token&coupon=WM-GIFT")
    page.get_by_role("button", name="Add Tilk to the basket").click()
    page.get_by_role("link", name="Go to checkout").click()
    for label, value in (
        ("E-mail", "ana@example.com"), ("First name", "Ana"), ("Last name", "Saar"),
        ("Street and number", "Kohtu 1"), ("Postcode", "10130"), ("Town", "Tallinn"),
    ):  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Place the order").click()
    page.wait_for_url("**/thanks/")
    if javascript:
        look(page)
    assert page.get_by_text("€31.00").is_visible()
    assert "/s/kohvik/join?customer=" in str(page.locator("#recommend").get_attribute("href"))
    page.goto(f"{live_server.url}/demo/control/")
    page.get_by_role("button", name="Ship order").click()
    page.get_by_text("is on its way").wait_for()
    if javascript:
        look(page)
