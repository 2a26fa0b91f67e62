"""Who takes part: customers at shop and engine, and the staff of the shop."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from tests.harness.asgi import PHONE
from tests.harness.patience import PATIENCE
from tests.oscar.running import eventually
from tests.vendure.running import Shops

STAFF = {"username": "staff@example.com", "password": "staff-of-the-sandbox"}
ORDER = """__typename ... on Order {
  id code state couponCodes totalWithTax subTotalWithTax shippingWithTax
  lines { id quantity proratedLinePriceWithTax } discounts { amountWithTax } }
  ... on ErrorResult { errorCode message }"""


@dataclass
class Graph:
    """One of the shop's two APIs, with the session that it gave."""

    address: str
    headers: dict[str, str] = field(default_factory=lambda: {"user-agent": PHONE})

    def __call__(self, query: str, **variables: object) -> Any:
        """What was asked for; the shop must understand it."""
        body = {"query": query, "variables": variables}
        answer = httpx2.post(self.address, json=body, headers=self.headers, timeout=PATIENCE)
        content = answer.json()
        assert answer.status_code == 200, content
        assert "errors" not in content, content
        if token := answer.headers.get("vendure-auth-token"):
            self.headers["authorization"] = f"Bearer {token}"
        (told,) = content["data"].values()
        return told


class Shopper:
    """Somebody with an e-mail address and a session of their own; buys as a guest."""

    def __init__(self, shop: str, email: str) -> None:
        self.email = email
        self.ask = Graph(f"{shop}/shop-api")

    def fill_cart(self, quantity: int = 2) -> dict[str, Any]:
        """Put packets of tea at 25 EUR into the cart."""
        (variant,) = self.ask('{ product(slug: "tea") { variants { id } } }')["variants"]
        return self._order(
            "mutation($id: ID!, $n: Int!) { addItemToOrder(productVariantId: $id, quantity: $n) {"
            f"{ORDER} }} }}",
            id=variant["id"],
            n=quantity,
        )

    def enter(self, code: str) -> dict[str, Any]:
        """Type a code; the cart, or what the shop has against it."""
        told: dict[str, Any] = self.ask(
            f"mutation($code: String!) {{ applyCouponCode(couponCode: $code) {{ {ORDER} }} }}",
            code=code,
        )
        return told

    def enter_in_new_cart(self, code: str, quantity: int = 2) -> dict[str, Any]:
        """Fill a cart and type a code; the cart, or what the shop has against it."""
        self.fill_cart(quantity)
        return self.enter(code)

    def come_by(self, token: str) -> None:
        """Do what the storefront does where somebody comes by a friend's link."""
        assert self.ask("mutation($token: String!) { wordmouthVisit(token: $token) }", token=token)

    def name_oneself(self, email: str = "") -> dict[str, Any]:
        """Tell the shop the e-mail address, and where to send the order."""
        person = {"emailAddress": email or self.email, "firstName": "Fe", "lastName": "Lo"}
        self._order(
            "mutation($input: CreateCustomerInput!) { setCustomerForOrder(input: $input) {"
            f"{ORDER} }} }}",
            input=person,
        )
        address = {"streetLine1": "Pikk 1", "countryCode": "EE", "fullName": "Fe Lo"}
        self._order(
            "mutation($input: CreateAddressInput!) { setOrderShippingAddress(input: $input) {"
            f"{ORDER} }} }}",
            input=address,
        )
        (post,) = self.ask("{ eligibleShippingMethods { id } }")
        return self._order(
            "mutation($id: [ID!]!) { setOrderShippingMethod(shippingMethodId: $id) {"
            f"{ORDER} }} }}",
            id=[post["id"]],
        )

    def go_to_payment(self) -> dict[str, Any]:
        """Say that the cart is complete; the order, or what the shop has against it."""
        told: dict[str, Any] = self.ask(
            'mutation { transitionOrderToState(state: "ArrangingPayment") { __typename '
            "... on Order { code state totalWithTax } "
            "... on OrderStateTransitionError { transitionError } } }"
        )
        return told

    def pay(self, method: str = "card") -> dict[str, Any]:
        """Pay for the order."""
        return self._order(
            f"mutation($input: PaymentInput!) {{ addPaymentToOrder(input: $input) {{ {ORDER} }} }}",
            input={"method": method, "metadata": {}},
        )

    def buy(self, method: str = "card") -> dict[str, Any]:
        """Buy what is in the cart; the order."""
        self.name_oneself()
        assert self.go_to_payment()["state"] == "ArrangingPayment"
        return self.pay(method)

    def _order(self, query: str, **variables: object) -> dict[str, Any]:
        told: dict[str, Any] = self.ask(query, **variables)
        assert told["__typename"] == "Order", told
        return told


class Advocate:
    """A customer of the shop who recommends it, with a browser at the engine."""

    def __init__(self, shops: Shops, shopper: Shopper, order: str) -> None:
        self.email = shopper.email
        address = shopper.ask(
            "query($code: String!) { wordmouthInvitation(orderCode: $code) }", code=order
        )
        self._http = _browser()
        asked = self._http.get(address)
        assert (asked.status_code, "Hi <bdi>Fe</bdi>" in asked.text) == (200, True), asked.text
        (token,) = parse_qs(urlsplit(address).query)["customer"]
        entered = _submit(self._http, address, customer=token)
        self.portal_address = urljoin(address, entered.headers["location"])
        found = re.search(rf'value="({re.escape(shops.engine)}/r/[^"]+)"', self.portal())
        assert found, self.portal()
        self.link = html.unescape(found[1])

    def portal(self) -> str:
        """The advocate's own page."""
        page = self._http.get(self.portal_address)
        assert page.status_code == 200, page.text
        return page.text


def take_offer(link: str, email: str) -> tuple[str, str]:
    """Open a friend's link, leave the e-mail address and wait for the code; the `wm` and the code
    with which the friend is sent to the shop."""
    browser = _browser()
    page_address = urljoin(link, browser.get(link).headers["location"])
    touch = re.search(r'name="wm" value="([^"]+)"', browser.get(page_address).text)
    assert touch
    taken = _submit(browser, page_address, email=email, wm=html.unescape(touch[1]))
    claimed = urljoin(page_address, taken.headers["location"])
    page = eventually(
        "the code to be in the shop",
        lambda: browser.get(claimed).text,
        lambda seen: "Shop now" in seen,
    )
    way = re.search(r'href="([^"]+\?wm=[^"]+coupon=[^"]+)"', page)
    assert way, page
    query = parse_qs(urlsplit(html.unescape(way[1])).query)
    return query["wm"][0], query["coupon"][0]


class Staff:
    """Who minds the shop, by its Admin API."""

    def __init__(self, shop: str) -> None:
        self.ask = Graph(f"{shop}/admin-api")
        self.ask(
            "mutation($u: String!, $p: String!) { login(username: $u, password: $p) {"
            "__typename } }",
            u=STAFF["username"],
            p=STAFF["password"],
        )

    def order(self, code: str) -> dict[str, Any]:
        """An order with what can be done about it."""
        (found,) = self.ask(
            "query($code: String!) { orders(options: {filter: {code: {eq: $code}}}) { items { id "
            "totalWithTax lines { id quantity } payments { id amount } fulfillments { id } } } }",
            code=code,
        )["items"]
        return dict(found)

    def ship(self, code: str) -> None:
        """Send all goods of an order off."""
        order = self.order(code)
        lines = [{"orderLineId": one["id"], "quantity": one["quantity"]} for one in order["lines"]]
        handler = {
            "code": "manual-fulfillment",
            "arguments": [
                {"name": "method", "value": "Post"},
                {"name": "trackingCode", "value": ""},
            ],
        }
        self.ask(
            "mutation($input: FulfillOrderInput!) { addFulfillmentToOrder(input: $input) {"
            "__typename ... on ErrorResult { message } } }",
            input={"lines": lines, "handler": handler},
        )
        self._fulfilment(code, "Shipped")

    def deliver(self, code: str) -> None:
        """Note that the goods have arrived."""
        self._fulfilment(code, "Delivered")

    def _fulfilment(self, code: str, state: str) -> None:
        (fulfilment,) = self.order(code)["fulfillments"]
        told = self.ask(
            "mutation($id: ID!, $s: String!) { transitionFulfillmentToState(id: $id, state: $s) {"
            "__typename ... on ErrorResult { message } } }",
            id=fulfilment["id"],
            s=state,
        )
        assert told["__typename"] == "Fulfillment", told

    def settle_payment(self, code: str) -> None:
        """Note that the money of an order has come."""
        (payment,) = self.order(code)["payments"]
        told = self.ask(
            "mutation($id: ID!) { settlePayment(id: $id) { __typename } }", id=payment["id"]
        )
        assert told["__typename"] == "Payment", told

    def begin_refund(self, code: str, amount: int, quantity: int = 0) -> str:
        """Decide to give money back, for so many pieces; the refund's id."""
        order = self.order(code)
        line = {"orderLineId": order["lines"][0]["id"], "quantity": quantity}
        told = self.ask(
            "mutation($input: RefundOrderInput!) { refundOrder(input: $input) { __typename "
            "... on Refund { id total state } ... on ErrorResult { message } } }",
            input={
                "lines": [line] if quantity else [],
                "amount": amount,
                "shipping": 0,
                "adjustment": 0,
                "paymentId": order["payments"][0]["id"],
            },
        )
        assert (told["__typename"], told["state"], told["total"]) == ("Refund", "Pending", amount)
        return str(told["id"])

    def settle_refund(self, refund: str) -> None:
        """Note that the money was given back."""
        told = self.ask(
            "mutation($input: SettleRefundInput!) { settleRefund(input: $input) { __typename } }",
            input={"id": refund, "transactionId": "bank-1"},
        )
        assert told["__typename"] == "Refund", told

    def cancel(self, code: str, quantity: int) -> None:
        """Take so many pieces out of an order."""
        order = self.order(code)
        lines = [{"orderLineId": order["lines"][0]["id"], "quantity": quantity}]
        told = self.ask(
            "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename "
            "... on ErrorResult { message } } }",
            input={"orderId": order["id"], "lines": lines, "cancelShipping": False},
        )
        assert told["__typename"] == "Order", told

    def promotions(self, code: str) -> int:
        """How many promotions have this coupon code."""
        return int(
            self.ask(
                "query($c: String!) { promotions(options: {filter: {couponCode: {eq: $c}}}) {"
                "totalItems } }",
                c=code,
            )["totalItems"]
        )

    def make_promotion(self, code: str) -> None:
        """Make a promotion of the shop's own."""
        action = {
            "code": "order_percentage_discount",
            "arguments": [{"name": "discount", "value": "5"}],
        }
        told = self.ask(
            "mutation($input: CreatePromotionInput!) { createPromotion(input: $input) {"
            "__typename } }",
            input={
                "enabled": True,
                "couponCode": code,
                "conditions": [],
                "actions": [action],
                "translations": [{"languageCode": "en", "name": "Summer"}],
            },
        )
        assert told["__typename"] == "Promotion", told


def _browser() -> httpx2.Client:
    """A browser profile that follows no redirect."""
    return httpx2.Client(headers={"user-agent": PHONE}, timeout=PATIENCE)


def _submit(browser: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    token = browser.cookies.get("csrftoken", "")
    answer = browser.post(address, data={**fields, "csrfmiddlewaretoken": token})
    assert answer.status_code == 302, answer.text
    return answer
