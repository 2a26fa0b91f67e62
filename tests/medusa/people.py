"""Who takes part: customers at shop and engine, and the staff of the shop."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from tests.harness.asgi import PHONE
from tests.harness.patience import PATIENCE
from tests.medusa.running import MedusaShops

ADDRESS = {
    "first_name": "Fe",
    "last_name": "Lo",
    "address_1": "Pikk 1",
    "city": "Tallinn",
    "postal_code": "10123",
    "country_code": "ee",
}


class Api:
    """One of the shop's two APIs, opened."""

    def __init__(self, address: str, headers: dict[str, str], key: str = "") -> None:
        self._http = httpx2.Client(
            headers={"user-agent": PHONE, **headers},
            auth=(key, "") if key else None,
            timeout=PATIENCE,
        )
        self._address = address

    def ask(self, path: str, **query: str) -> Any:
        """What is at a path; it must be there."""
        return self._told(self._http.get(f"{self._address}/{path}", params=query))

    def tell(self, path: str, **content: object) -> Any:
        """What the shop answers to something that it must accept."""
        return self._told(self.try_to(path, **content))

    def try_to(self, path: str, **content: object) -> httpx2.Response:
        """The shop's answer, whatever it is."""
        return self._http.post(f"{self._address}/{path}", json=content)

    @staticmethod
    def _told(answer: httpx2.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()


class Shopper:
    """Somebody with an e-mail address and a cart; buys as a guest."""

    def __init__(self, shops: MedusaShops, email: str) -> None:
        self.email = email
        self._keys = shops.keys
        self.api = Api(f"{shops.shop}/store", {"x-publishable-api-key": shops.keys["publishable"]})
        made = self.api.tell("carts", region_id=shops.keys["region"], email=email)
        self.cart = f"carts/{made['cart']['id']}"

    def fill_cart(self, quantity: int = 2) -> dict[str, Any]:
        """Put packets of tea at 25 EUR into the cart."""
        variant = self._keys["variant"]
        told = self.api.tell(f"{self.cart}/line-items", variant_id=variant, quantity=quantity)
        return dict(told["cart"])

    def enter(self, code: str) -> dict[str, Any]:
        """Type a code; the cart."""
        return dict(self.api.tell(f"{self.cart}/promotions", promo_codes=[code])["cart"])

    def enter_in_new_cart(self, code: str, quantity: int = 2) -> dict[str, Any]:
        """Fill a cart and type a code; the cart."""
        self.fill_cart(quantity)
        return self.enter(code)

    def come_by(self, token: str) -> None:
        """Do what the storefront does where somebody comes by a friend's link."""
        cart = self.cart.removeprefix("carts/")
        assert self.api.tell("wordmouth/visits", cart_id=cart, token=token) == {"kept": True}

    def choose_shipping(self) -> None:
        """Say where to send what is in the cart, and how."""
        self.api.tell(self.cart, shipping_address=ADDRESS)
        self.api.tell(f"{self.cart}/shipping-methods", option_id=self._keys["shipping"])

    def complete(self) -> dict[str, Any]:
        """Buy what is in the cart: the order, or why there is none."""
        self.choose_shipping()
        cart = self.cart.removeprefix("carts/")
        made = self.api.tell("payment-collections", cart_id=cart)["payment_collection"]["id"]
        sessions = f"payment-collections/{made}/payment-sessions"
        self.api.tell(sessions, provider_id="pp_system_default")
        return dict(self.api.try_to(f"{self.cart}/complete").json())

    def buy(self) -> dict[str, Any]:
        """Buy what is in the cart; the order."""
        told = self.complete()
        assert told["type"] == "order", told
        return dict(told["order"])


class Advocate:
    """A customer of the shop who recommends it, with a browser at the engine."""

    def __init__(self, shops: MedusaShops, shopper: Shopper, order: str) -> None:
        self.email = shopper.email
        address = shopper.api.ask(f"wordmouth/invitations/{order}")["invitation"]
        self._http = httpx2.Client(headers={"user-agent": PHONE}, timeout=PATIENCE)
        asked = self._http.get(address)
        assert (asked.status_code, "Hi <bdi>Fe</bdi>" in asked.text) == (200, True), asked.text
        (token,) = parse_qs(urlsplit(address).query)["customer"]
        form = {"customer": token, "csrfmiddlewaretoken": self._http.cookies.get("csrftoken", "")}
        entered = self._http.post(address, data=form)
        assert entered.status_code == 302, entered.text
        self._portal = urljoin(address, entered.headers["location"])
        found = re.search(rf'value="({re.escape(shops.engine)}/r/[^"]+)"', self.portal())
        assert found, self.portal()
        self.link = html.unescape(found[1])

    def portal(self) -> str:
        """The advocate's own page."""
        page = self._http.get(self._portal)
        assert page.status_code == 200, page.text
        return page.text


class Staff:
    """Who minds the shop, by its Admin API."""

    def __init__(self, shop: str, keys: dict[str, str]) -> None:
        self.api = Api(f"{shop}/admin", {}, keys["secret"])
        self._location = keys["location"]

    def order(self, order: str) -> dict[str, Any]:
        """An order with what can be done about it."""
        fields = "id,total,*items,*fulfillments,*payment_collections.payments"
        return dict(self.api.ask(f"orders/{order}", fields=fields)["order"])

    def capture(self, order: str) -> None:
        """Take the money of an order."""
        self.api.tell(f"payments/{self._payment(order)}/capture")

    def refund(self, order: str, amount: float) -> None:
        """Give money back."""
        self.api.tell(f"payments/{self._payment(order)}/refund", amount=amount)

    def ship(self, order: str) -> str:
        """Send all goods of an order off; the parcel's id."""
        goods = [
            {"id": one["id"], "quantity": one["quantity"]} for one in self.order(order)["items"]
        ]
        self.api.tell(f"orders/{order}/fulfillments", items=goods, location_id=self._location)
        (parcel,) = self.order(order)["fulfillments"]
        self.api.tell(f"orders/{order}/fulfillments/{parcel['id']}/shipments", items=goods)
        return str(parcel["id"])

    def deliver(self, order: str, parcel: str) -> None:
        """Note that the goods have arrived."""
        self.api.tell(f"orders/{order}/fulfillments/{parcel}/mark-as-delivered")

    def take_back(self, order: str) -> None:
        """Receive all goods of an order back, without giving money for them yet."""
        goods = [
            {"id": one["id"], "quantity": one["quantity"]} for one in self.order(order)["items"]
        ]
        begun = self.api.tell("returns", order_id=order, location_id=self._location)
        path = f"returns/{begun['return']['id']}"
        self.api.tell(f"{path}/request-items", items=goods)
        self.api.tell(f"{path}/request")
        self.api.tell(f"{path}/receive")
        self.api.tell(f"{path}/receive-items", items=goods)
        self.api.tell(f"{path}/receive/confirm")

    def cancel(self, order: str) -> None:
        """Cancel an order."""
        self.api.tell(f"orders/{order}/cancel")

    def promotions(self, code: str) -> int:
        """How many promotions have this code."""
        return len(self.api.ask("promotions", code=code)["promotions"])

    def make_promotion(self, code: str) -> None:
        """Make a promotion of the shop's own."""
        method = {
            "type": "percentage",
            "target_type": "order",
            "allocation": "across",
            "value": 5,
        }
        self.api.tell(
            "promotions", code=code, type="standard", status="active", application_method=method
        )

    def _payment(self, order: str) -> str:
        (collection,) = self.order(order)["payment_collections"]
        (payment,) = collection["payments"]
        return str(payment["id"])
