"""A fake twin of a WooCommerce shop: its REST API wc/v3 and its webhooks, with every trap.

For tests and simulations only. Webhooks are built when they are sent, joined (two changes of an
order are told once), sent in any order, never sent again, signed with no time, numbered so that two
of one second have the same number, and switched off after more than five failures. A thing that
was deleted meanwhile is told as an error object. Customers cannot be filtered by their last change,
codes are compared without capitals, `date_expires_gmt` is not read, and secrets are never told.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

import msgspec

from wordmouth.integrations import twins
from wordmouth.integrations.twins import Reply, Request, reply
from wordmouth.integrations.woocommerce import twin_forms as forms
from wordmouth.integrations.woocommerce.api import PATH
from wordmouth.integrations.woocommerce.verify import signature
from wordmouth.kit import clock

MOST_FAILURES = 5
EDITABLE_HOOK = ("name", "topic", "delivery_url", "status", "secret")


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery on its way: from which webhook, with lower-case header names."""

    hook: int
    headers: dict[str, str]
    body: bytes


class WooTwin(twins.Twin):
    """The shop behind the server; every attribute may be read and set by a test.

    `key` and `secret` open the API, `currency` is the shop's, `products` those that it has;
    `clock_apart` is how far its clock is from ours, as its answers say.
    """

    def __init__(self, key: str = "ck_1", secret: str = "cs_1") -> None:  # noqa: S107 - make-believe
        super().__init__()
        self.key, self.secret = key, secret
        self.currency = "EUR"
        self.clock_apart = timedelta(0)
        self.products = {number: forms.product(number, self.now()) for number in (10, 11)}
        self.orders: dict[int, dict[str, Any]] = {}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.coupons: dict[int, dict[str, Any]] = {}
        self.hooks: dict[int, dict[str, Any]] = {}
        self.pings: list[bytes] = []
        self._changed: dict[tuple[int, int], None] = {}
        self._number = 100

    # What happens in the shop.

    def order(self, number: int | None = None, **changes: Any) -> int:
        """A new order, or one that is changed; its number."""
        with self._lock:
            return self._order(number, changes)

    def refund(self, number: int, amount: str, lines: Iterable[dict[str, Any]] = ()) -> int:
        """Money of an order goes back; `lines` as wc/v3 writes them. Its number."""
        with self._lock:
            made = self._new_number()
            refund = forms.refund(made, amount, self.now(), list(lines))
            # The newest first, as the shop lists them.
            self.refunds.setdefault(number, []).insert(0, refund)
            short = {"id": made, "reason": refund["reason"], "total": f"-{amount}"}
            self._order(number, {"refunds": [*self.orders[number]["refunds"], short]})
            return made

    def customer(self, email: str, number: int | None = None) -> int:
        """Somebody opens an account, or changes its address."""
        with self._lock:
            known = number in self.customers
            number = number or self._new_number()
            self.customers[number] = forms.customer(number, email, self.now())
            self._tell("customer", "updated" if known else "created", number)
            return number

    def product(self, number: int | None = None, **changes: Any) -> int:
        """A product is put into the shop, or changed; its number."""
        with self._lock:
            number = number or self._new_number()
            known = self.products.get(number) or forms.product(number, self.now())
            self.products[number] = forms.edited(known, changes, self.now())
            return number

    def delete(self, number: int) -> None:
        """An order is deleted for good, at once."""
        with self._lock:
            del self.orders[number]
            self._tell("order", "deleted", number)

    def use(self, code: str) -> None:
        """Somebody uses a coupon."""
        for coupon in self.coupons.values():
            if coupon["code"] == code.lower():
                coupon["usage_count"] += 1

    def own_coupon(self, code: str) -> None:
        """The shop makes a coupon by itself."""
        with self._lock:
            self._add_coupon({"code": code, "amount": "5"})

    # What it tells.

    def deliveries(self) -> list[Sent]:
        """What is to be sent by now, built at this moment, the newest first. It is told once."""
        with self._lock:
            waiting, self._changed = list(self._changed), {}
            return [self._sent(hook, number) for hook, number in reversed(waiting)]

    def answered(self, sent: Sent, status: int) -> None:
        """What became of a delivery: too many failures in a row switch its webhook off."""
        hook = self.hooks[sent.hook]
        hook["failures"] = 0 if 200 <= status < 300 else hook["failures"] + 1
        if hook["failures"] > MOST_FAILURES:
            hook["status"] = "disabled"

    def _sent(self, hook_id: int, number: int) -> Sent:
        hook = self.hooks[hook_id]
        resource, _, event = hook["topic"].partition(".")
        body = forms.encoded(self._payload(resource, event, number))
        stamp = hashlib.md5(f"{hook_id}{self.now()}".encode(), usedforsecurity=False)
        headers = {
            "content-type": "application/json",
            "x-wc-webhook-source": f"{self.url}/",
            "x-wc-webhook-topic": hook["topic"],
            "x-wc-webhook-resource": resource,
            "x-wc-webhook-event": event,
            "x-wc-webhook-signature": signature(hook["secret"].encode(), body),
            "x-wc-webhook-id": str(hook_id),
            "x-wc-webhook-delivery-id": stamp.hexdigest(),
        }
        return Sent(hook=hook_id, headers=headers, body=body)

    def _payload(self, resource: str, event: str, number: int) -> dict[str, Any]:
        if event == "deleted":
            return {"id": number}
        known = self.orders if resource == "order" else self.customers
        if number not in known:
            return forms.error(f"woocommerce_rest_shop_{resource}_invalid_id", "Invalid ID.", 404)
        return known[number]

    def _tell(self, resource: str, event: str, number: int) -> None:
        for hook_id, hook in self.hooks.items():
            if hook["status"] == "active" and hook["topic"] == f"{resource}.{event}":
                self._changed[(hook_id, number)] = None

    def _order(self, number: int | None, changes: dict[str, Any]) -> int:
        event = "updated" if number in self.orders else "created"
        number = number or self._new_number()
        known = self.orders.get(number) or forms.order(number, self.currency, self.now())
        self.orders[number] = forms.changed(known, changes, self.now())
        self._tell("order", event, number)
        return number

    def _new_number(self) -> int:
        self._number += 1
        return self._number

    def now(self) -> str:
        """The moment as the shop writes it, in UTC."""
        return clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")

    # What it answers.

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        opened = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {opened}":
            return _no("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.", 401)
        parts = request.path.removeprefix(PATH).strip("/").split("/")
        act = _ACTS.get((request.method, parts[0]))
        answer = act(self, parts[1:], request) if act else None
        if answer is None:
            return _no("rest_no_route", "No route was found matching the URL.", 404)
        date = (
            (clock.now() + self.clock_apart).astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        )
        return msgspec.structs.replace(answer, headers={**answer.headers, "Date": date})

    def _get_orders(self, parts: list[str], request: Request) -> Reply | None:
        if parts and int(parts[0]) not in self.orders:
            return _no("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        if parts[1:] == ["refunds"]:
            return reply(200, self.refunds.get(int(parts[0]), []))
        if parts:
            return reply(200, self.orders[int(parts[0])])
        return _page(_changed_after(self.orders.values(), request), request)

    def _get_customers(self, parts: list[str], request: Request) -> Reply | None:
        if parts:
            found = self.customers.get(int(parts[0]))
            return reply(200, found) if found else _no("invalid_id", "Invalid resource ID.", 404)
        return _page([self.customers[number] for number in sorted(self.customers)], request)

    def _get_products(self, parts: list[str], request: Request) -> Reply | None:
        if parts and int(parts[0]) not in self.products:
            return _no("woocommerce_rest_product_invalid_id", "Invalid ID.", 404)
        if parts:
            return reply(200, self.products[int(parts[0])])
        wanted = request.query.get("status", "any")
        found = [one for one in self.products.values() if wanted in ("any", one["status"])]
        return _page(_changed_after(found, request), request)

    def _get_data(self, parts: list[str], request: Request) -> Reply | None:
        return reply(200, {"code": self.currency, "name": self.currency, "symbol": ""})

    def _get_coupons(self, parts: list[str], request: Request) -> Reply | None:
        code = request.query.get("code", "").lower()
        return reply(200, [one for one in self.coupons.values() if one["code"] == code])

    def _post_coupons(self, parts: list[str], request: Request) -> Reply | None:
        told = request.json()
        if parts:
            coupon = self.coupons.get(int(parts[0]))
            if coupon is None:
                return _no("woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.", 404)
            forms.change_coupon(coupon, told, self.now())
            return reply(200, coupon)
        if any(one["code"] == told["code"].lower() for one in self.coupons.values()):
            words = "The coupon code already exists"
            return _no("woocommerce_rest_coupon_code_already_exists", words, 400)
        return reply(201, self._add_coupon(told))

    def _add_coupon(self, told: dict[str, Any]) -> dict[str, Any]:
        number = self._new_number()
        coupon = forms.coupon(number, told["code"].lower(), self.now())
        forms.change_coupon(coupon, told, self.now())
        self.coupons[number] = coupon
        return coupon

    def _get_webhooks(self, parts: list[str], request: Request) -> Reply | None:
        return _page([_told_hook(hook) for hook in self.hooks.values()], request)

    def _post_webhooks(self, parts: list[str], request: Request) -> Reply | None:
        told = {name: value for name, value in request.json().items() if name in EDITABLE_HOOK}
        number = int(parts[0]) if parts else self._new_number()
        known = self.hooks.get(number)
        if parts and known is None:
            return _no("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404)
        hook = {"id": number, "failures": 0, **(known or {}), **told}
        if hook["status"] == "active":
            hook["failures"] = 0
        self.hooks[number] = hook
        if known is None:
            self.pings.append(f"webhook_id={number}".encode())
        return reply(200 if known else 201, _told_hook(hook))


_ACTS = {
    ("GET", "orders"): WooTwin._get_orders,
    ("GET", "customers"): WooTwin._get_customers,
    ("GET", "products"): WooTwin._get_products,
    ("GET", "data"): WooTwin._get_data,
    ("GET", "coupons"): WooTwin._get_coupons,
    ("POST", "coupons"): WooTwin._post_coupons,
    ("GET", "webhooks"): WooTwin._get_webhooks,
    ("POST", "webhooks"): WooTwin._post_webhooks,
}


def _told_hook(hook: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in hook.items() if name not in ("secret", "failures")}


def _changed_after(things: Iterable[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """Those that were changed since, in that order."""
    after = request.query.get("modified_after", "")
    found = [one for one in things if one["date_modified_gmt"] > after]
    return sorted(found, key=lambda one: (one["date_modified_gmt"], one["id"]))


def _page(found: list[dict[str, Any]], request: Request) -> Reply:
    size, number = int(request.query.get("per_page", "10")), int(request.query.get("page", "1"))
    return reply(200, found[(number - 1) * size : number * size])


def _no(code: str, message: str, status: int) -> Reply:
    return reply(status, forms.error(code, message, status))
