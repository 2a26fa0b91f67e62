"""What people do in the demo, step by step, and what they then see.

Every step ends when the page shows its result. A result that does not come fails as an assertion
once the person's patience, in milliseconds, is over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.harness import patience
from tests.harness.browser import assert_no_sideways_scroll, screenshot

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Locator, Page

Words = str | re.Pattern[str]
PATIENCE = round(patience.PATIENCE * 1000)
GLANCE = 1000
WIDTHS = (390, 1280)
LAID_OUT = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""A page that was just resized is drawn anew after two frames."""
# A headless browser says so, and is not counted as a visitor.
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)


class Person:
    """Somebody with a browser profile of their own."""

    def __init__(self, page: Page, site: str, email: str, first: str, last: str) -> None:
        self.page, self.site = page, site
        self.email, self.first, self.last = email, first, last
        self.patience = PATIENCE

    def open(self, address: str) -> None:
        """Go to an address, of the demo's site unless it names another."""
        self.page.goto(address if address.startswith("http") else self.site + address)

    def press(self, name: Words) -> None:
        """Press the first button of that name."""
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: Words) -> None:
        """Follow the first link of that name."""
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, words: Words, where: str = "main") -> Locator:
        """The place in which the words stand, once they do."""
        found = self.page.locator(where).get_by_text(words).first
        expect(found).to_be_visible(timeout=self.patience)
        return found

    def finds(self, words: Words, where: str = "main") -> Locator:
        """As `sees`, on a page that must be loaded anew to show news."""
        for _ in range(self.patience // GLANCE):
            found = self.page.locator(where).get_by_text(words).first
            try:
                expect(found).to_be_visible(timeout=GLANCE)
            except AssertionError:
                self.page.reload()
            else:
                return found
        return self.sees(words, where)

    def photograph(self, name: str) -> None:
        """Save the page for a look: on a phone, on a desk, and in the dark where it can."""
        seen = self.page.viewport_size
        self.page.evaluate("window.scrollTo(0, 0)")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(LAID_OUT)
            assert_no_sideways_scroll(self.page)
            screenshot(self.page, f"journey-{name}-{width}")
        if "dark" in self.page.evaluate("getComputedStyle(document.documentElement).colorScheme"):
            self.page.emulate_media(color_scheme="dark")
            screenshot(self.page, f"journey-{name}-dark")
            self.page.emulate_media(color_scheme="light")
        if seen:
            self.page.set_viewport_size(seen)

    # At the shop

    def fill_basket(self, *products: str) -> None:
        """Put products into the basket."""
        for product in products:
            self.open("/demo/shop/")
            self.press(f"Add {product} to the basket")
            self.page.wait_for_url("**/basket/")

    def order(self) -> str:
        """Check out what is in the basket; the order's number, such as "#1015"."""
        self.open("/demo/shop/checkout/")
        for label, value in (
            ("E-mail", self.email),
            ("First name", self.first),
            ("Last name", self.last),
            ("Street and number", "Kohtu 1"),
            ("Postcode", "10130"),
            ("Town", "Tallinn"),
        ):
            self.page.get_by_label(label, exact=True).fill(value)
        self.press("Place the order")
        self.page.wait_for_url("**/thanks/")
        return self.page.locator(".eyebrow").inner_text().split()[-1]

    # With mails

    def mail(self, subject: Words, says: str) -> FrameLocator:
        """Open one's newest mail of that subject, once it has come, and read it; its body."""
        self.open(f"/demo/inbox/?to={self.email}")
        self.page.locator("#mails").get_by_role("link", name=subject).first.click()
        self.page.wait_for_url("**/inbox/*/*")
        body = self.page.frame_locator("iframe.mailbody")
        expect(body.locator(".sheet")).to_contain_text(says, timeout=self.patience)
        return body

    def follow_mail(self, body: FrameLocator, name: str) -> None:
        """Press a button of the open mail; it opens a window, in which the person goes on."""
        with self.page.expect_popup() as opened:
            body.get_by_role("link", name=name).click()
        address = opened.value.url
        opened.value.close()
        self.open(address)

    # On the engine's pages

    def become_advocate(self) -> str:
        """Press the one button of the page for joining; one's personal link."""
        self.press("Get my link")
        self.page.locator(".portal").wait_for()
        return self.page.locator("#link").input_value()

    def claim(self) -> str:
        """Take the offer of the open page; the code, once it can be used."""
        self.page.get_by_label("Your e-mail address").fill(self.email)
        self.press("Get my code")
        code = self.page.locator(".coupon .number")
        expect(code).to_be_visible(timeout=self.patience)
        return code.inner_text()


class Keeper(Person):
    """Whoever sits in the control room, and at the merchant's desk."""

    def does(self, button: str, told: str) -> None:
        """Press a button of the control room and wait until it says what happened."""
        self.open("/demo/control/")
        self.press(button)
        self.sees(told, ".notice-place")

    def coupons(self) -> list[str]:
        """The shop's coupons in words, newest first."""
        self.open("/demo/control/")
        return self.page.locator("#coupons-made li").all_inner_texts()

    def sees_coupon(self, words: Words, state: str) -> None:
        """Until the shop has a coupon with these words in that state."""
        found = self.page.locator("#coupons-made li").filter(has_text=words)
        expect(found.locator(".badge")).to_have_text(state, timeout=self.patience)

    def sign_in(self, user: str, password: str) -> None:
        """Enter the merchant's desk."""
        self.open("/desk")
        self.page.get_by_label("Name").fill(user)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")
        self.sees("Is all well?")

    def waits_for_settling(self) -> None:
        """Until the engine has settled everything that it was told."""
        self.open("/desk/kohvik/deliveries")
        self.page.locator(".listing").wait_for()
        waiting = self.page.locator(".listing .chip.wait")
        for _ in range(self.patience // GLANCE):
            try:
                expect(waiting).to_have_count(0, timeout=GLANCE)
            except AssertionError:
                self.page.reload()
            else:
                return
        raise AssertionError("some deliveries still wait")
