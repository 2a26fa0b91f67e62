"""A fake twin of a BigCommerce shop: its REST API v2 and v3 and its webhooks, with every trap.

For tests and simulations only. Webhooks name what changed and nothing else; `created` is sent for
orders that nobody finished; told again they have the same id, the same `hash` and a new signature;
what fails for two days switches a webhook off. Empty lists of v2 have no body (204), its errors are
a list, and its times are those of mails; v3 wraps everything. Names and codes of coupons are both
unique, and what a coupon applies to is cleared by a change that does not tell it. An order's
`currency_code` need not be what it is paid in. Nothing is delivered but to https on port 443.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from wordmouth.integrations import twins
from wordmouth.integrations.bigcommerce import twin_forms as forms
from wordmouth.integrations.bigcommerce.parse import CALLED_OFF, read_time
from wordmouth.integrations.twins import Reply, Request, reply
from wordmouth.kit import clock
from wordmouth.kit.signing import sign_webhook

STORE = "/stores/abc123"
MOST_HOOKS = 10
WINDOW_MS = 30_000


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery: from which webhook, its id, what is in it."""

    hook: int
    id: str
    body: bytes


class BigTwin(twins.Twin):
    """The shop behind the server; every attribute may be read and set by a test.

    `token` opens the API, `client_secret` signs; `left` is how many calls it still takes (None:
    any number); `clock_apart` is how far its clock is from ours, as its answers say; `any_address`
    lets it deliver to this machine as well.
    """

    def __init__(self, token: str = "tok_1", client_secret: str = "hush_1") -> None:  # noqa: S107 - make-believe
        super().__init__()
        self.token, self.client_secret = token, client_secret
        self.currency = "EUR"
        self.left: int | None = None
        self.clock_apart = timedelta(0)
        self.any_address = False
        self.orders: dict[int, dict[str, Any]] = {}
        self.lines: dict[int, list[dict[str, Any]]] = {}
        self.used: dict[int, list[dict[str, Any]]] = {}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.coupons: dict[int, dict[str, Any]] = {}
        self.hooks: dict[int, dict[str, Any]] = {}
        self._waiting: list[Sent] = []
        self._number = 100

    # What happens in the shop.

    def order(self, number: int | None = None, codes: Iterable[str] = (), **changes: Any) -> int:
        """A new order, or one that is changed; its number. `lines` are its products."""
        with self._lock:
            return self._order(number, list(codes), changes)

    def refund(
        self, number: int, told: str, items: Iterable[dict[str, Any]] = (), declined: bool = False
    ) -> int:
        """Money of an order goes back (or is to: the provider may decline it); its number."""
        with self._lock:
            made = self._new_number()
            whole = [{"item_type": "ORDER", "item_id": number, "requested_amount": float(told)}]
            refund = forms.refund(
                made, number, told, clock.now(), list(items) or whole, declined=declined
            )
            self.refunds.setdefault(number, []).append(refund)
            self._tell("store/order/refund/created", number, {"refund": {"refund_id": made}})
            back = Decimal(self.orders[number]["refunded_amount"]) + Decimal(told)
            total = Decimal(self.orders[number]["total_inc_tax"])
            stays = declined or self.orders[number]["status_id"] in CALLED_OFF
            status = {} if stays else {"status_id": 4 if back >= total else 14}
            self._order(number, [], {"refunded_amount": forms.amount(back), **status})
            return made

    def customer(self, email: str, number: int | None = None) -> int:
        """Somebody opens an account, or changes its address."""
        with self._lock:
            event = "updated" if number in self.customers else "created"
            number = number or self._new_number()
            self.customers[number] = forms.customer(number, email, clock.now())
            self._tell(f"store/customer/{event}", number)
            return number

    def use(self, code: str) -> None:
        """Somebody uses a coupon."""
        for coupon in self.coupons.values():
            if coupon["code"].upper() == code.upper():
                coupon["num_uses"] += 1

    def own_coupon(self, code: str) -> None:
        """The shop makes a coupon by itself."""
        with self._lock:
            number = self._new_number()
            told = {"code": code, "name": f"Sale {number}", "type": "per_total_discount"}
            self.coupons[number] = forms.coupon(number, told, clock.now())

    # What it tells.

    def deliveries(self) -> list[Sent]:
        """What is to be sent by now; it is told once, unless it is sent again by the test."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting

    def headers(self, sent: Sent) -> dict[str, str]:
        """The headers of a delivery that is sent at this moment."""
        stamp = int(clock.now().timestamp())
        proof = sign_webhook(self.client_secret.encode(), sent.id, stamp, sent.body)
        return {
            "content-type": "application/json",
            "webhook-id": sent.id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": proof,
        }

    def give_up(self) -> None:
        """Nothing could be delivered for two days: all webhooks are switched off."""
        for hook in self.hooks.values():
            hook["is_active"] = False

    def remove(self) -> None:
        """The shop takes the account off itself: it is told, and the token opens nothing."""
        with self._lock:
            self._say("store/app/uninstalled", {"type": "store"})
            self.token = "tok_none"  # noqa: S105 - make-believe

    def _tell(self, scope: str, number: int, more: dict[str, Any] | None = None) -> None:
        self._say(scope, {"type": scope.split("/")[1], "id": number, **(more or {})})

    def _say(self, scope: str, data: dict[str, Any]) -> None:
        digest = hashlib.sha1(f"{scope}{data}".encode(), usedforsecurity=False).hexdigest()
        body = {
            "scope": scope,
            "store_id": "10080",
            "data": data,
            "hash": digest,
            "created_at": int(clock.now().timestamp()),
            "producer": STORE.strip("/"),
        }
        for hook_id, hook in self.hooks.items():
            if hook["is_active"] and hook["scope"] == scope:
                name = f"evt_{hook_id}_{self._new_number()}"
                sent = Sent(hook=hook_id, id=name, body=json.dumps(body).encode())
                self._waiting.append(sent)

    def _order(self, number: int | None, codes: list[str], changes: dict[str, Any]) -> int:
        event = "updated" if number in self.orders else "created"
        number = number or self._new_number()
        now = clock.now()
        known = self.orders.get(number) or forms.order(number, self.currency, now)
        self.lines[number] = changes.pop("lines", self.lines.get(number, []))
        if codes:
            self.used[number] = [forms.used_coupon(place, code) for place, code in enumerate(codes)]
        address = {**known["billing_address"], **changes.pop("billing_address", {})}
        made = {**known, **changes, "billing_address": address}
        made["status"] = forms.STATUSES[made["status_id"]]
        made["date_modified"] = forms.mail_time(now)
        self.orders[number] = made
        self._tell(f"store/order/{event}", number)
        return number

    def _new_number(self) -> int:
        self._number += 1
        return self._number

    # What it answers.

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        if request.headers.get("x-auth-token") != self.token:
            return _dated(reply(401, {"status": 401, "title": "Unauthorized"}), self.clock_apart)
        if self.left is not None:
            if self.left <= 0:
                busy = reply(429, {"status": 429, "title": "Too Many Requests"}, **self._limits())
                return _dated(busy, self.clock_apart)
            self.left -= 1
        _, version, *parts = request.path.removeprefix(STORE).split("/")
        act = _ACTS.get((request.method, version, parts[0]))
        answer = act(self, parts[1:], request) if act else None
        if answer is None:
            answer = _no(404, "The requested resource was not found.")
        limits = self._limits() if self.left is not None else {}
        headers = {**answer.headers, **limits}
        return _dated(msgspec.structs.replace(answer, headers=headers), self.clock_apart)

    def _limits(self) -> dict[str, str]:
        return {
            "X-Rate-Limit-Time-Window-Ms": str(WINDOW_MS),
            "X-Rate-Limit-Time-Reset-Ms": "15000",
            "X-Rate-Limit-Requests-Quota": "150",
            "X-Rate-Limit-Requests-Left": str(self.left),
        }

    def _get_orders(self, parts: list[str], request: Request) -> Reply | None:
        if not parts:
            found = self._changed(self.orders, request.query.get("min_date_modified", ""))
            return _listed(_part(found, request))
        number = int(parts[0])
        if number not in self.orders:
            return None
        if parts[1:] == ["products"]:
            return _listed(_part(self.lines.get(number, []), request))
        if parts[1:] == ["coupons"]:
            return _listed(self.used.get(number, []))
        return reply(200, self.orders[number])

    def _get_refunds(self, parts: list[str], request: Request) -> Reply | None:
        if parts[1:] != ["payment_actions", "refunds"]:
            return None
        return reply(200, {"data": self.refunds.get(int(parts[0]), []), "meta": {}})

    def _get_customers(self, parts: list[str], request: Request) -> Reply | None:
        found = self._changed(self.customers, request.query.get("date_modified:min", ""))
        if chosen := request.query.get("id:in"):
            found = [one for one in found if str(one["id"]) in chosen.split(",")]
        return reply(200, {"data": _part(found, request), "meta": {}})

    def _changed(self, things: dict[int, dict[str, Any]], since: str) -> list[dict[str, Any]]:
        """Those changed at that moment or later, in the order of change."""
        first = read_time(since) if since else datetime(1970, 1, 1, tzinfo=UTC)
        found = [one for one in things.values() if read_time(one["date_modified"]) >= first]
        return sorted(found, key=lambda one: (read_time(one["date_modified"]), one["id"]))

    def _get_store(self, parts: list[str], request: Request) -> Reply | None:
        return reply(200, {"id": "abc123", "name": "Tea House", "currency": self.currency})

    def _get_coupons(self, parts: list[str], request: Request) -> Reply | None:
        code = request.query.get("code", "").upper()
        return _listed([one for one in self.coupons.values() if one["code"].upper() == code])

    def _post_coupons(self, parts: list[str], request: Request) -> Reply | None:
        told = request.json()
        for field in ("name", "type", "amount", "code", "applies_to"):
            if field not in told:
                return _no(400, f"The field '{field}' is required.")
        for one in self.coupons.values():
            same = one["code"].upper() == told["code"].upper() or one["name"] == told["name"]
            if same:
                return _no(409, "The field 'code' is invalid. It is already in use.")
        number = self._new_number()
        self.coupons[number] = forms.coupon(number, told, clock.now())
        return reply(201, self.coupons[number])

    def _put_coupons(self, parts: list[str], request: Request) -> Reply | None:
        coupon = self.coupons.get(int(parts[0]))
        if coupon is None:
            return None
        coupon.update({"applies_to": {}, **request.json()})
        return reply(200, coupon)

    def _get_hooks(self, parts: list[str], request: Request) -> Reply | None:
        return reply(200, {"data": list(self.hooks.values()), "meta": {}})

    def _post_hooks(self, parts: list[str], request: Request) -> Reply | None:
        told = request.json()
        if refused := self._refuses(told):
            return refused
        same = [hook for hook in self.hooks.values() if hook["scope"] == told["scope"]]
        if len(same) >= MOST_HOOKS:
            return _error(422, "No more webhooks of this scope.")
        number = self._new_number()
        self.hooks[number] = forms.hook(number, told, clock.now())
        return reply(200, {"data": self.hooks[number], "meta": {}})

    def _put_hooks(self, parts: list[str], request: Request) -> Reply | None:
        known, told = self.hooks.get(int(parts[0])), request.json()
        if known is None:
            return None
        if refused := self._refuses(told):
            return refused
        self.hooks[known["id"]] = {**known, **told}
        return reply(200, {"data": self.hooks[known["id"]], "meta": {}})

    def _refuses(self, told: dict[str, Any]) -> Reply | None:
        parts = urlsplit(told["destination"])
        is_public = parts.scheme == "https" and parts.port in (None, 443)
        if is_public or self.any_address:
            return None
        return _error(422, "destination must be https on port 443")


_ACTS: dict[tuple[str, str, str], Callable[[BigTwin, list[str], Request], Reply | None]] = {
    ("GET", "v2", "orders"): BigTwin._get_orders,
    ("GET", "v3", "orders"): BigTwin._get_refunds,
    ("GET", "v3", "customers"): BigTwin._get_customers,
    ("GET", "v2", "store"): BigTwin._get_store,
    ("GET", "v2", "coupons"): BigTwin._get_coupons,
    ("POST", "v2", "coupons"): BigTwin._post_coupons,
    ("PUT", "v2", "coupons"): BigTwin._put_coupons,
    ("GET", "v3", "hooks"): BigTwin._get_hooks,
    ("POST", "v3", "hooks"): BigTwin._post_hooks,
    ("PUT", "v3", "hooks"): BigTwin._put_hooks,
}


def _part(found: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    size, number = int(request.query.get("limit", "50")), int(request.query.get("page", "1"))
    return found[(number - 1) * size : number * size]


def _listed(found: list[dict[str, Any]]) -> Reply:
    return reply(200, found) if found else Reply(status=204, body=b"")


def _no(status: int, message: str) -> Reply:
    """An error of v2: a list of what is wrong."""
    return reply(status, [{"status": status, "message": message}])


def _error(status: int, title: str) -> Reply:
    """An error of v3."""
    return reply(status, {"status": status, "title": title, "type": "", "errors": {}})


def _dated(answer: Reply, apart: timedelta) -> Reply:
    at = (clock.now() + apart).astimezone(UTC)
    headers = {**answer.headers, "Date": format_datetime(at, usegmt=True)}
    return msgspec.structs.replace(answer, headers=headers)
