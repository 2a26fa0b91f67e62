"""A fake twin of a Saleor: its GraphQL API and its webhooks, with every trap.

For tests and simulations only: it reads questions by the schema, with a package that only they
need. A webhook tells what its subscription asks for, once for each event of a change, in any order;
it is signed without time and id by the key that the shop shows, unless it has a secret key. What
goes back takes the charge status back too. GraphQL says no with status 200, and with another name
for each reason; a voucher is made in one call and is worth something after a second one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from wordmouth.integrations import twins
from wordmouth.integrations.saleor import twin_forms as forms
from wordmouth.integrations.saleor.questions import KEYS_PATH, PATH
from wordmouth.integrations.saleor.twin_graph import Api, Denied, told_of
from wordmouth.integrations.saleor.twin_vouchers import Vouchers
from wordmouth.integrations.saleor.verify import hmac_signature, signed_part
from wordmouth.integrations.twins import Reply, Request, reply
from wordmouth.kit import clock
from wordmouth.kit.signing import b64url

PERMISSIONS = ("MANAGE_ORDERS", "MANAGE_USERS", "MANAGE_DISCOUNTS")
HEADER = {"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "1", "typ": "JWT"}
CHANGED = {
    "OrderCreated": "ORDER_CREATED",
    "OrderUpdated": "ORDER_UPDATED",
    "OrderFullyPaid": "ORDER_FULLY_PAID",
    "OrderRefunded": "ORDER_REFUNDED",
    "OrderFulfilled": "ORDER_FULFILLED",
    "OrderCancelled": "ORDER_CANCELLED",
    "CustomerCreated": "CUSTOMER_CREATED",
}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery on its way, with lower-case header names."""

    headers: dict[str, str]
    body: bytes


class SaleorTwin(twins.Twin, Vouchers):
    """The shop behind the server; every attribute may be read and set by a test.

    `token` opens the API for an app with these `permissions`; `key` is the number of the key that
    signs; `clock_apart` is how far the shop's clock is from ours; `away`: its database is.
    """

    def __init__(self, token: str = "token-1") -> None:  # noqa: S107 - of a shop that is none
        twins.Twin.__init__(self)
        Vouchers.__init__(self)
        self.token = token
        self.permissions = set(PERMISSIONS)
        self.key = 1
        self.clock_apart = timedelta(0)
        self.away = False
        self.orders: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.products: dict[str, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self._waiting: list[Sent] = []
        self._api = Api(self)

    # What happens in the shop.

    def order(
        self,
        name: str = "",
        *,
        total: str = "80",
        currency: str = "EUR",
        paid: bool = False,
        refunds: Iterable[str] = (),
        **changes: Any,
    ) -> str:
        """A new order, or one that changes: it may be paid, and money may go back. Its id."""
        with self._lock:
            number, now = self.new_number(), clock.now()
            kinds = ["OrderUpdated"] if name in self.orders else ["OrderCreated"]
            name = name or forms.name_of("Order", f"00000000-0000-4000-8000-{number:012}")
            known = self.orders.get(name) or forms.order(name, number, currency, total, now)
            made = {**known, **changes, "updatedAt": forms.time(now)}
            if paid and made["chargeStatus"] == "NONE" and not made["transactions"]:
                self._pay(made, Decimal(total))
                kinds.append("OrderFullyPaid")
            for amount in refunds:
                self.moved(made, "REFUND_SUCCESS", Decimal(amount))
                kinds.append("OrderRefunded")
            if changes.get("status") == "CANCELED":
                self.happened(made, "CANCELED")
                kinds.append("OrderCancelled")
            self.orders[name] = made
            self._tell(kinds, {"order": made})
            return name

    def send(self, name: str) -> None:
        """All of the order goes on its way."""
        number = forms.name_of("Fulfillment", self.new_number())
        sent = {"id": number, "status": "FULFILLED", "created": forms.time(clock.now())}
        self.order(name, status="FULFILLED", fulfillments=[sent])

    def customer(self, email: str) -> str:
        """Somebody opens an account. Its id."""
        with self._lock:
            name = forms.name_of("User", self.new_number())
            self.customers[name] = forms.customer(name, email, clock.now())
            self._tell(["CustomerCreated"], {"user": self.customers[name]})
            return name

    def product(self, title: str, price: str = "12.50") -> str:
        """A product is new in the catalogue. Its id."""
        with self._lock:
            name = forms.name_of("Product", self.new_number())
            self.products[name] = forms.product(name, title, price, clock.now())
            return name

    def happened(self, order: dict[str, Any], kind: str) -> None:
        """Note an event of an order."""
        name = forms.name_of("OrderEvent", self.new_number())
        event = {"id": name, "date": forms.time(clock.now()), "type": kind}
        order["events"] = [*order["events"], event]

    def moved(self, order: dict[str, Any], kind: str, amount: Decimal, reference: str = "") -> str:
        """Money of an order moves, by its one transaction; the id of that event."""
        name = forms.name_of("TransactionEvent", self.new_number())
        currency = order["total"]["currency"]
        event = forms.money_event(
            name, kind, amount, currency, reference or f"psp-{name}", clock.now()
        )
        known = order["transactions"][0]["events"] if order["transactions"] else []
        charged = {"currency": currency, "amount": 0.0}
        number = forms.name_of("TransactionItem", order["number"])
        order["transactions"] = [
            {"id": number, "chargedAmount": charged, "events": [*known, event]}
        ]
        order["chargeStatus"] = _charge_status(order)
        return name

    def _pay(self, order: dict[str, Any], total: Decimal) -> None:
        self.moved(order, "CHARGE_SUCCESS", total)
        self.happened(order, "ORDER_FULLY_PAID")

    # What it tells.

    def deliveries(self) -> list[Sent]:
        """What is to be sent by now, the newest first. It is told once."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting[::-1]

    def jwks(self) -> dict[str, Any]:
        """The keys that it shows."""
        numbers = signing_key(self.key).public_key().public_numbers()
        shown = {"kty": "RSA", "key_ops": ["verify"], "use": "sig", "kid": "1"}
        return {"keys": [{**shown, "n": _number(numbers.n), "e": _number(numbers.e)}]}

    def sent(self, event: str, body: bytes, secret: str | None = None) -> Sent:
        """A delivery of that body, as Saleor would send it now."""
        proof = hmac_signature(secret.encode(), body) if secret else jws(self.key, body)
        headers = {
            "content-type": "application/json",
            "saleor-event": event.lower(),
            "x-saleor-event": event.lower(),
            "saleor-domain": "tea.saleor.cloud",
            "saleor-api-url": "https://tea.saleor.cloud/graphql/",
            "saleor-signature": proof,
        }
        return Sent(headers=headers, body=body)

    def _tell(self, kinds: Iterable[str], root: dict[str, Any]) -> None:
        for hook in self.hooks.values():
            told = {each["eventType"] for each in hook["asyncEvents"]}
            for kind in kinds:
                if hook["isActive"] and CHANGED[kind] in told:
                    event = {"__typename": kind, **root}
                    body = json.dumps(told_of(hook["subscriptionQuery"], event)).encode()
                    self._waiting.append(self.sent(CHANGED[kind], body, hook["secretKey"]))

    # What it answers.

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        if (request.method, request.path) == ("GET", KEYS_PATH):
            answer = reply(200, self.jwks())
        elif (request.method, request.path) == ("POST", PATH):
            told = request.json()
            opened = request.headers.get("authorization") == f"Bearer {self.token}"
            answer = reply(*self._api.answer(told["query"], told.get("variables") or {}, opened))
        else:
            answer = Reply(status=404, body=b"Not Found", kind="text/html")
        date = (clock.now() + self.clock_apart).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return msgspec.structs.replace(answer, headers={**answer.headers, "Date": date})

    def need(self, permission: str) -> None:
        """Raises Denied where the app may not do that."""
        if permission not in self.permissions:
            words = f"To access this path, you need one of the following permissions: {permission}"
            raise Denied(words)


@lru_cache(maxsize=4)
def signing_key(number: int) -> RSAPrivateKey:
    """A key by its number; none is known to anybody else."""
    return generate_private_key(65537, 2048)


def jws(key: int, body: bytes, header: dict[str, Any] | None = None) -> str:
    """The signature of a body, without the body."""
    protected = b64url(json.dumps(header or HEADER).encode())
    as_it_is = not (header or HEADER).get("b64", True)
    signed = signed_part(protected, body, as_it_is=as_it_is)
    return f"{protected}..{b64url(signing_key(key).sign(signed, PKCS1v15(), hashes.SHA256()))}"


def _number(value: int) -> str:
    size = (value.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(value.to_bytes(size, "big")).rstrip(b"=").decode()


def _charge_status(order: dict[str, Any]) -> str:
    """What is left of the money decides, so a refund takes the status back."""
    signs = {"CHARGE_SUCCESS": 1, "REFUND_SUCCESS": -1, "CHARGE_BACK": -1, "REFUND_REVERSE": 1}
    events = order["transactions"][0]["events"]
    left = sum(
        signs.get(each["type"], 0) * Decimal(str(each["amount"]["amount"])) for each in events
    )
    if left <= 0:
        return "NONE"
    return "FULL" if left >= Decimal(str(order["total"]["gross"]["amount"])) else "PARTIAL"
