"""A customer in the shop: every step is a request to one of oscar's own pages."""

import re
from typing import Any, Protocol

from django.test import Client

ADDRESS = {
    "first_name": "Fe",
    "last_name": "Lo",
    "line1": "Pikk 1",
    "line4": "Tallinn",
    "postcode": "10123",
    "country": "EE",
}


class Page(Protocol):
    """An answer of the shop."""

    status: int
    place: str
    text: str


class Reply:
    def __init__(self, status: int, place: str, text: str) -> None:
        self.status, self.place, self.text = status, place, text


class Browser:
    """Requests to the shop in this process; redirects are not followed."""

    def __init__(self, **defaults: Any) -> None:
        self.client = Client(enforce_csrf_checks=False, **defaults)

    def get(self, path: str) -> Reply:
        return self._reply(self.client.get(path))

    def post(self, path: str, fields: dict[str, Any]) -> Reply:
        return self._reply(self.client.post(path, fields))

    def _reply(self, answer: Any) -> Reply:
        return Reply(answer.status_code, answer.headers.get("location", ""), answer.text)


def add(browser: Any, product: int, quantity: int = 1) -> None:
    page = browser.post(f"/basket/add/{product}/", {"quantity": quantity})
    assert page.status == 302, page.text


def add_voucher(browser: Any, code: str) -> None:
    page = browser.post("/basket/vouchers/add/", {"code": code})
    assert page.status == 302, page.text


def identify(browser: Any, email: str) -> None:
    """Give an e-mail address and an address to ship to, and choose how."""
    page = browser.post("/checkout/", {"username": email, "options": "anonymous"})
    assert page.place == "/checkout/shipping-address/", (page.status, page.place, page.text)
    ship(browser)


def ship(browser: Any, method: str = "standard") -> None:
    page = browser.post("/checkout/shipping-address/", ADDRESS)
    assert page.place == "/checkout/shipping-method/", (page.status, page.text)
    page = browser.post("/checkout/shipping-method/", {"method_code": method})
    assert page.place == "/checkout/payment-method/", (page.status, page.text)


def preview(browser: Any) -> Reply:
    """Go on from the choice of shipping to the page that shows the whole order."""
    page: Reply = browser.get("/checkout/payment-method/")
    assert page.place == "/checkout/payment-details/", (page.status, page.place)
    page = browser.get("/checkout/preview/")
    assert page.status == 200, (page.status, page.place)
    return page


def place(browser: Any) -> Reply:
    page: Reply = browser.post("/checkout/preview/", {"action": "place_order"})
    return page


def order_number(browser: Any) -> str:
    page = browser.get("/checkout/thank-you/")
    assert page.status == 200, (page.status, page.place)
    found = re.search(r"order number is\s*<strong>(\d+)</strong>", page.text)
    assert found, page.text
    return found[1]


def checkout(browser: Any, email: str = "friend@example.com") -> str:
    """Buy what is in the basket as a guest; returns the order's number."""
    identify(browser, email)
    preview(browser)
    page = place(browser)
    assert page.place == "/checkout/thank-you/", (page.status, page.place, page.text)
    return order_number(browser)
