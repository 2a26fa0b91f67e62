"""A fake twin of a Magento shop: its REST API V1, with every trap.

For tests and simulations only. Every call is signed by OAuth 1.0a, a nonce is good once and a time
in the future is refused; behind the last page is the last page again; a list in which nothing is
becomes null where only some fields are asked for; times are UTC and do not say so; every amount is
there in two currencies; what is wrong is told with parameters. What a coupon is told to be is
overwritten with what its rule says, a rule without days is good for today alone, and a code is
unique without capitals.

Magento tells nobody anything: the hints are those of a program of the merchant's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode
from zoneinfo import ZoneInfo

import msgspec

from wordmouth.integrations import twins
from wordmouth.integrations.magento import twin_forms as forms
from wordmouth.integrations.magento.calls import PATH
from wordmouth.integrations.magento.oauth import Keys, signature
from wordmouth.integrations.magento.twin_search import listed
from wordmouth.integrations.twins import Reply, Request, reply
from wordmouth.kit import clock
from wordmouth.kit.ids import new_id
from wordmouth.kit.signing import webhook_headers

MOST_AHEAD = 600
"""Seconds that a call may be from the future."""
OPENED_BY = Keys(  # make-believe
    consumer_key="ck_1",
    consumer_secret="cs_1",  # noqa: S106
    access_token="at_1",  # noqa: S106
    access_token_secret="as_1",  # noqa: S106
)
ZONE = ZoneInfo("Europe/Berlin")


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A hint: its id, what is in it."""

    id: str
    body: bytes


class MagentoTwin(twins.Twin):
    """The shop behind the server; every attribute may be read and set by a test.

    `keys` open the API; `denied` names resources that the integration was not given; `currency` is
    what its websites count in, but for those in `currencies`; `clock_apart` is how far its clock is
    from ours; `hint_secret` signs the hints (empty: nobody sends any).
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = OPENED_BY
        self.denied: set[str] = set()
        self.currency = "EUR"
        self.clock_apart = timedelta(0)
        self.hint_secret = ""
        self.websites = {0: "admin", 1: "base"}
        self.views = {1: 1}
        self.currencies: dict[int, str] = {}
        self.groups = [0, 1, 2, 3]
        self.orders: dict[int, dict[str, Any]] = {}
        self.invoices: list[dict[str, Any]] = []
        self.shipments: list[dict[str, Any]] = []
        self.memos: list[dict[str, Any]] = []
        self.customers: dict[int, dict[str, Any]] = {}
        self.products: dict[int, dict[str, Any]] = {10: forms.product(10, clock.now())}
        self.rules: dict[int, dict[str, Any]] = {}
        self.coupons: dict[int, dict[str, Any]] = {}
        self._changed: dict[tuple[str, int], None] = {}
        self._nonces: set[str] = set()
        self._number = 8000

    # What happens in the shop.

    def order(self, number: int | None = None, **changes: Any) -> int:
        """A new order, or one that is changed; its number."""
        with self._lock:
            return self._order(number, changes)

    def pay(self, number: int, state: int = 2) -> None:
        """Everything is invoiced; of an open invoice (`state` 1) the money has yet to come."""
        with self._lock:
            due = self.orders[number]["base_grand_total"]
            self.invoices.append(self._beside(number, state=state, base_grand_total=due))
            paid = {"base_total_paid": due, "base_total_due": 0} if state == 2 else {}
            self._order(number, {**paid, "state": "processing", "status": "processing"})

    def ship(self, number: int) -> None:
        """Everything is sent."""
        with self._lock:
            self.shipments.append(self._beside(number, items=[], tracks=[]))
            order = self.orders[number]
            items = [{**item, "qty_shipped": item["qty_ordered"]} for item in order["items"]]
            state = "complete" if "base_total_paid" in order else "processing"
            self._order(number, {"items": items, "state": state})

    def refund(
        self, number: int, amount: float, items: Iterable[dict[str, Any]] = (), **more: Any
    ) -> int:
        """Money goes back: of those lines, else beside them; the number of the credit memo."""
        with self._lock:
            order, lines = self.orders[number], list(items)
            untouched = [{"order_item_id": item["item_id"], "qty": 0} for item in order["items"]]
            told = {
                "state": 2,
                "base_grand_total": amount,
                "base_adjustment": 0 if lines else amount,
                "items": lines or untouched,
                **more,
            }
            memo = self._beside(number, **told)
            self.memos.append(memo)
            back = order.get("base_total_refunded", 0) + amount
            whole = back >= order["base_grand_total"] and order["state"] != "canceled"
            state = {"state": "closed"} if whole else {}
            self._order(number, {"base_total_refunded": back, **state})
            return int(memo["entity_id"])

    def customer(self, email: str, number: int | None = None, **more: Any) -> int:
        """Somebody opens an account, or changes its address."""
        with self._lock:
            number = number or self._new_number()
            self.customers[number] = {**forms.customer(number, email, clock.now()), **more}
            self._hint("customer", number)
            return number

    def product(self, number: int, **more: Any) -> None:
        """Something is sold from now on, or is changed."""
        with self._lock:
            self.products[number] = forms.product(number, clock.now(), **more)
            self._hint("product", number)

    def use(self, code: str) -> None:
        """Somebody uses a coupon."""
        for coupon in self.coupons.values():
            if coupon["code"].upper() == code.upper():
                coupon["times_used"] = (coupon["times_used"] or 0) + 1

    def own_coupon(self, code: str) -> None:
        """The staff makes a rule with a coupon of its own."""
        with self._lock:
            rule = self._add_rule({"name": "Sale", "to_date": "2099-01-01", "is_active": True})
            self._add_coupon({"rule_id": rule["rule_id"], "code": code, "type": 0})

    def takes(self, code: str) -> bool:
        """Whether a cart would take that code now."""
        today = clock.now().astimezone(ZONE).date().isoformat()
        for coupon in self.coupons.values():
            rule = self.rules[coupon["rule_id"]]
            if (
                coupon["code"].upper() == code.upper()
                and rule["is_active"]
                and rule["to_date"] >= today
                and coupon["type"] == int(rule.get("use_auto_generation", False))
                and not (coupon["usage_limit"] and coupon["times_used"])
            ):
                return True
        return False

    # What is told of it.

    def deliveries(self) -> list[Sent]:
        """The hints that are to be sent by now, one for each thing that changed."""
        with self._lock:
            changed, self._changed = self._changed, {}
            return [self._sent(kind, number) for kind, number in changed]

    def headers(self, sent: Sent) -> dict[str, str]:
        """The headers of a hint that is sent at this moment."""
        proof = webhook_headers(self.hint_secret, sent.id, clock.now(), sent.body)
        return {"content-type": "application/json", **proof}

    def _sent(self, kind: str, number: int) -> Sent:
        body = {"type": f"{kind}.changed", "data": {"id": str(number)}}
        return Sent(id=new_id("msg"), body=json.dumps(body).encode())

    def _hint(self, kind: str, number: int) -> None:
        if self.hint_secret:
            self._changed[(kind, number)] = None

    def _order(self, number: int | None, changes: dict[str, Any]) -> int:
        number = number or self._new_number()
        now = clock.now()
        known = self.orders.get(number) or forms.order(number, self.currency, now)
        self.orders[number] = {**known, **changes, "updated_at": forms.moment(now)}
        self._hint("order", number)
        return number

    def _beside(self, number: int, **more: Any) -> dict[str, Any]:
        now = forms.moment(clock.now())
        times = {"created_at": now, "updated_at": now}
        return {"entity_id": self._new_number(), "order_id": number, **times, **more}

    def _new_number(self) -> int:
        self._number += 1
        return self._number

    # What it answers.

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        answer = self._refusal(request) or self._answer(request)
        at = (clock.now() + self.clock_apart).astimezone(UTC)
        headers = {**answer.headers, "Date": format_datetime(at, usegmt=True)}
        return msgspec.structs.replace(answer, headers=headers)

    def _refusal(self, request: Request) -> Reply | None:
        """What is said to whoever is not let in."""
        told = _told(request.headers.get("authorization", ""))
        resource = _RESOURCES.get(request.path.removeprefix(PATH).split("/")[1], "")
        known = (told.get("oauth_consumer_key"), told.get("oauth_token"))
        theirs = told.pop("oauth_signature", "")
        query = urlencode(request.query, quote_via=quote)
        url = f"{self.url}{quote(request.path)}" + (f"?{query}" if query else "")
        ahead = int(told.get("oauth_timestamp", "0")) - (clock.now() + self.clock_apart).timestamp()
        if known != (self.keys.consumer_key, self.keys.access_token):
            return _no(401, "The consumer isn't authorized to access %resources.", "Magento::all")
        if ahead > MOST_AHEAD:
            return _no(401, "The timestamp value in the oauth_timestamp parameter is incorrect.")
        if told["oauth_nonce"] in self._nonces:
            return _no(401, "The nonce is already being used by the consumer with ID %1.", [1])
        if theirs != signature(self.keys, request.method, url, told):
            return _no(401, "The signature is invalid. Verify and try again.")
        if resource in self.denied:
            return _no(401, "The consumer isn't authorized to access %resources.", resource)
        self._nonces.add(told["oauth_nonce"])
        return None

    def _answer(self, request: Request) -> Reply:
        parts = request.path.removeprefix(PATH).strip("/").split("/")
        act = _ACTS.get((request.method, "/".join(part for part in parts if not part.isdecimal())))
        if act is None:
            return _no(404, "Request does not match any route.")
        return act(self, request)

    def _get_orders(self, request: Request) -> Reply:
        return listed(self.orders.values(), request)

    def _get_invoices(self, request: Request) -> Reply:
        return listed(self.invoices, request)

    def _get_shipments(self, request: Request) -> Reply:
        return listed(self.shipments, request)

    def _get_memos(self, request: Request) -> Reply:
        return listed(self.memos, request)

    def _get_customers(self, request: Request) -> Reply:
        return listed(self.customers.values(), request)

    def _get_groups(self, request: Request) -> Reply:
        made = [{"id": number, "code": f"Group {number}"} for number in self.groups]
        return listed(made, request)

    def _get_products(self, request: Request) -> Reply:
        return listed(self.products.values(), request)

    def _get_websites(self, request: Request) -> Reply:
        return reply(200, [{"id": number, "code": code} for number, code in self.websites.items()])

    def _get_views(self, request: Request) -> Reply:
        made = [
            forms.view(number, site, self.currencies.get(site, self.currency))
            for number, site in self.views.items()
        ]
        return reply(200, made)

    def _get_rules(self, request: Request) -> Reply:
        return listed(self.rules.values(), request)

    def _post_rules(self, request: Request) -> Reply:
        told = request.json()["rule"]
        if not told.get("website_ids") or not told.get("customer_group_ids"):
            return _no(400, "%1; ", ["Please specify a website."])
        return reply(200, self._add_rule(told))

    def _get_coupons(self, request: Request) -> Reply:
        return listed(self.coupons.values(), request)

    def _post_coupons(self, request: Request) -> Reply:
        told = request.json()["coupon"]
        if any(one["code"].upper() == told["code"].upper() for one in self.coupons.values()):
            return _no(400, "Unique constraint violation found")
        return self._saved(told)

    def _put_coupons(self, request: Request) -> Reply:
        told = request.json()["coupon"]
        if told["coupon_id"] not in self.coupons:
            return _no(404, "No such entity.")
        return self._saved({**self.coupons[told["coupon_id"]], **told})

    def _saved(self, told: dict[str, Any]) -> Reply:
        rule = self.rules.get(told["rule_id"])
        words = "Error occurred when saving coupon: %1"
        if rule is None:
            return _no(400, words, ["No such entity with rule_id = 1"])
        if bool(rule.get("use_auto_generation")) != bool(told["type"]):
            return _no(400, words, ["Specified rule does not allow auto generated coupons"])
        return reply(200, self._add_coupon(told))

    def _add_rule(self, told: dict[str, Any]) -> dict[str, Any]:
        number, today = self._new_number(), clock.now().date().isoformat()
        self.rules[number] = {"to_date": today, "from_date": today, **told, "rule_id": number}
        return self.rules[number]

    def _add_coupon(self, told: dict[str, Any]) -> dict[str, Any]:
        number, rule = told.get("coupon_id") or self._new_number(), self.rules[told["rule_id"]]
        self.coupons[number] = {
            "times_used": 0,
            **told,
            "coupon_id": number,
            "usage_limit": rule.get("uses_per_coupon", 0),
            "usage_per_customer": rule.get("uses_per_customer", 0),
            "expiration_date": rule["to_date"],
        }
        return self.coupons[number]


_ACTS: dict[tuple[str, str], Callable[[MagentoTwin, Request], Reply]] = {
    ("GET", "orders"): MagentoTwin._get_orders,
    ("GET", "invoices"): MagentoTwin._get_invoices,
    ("GET", "shipments"): MagentoTwin._get_shipments,
    ("GET", "creditmemos"): MagentoTwin._get_memos,
    ("GET", "customers/search"): MagentoTwin._get_customers,
    ("GET", "customerGroups/search"): MagentoTwin._get_groups,
    ("GET", "products"): MagentoTwin._get_products,
    ("GET", "store/websites"): MagentoTwin._get_websites,
    ("GET", "store/storeConfigs"): MagentoTwin._get_views,
    ("GET", "salesRules/search"): MagentoTwin._get_rules,
    ("POST", "salesRules"): MagentoTwin._post_rules,
    ("GET", "coupons/search"): MagentoTwin._get_coupons,
    ("POST", "coupons"): MagentoTwin._post_coupons,
    ("PUT", "coupons"): MagentoTwin._put_coupons,
}
_RESOURCES = {
    "orders": "Magento_Sales::actions_view",
    "invoices": "Magento_Sales::sales_invoice",
    "shipments": "Magento_Sales::shipment",
    "creditmemos": "Magento_Sales::sales_creditmemo",
    "customers": "Magento_Customer::customer",
    "customerGroups": "Magento_Customer::group",
    "products": "Magento_Catalog::products",
    "store": "Magento_Backend::store",
    "salesRules": "Magento_SalesRule::quote",
    "coupons": "Magento_SalesRule::quote",
}


def _told(header: str) -> dict[str, str]:
    """What the header of OAuth tells."""
    pairs = (part.strip().split("=", 1) for part in header.removeprefix("OAuth ").split(","))
    return {pair[0]: unquote(pair[1].strip('"')) for pair in pairs if len(pair) == 2}


def _no(status: int, message: str, parameters: Any = None) -> Reply:
    told = {"resources": parameters} if isinstance(parameters, str) else parameters
    return reply(status, forms.error(message, told))
