"""Who takes part: customers with a browser for shop and engine, and the staff of the shop."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from shops.oscar.tests import buying
from shops.oscar.tests.buying import Reply
from tests.harness.asgi import PHONE
from tests.harness.patience import PATIENCE
from tests.oscar.running import Pair, eventually

STAFF = {
    "login-username": "staff@example.com",
    "login-password": "staff-of-the-sandbox",
    "login_submit": "Log In",
}


class Browser:
    """One browser profile; addresses without a host are the shop's. Follows no redirect."""

    def __init__(self, pair: Pair) -> None:
        self._shop = pair.shop
        self._http = httpx2.Client(headers={"user-agent": PHONE}, timeout=PATIENCE)

    def get(self, address: str) -> Reply:
        return _reply(self._http.get(urljoin(self._shop, address)))

    def post(self, address: str, fields: dict[str, Any]) -> Reply:
        url = urljoin(self._shop, address)
        if not self._token(url):
            self.get("/accounts/login/")
        fields = {**fields, "csrfmiddlewaretoken": self._token(url)}
        return _reply(self._http.post(url, data=fields))

    def _token(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        for cookie in self._http.cookies.jar:
            if cookie.name == "csrftoken" and cookie.domain.removesuffix(".local") == host:
                return cookie.value or ""
        return ""


class Customer:
    """Somebody with an e-mail address and a browser of their own; buys as a guest."""

    def __init__(self, pair: Pair, email: str) -> None:
        self._pair, self.email = pair, email
        self.browser = Browser(pair)

    def fill_basket(self) -> str:
        """Put two packets of tea at 25 EUR into the basket; what the basket shows then."""
        shelf = self.browser.get("/catalogue/").text
        found = re.search(r'href="/catalogue/tea-9_(\d+)/"', shelf)
        assert found, shelf
        buying.add(self.browser, int(found[1]), 2)
        return self.basket()

    def basket(self) -> str:
        return self.browser.get("/basket/").text

    def enter(self, code: str) -> str:
        """Type a code into the basket's form; what the basket shows then."""
        buying.add_voucher(self.browser, code)
        return self.basket()

    def check_out(self) -> str:
        """Buy what is in the basket; the order's number."""
        return buying.checkout(self.browser, self.email)

    def join(self) -> str:
        """Follow the invitation on the confirmation page and become an advocate; their link."""
        thanks = self.browser.get("/checkout/thank-you/").text
        address = _link(thanks, rf"{re.escape(self._pair.engine)}/s/[^\"]+/join\?customer=[^\"]+")
        asked = self.browser.get(address)
        assert (asked.status, "Hi <bdi>Fe</bdi>" in asked.text) == (200, True), asked.text
        (token,) = parse_qs(urlsplit(address).query)["customer"]
        entered = self.browser.post(address, {"customer": token})
        self.portal_address = urljoin(address, entered.place)
        return _found(self.portal(), rf'value="({re.escape(self._pair.engine)}/r/[^"]+)"')

    def portal(self) -> str:
        """The advocate's own page."""
        page = self.browser.get(self.portal_address)
        assert page.status == 200, (page.status, page.place, page.text)
        return page.text

    def take_offer(self, link: str) -> str:
        """Open a friend's link, leave the e-mail address, wait for the code and go to the shop;
        the code."""
        sent = self.browser.get(link)
        assert sent.status == 302, sent.text
        page_address = urljoin(link, sent.place)
        page = self.browser.get(page_address).text
        assert "<strong><bdi>Fe</bdi></strong> recommends" in page, page
        touch = _found(page, r'name="wm" value="([^"]+)"')
        taken = self.browser.post(page_address, {"email": self.email, "wm": touch})
        assert taken.status == 302, taken.text
        claimed = urljoin(page_address, taken.place)
        page = eventually(
            "the code to be in the shop",
            lambda: self.browser.get(claimed).text,
            lambda seen: "Shop now" in seen,
        )
        way = _link(page, rf"{re.escape(self._pair.shop)}/\?wm=[^\"]+coupon=[^\"]+")
        assert self.browser.get(way).status == 302
        (code,) = parse_qs(urlsplit(way).query)["coupon"]
        assert f">{code}</bdi>" in page
        return code


class Staff:
    """Who minds the shop, in oscar's dashboard."""

    def __init__(self, pair: Pair) -> None:
        self._browser = Browser(pair)
        answer = self._browser.post("/accounts/login/", STAFF)
        assert answer.status == 302, answer.text

    def set_status(self, number: str, *statuses: str) -> None:
        """Move an order through these statuses."""
        for status in statuses:
            self._act(number, order_action="change_order_status", new_status=status)
            assert f"to &#x27;{status}&#x27;" in self._order(number)

    def refund(self, number: str, amount: str) -> None:
        """Note that money was given back."""
        event = {"payment_event_type": "refunded", "amount": amount}
        self._act(number, order_action="create_order_payment_event", **event)
        assert "Payment event created" in self._order(number)

    def vouchers(self, code: str) -> int:
        """How many vouchers of this code the dashboard lists."""
        listed = self._browser.get(f"/dashboard/vouchers/?code={code}&form-submitted=1").text
        table = listed[listed.index("<table") :]
        return len(re.findall(rf">\s*{re.escape(code)}\s*<", table))

    def _act(self, number: str, **fields: str) -> None:
        answer = self._browser.post(f"/dashboard/orders/{number}/", fields)
        assert answer.status == 302, answer.text

    def _order(self, number: str) -> str:
        return self._browser.get(f"/dashboard/orders/{number}/").text


def _reply(answer: httpx2.Response) -> Reply:
    return Reply(answer.status_code, answer.headers.get("location", ""), answer.text)


def _link(page: str, pattern: str) -> str:
    return _found(page.replace("&amp;", "&"), rf'href="({pattern})"')


def _found(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, f"{pattern} is not in:\n{page}"
    return html.unescape(found[1])
