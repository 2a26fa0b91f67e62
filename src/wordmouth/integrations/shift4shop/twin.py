"""A fake twin of a Shift4Shop shop: its REST API v1 and its webhooks, with every trap.

For tests and simulations only. Webhooks are not signed, have no id, and tell three events: nothing
is told of money that moved. The numbers of the events are the shop's own. Lists go by days, begin
at 1, have no order, and are 404 where there is nothing in them; times are Eastern Time and do not
say so; the same code may be given twice; percents are whole numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from wordmouth.integrations import twins
from wordmouth.integrations.shift4shop import twin_forms as forms
from wordmouth.integrations.shift4shop.calls import PATH
from wordmouth.integrations.shift4shop.parse import EASTERN, read_time
from wordmouth.integrations.twins import Reply, Request, reply
from wordmouth.kit import clock

SHOP = "https://tea.3dcartstores.com"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery on its way; `query` is that of the address it goes to."""

    query: str
    body: bytes


class S4STwin(twins.Twin):
    """The shop behind the server; every attribute may be read and set by a test.

    `key` and `token` open the API, `currency` is the shop's; `clock_apart` is how far its clock is
    from ours, as its answers say.
    """

    def __init__(self, key: str = "priv_1", token: str = "tok_1") -> None:  # noqa: S107 - make-believe
        super().__init__()
        self.key, self.token = key, token
        self.currency = "EUR"
        self.clock_apart = timedelta(0)
        self.orders: dict[int, dict[str, Any]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.promotions: dict[int, dict[str, Any]] = {}
        self.hooks: dict[int, dict[str, Any]] = {}
        self._waiting: list[Sent] = []
        self._number = 100

    # What happens in the shop.

    def order(self, number: int | None = None, **changes: Any) -> int:
        """A new order, or one that is changed; its number."""
        with self._lock:
            return self._order(number, changes)

    def money(self, number: int, kind: str, amount: float) -> None:
        """Money of an order moves. Nothing is told of it."""
        with self._lock:
            moved = forms.moved(self._new_number(), kind, amount, clock.now())
            before = self.orders[number]["TransactionList"]
            self._order(number, {"TransactionList": [*before, moved]})

    def customer(self, email: str) -> int:
        """Somebody opens an account."""
        with self._lock:
            number = self._new_number()
            self.customers[number] = forms.customer(number, email, clock.now())
            self._tell("Customer New", self.customers[number])
            return number

    def use(self, code: str) -> None:
        """Somebody uses a coupon."""
        for promotion in self.promotions.values():
            if promotion["PromotionCoupon"] == code:
                promotion["PromotionUses"] += 1

    def own_coupon(self, code: str) -> None:
        """The shop makes a coupon by itself."""
        with self._lock:
            self._add({"PromotionName": "Sale", "PromotionCoupon": code})

    # What it tells.

    def deliveries(self) -> list[Sent]:
        """What is to be sent by now; it is told once."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting

    def _tell(self, name: str, thing: dict[str, Any]) -> None:
        (event,) = (number for number, known in forms.EVENTS.items() if known == name)
        for hook in self.hooks.values():
            if hook["Enabled"] and hook["EventType"] == event:
                query = urlsplit(hook["Url"]).query
                self._waiting.append(Sent(query=query, body=json.dumps([thing]).encode()))

    def _order(self, number: int | None, changes: dict[str, Any]) -> int:
        known = self.orders.get(number or 0)
        number = number or self._new_number()
        made = {**(known or forms.order(number, clock.now())), **changes}
        made["LastUpdate"] = forms.eastern(clock.now())
        self.orders[number] = made
        if known is None:
            self._tell("Order New", made)
        elif known["OrderStatusID"] != made["OrderStatusID"]:
            self._tell("Order Status Change", made)
        return number

    def _add(self, told: dict[str, Any]) -> int:
        number = self._new_number()
        usual = {"PromotionEnabled": 1, "PromotionUses": 0, "PromotionEnd": None}
        self.promotions[number] = {"PromotionID": number, **usual, **told}
        return number

    def _new_number(self) -> int:
        self._number += 1
        return self._number

    # What it answers.

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        told = [request.headers.get(name) for name in ("secureurl", "privatekey", "token")]
        parts = request.path.removeprefix(PATH).strip("/").split("/")
        act = _ACTS.get((request.method, parts[0]))
        if told != [SHOP, self.key, self.token]:
            answer = reply(401, forms.result(0, 401, "Unauthorized"))
        elif act is None:
            answer = reply(404, forms.result(0, 404, "No HTTP resource was found"))
        else:
            answer = act(self, parts[1:], request)
        at = (clock.now() + self.clock_apart).astimezone(UTC)
        headers = {**answer.headers, "Date": format_datetime(at, usegmt=True)}
        return msgspec.structs.replace(answer, headers=headers)

    def _get_orders(self, parts: list[str], request: Request) -> Reply:
        since = request.query.get("lastupdatestart", "01/01/1970")
        first = datetime.strptime(since, "%m/%d/%Y").replace(tzinfo=EASTERN)
        found = [one for one in self.orders.values() if read_time(one["LastUpdate"]) >= first]
        return _told(found, "OrderID", parts, request)

    def _get_customers(self, parts: list[str], request: Request) -> Reply:
        return _told(self.customers.values(), "CustomerID", parts, request)

    def _get_statuses(self, parts: list[str], request: Request) -> Reply:
        found = [
            {"OrderStatusID": number, "StatusDefinition": name, "StatusText": f"{name}!"}
            for number, name in forms.STATUSES.items()
        ]
        return _told(found, "OrderStatusID", parts, request)

    def _get_settings(self, parts: list[str], request: Request) -> Reply:
        standards = {"CurrencyCode": self.currency, "StoreTimeZone": "EST"}
        return reply(200, [{"StoreStandards": standards}])

    def _get_promotions(self, parts: list[str], request: Request) -> Reply:
        name = request.query.get("promotion", "")
        found = [one for one in self.promotions.values() if name in one["PromotionName"]]
        return _told(found, "PromotionID", parts, request)

    def _post_promotions(self, parts: list[str], request: Request) -> Reply:
        told = request.json()
        if not isinstance(told.get("PromotionPercentage", 0), int):
            return reply(400, forms.result(0, 400, "PromotionPercentage is a whole number"))
        return reply(201, forms.result(self._add(told), 201, "Created successfully"))

    def _put_promotions(self, parts: list[str], request: Request) -> Reply:
        return _changed(self.promotions, parts, request)

    def _get_webhooks(self, parts: list[str], request: Request) -> Reply:
        if parts == ["Events"]:
            found = [
                {"EventType": number, "EventName": name} for number, name in forms.EVENTS.items()
            ]
            return _told(found, "EventType", [], request)
        return _told(self.hooks.values(), "Id", parts, request)

    def _post_webhooks(self, parts: list[str], request: Request) -> Reply:
        number = self._new_number()
        self.hooks[number] = {"Id": number, **request.json()}
        return reply(201, forms.result(number, 201, "Created successfully"))

    def _put_webhooks(self, parts: list[str], request: Request) -> Reply:
        return _changed(self.hooks, parts, request)


_ACTS: dict[tuple[str, str], Callable[[S4STwin, list[str], Request], Reply]] = {
    ("GET", "Orders"): S4STwin._get_orders,
    ("GET", "Customers"): S4STwin._get_customers,
    ("GET", "OrderStatus"): S4STwin._get_statuses,
    ("GET", "StoreSettings"): S4STwin._get_settings,
    ("GET", "Promotions"): S4STwin._get_promotions,
    ("POST", "Promotions"): S4STwin._post_promotions,
    ("PUT", "Promotions"): S4STwin._put_promotions,
    ("GET", "Webhooks"): S4STwin._get_webhooks,
    ("POST", "Webhooks"): S4STwin._post_webhooks,
    ("PUT", "Webhooks"): S4STwin._put_webhooks,
}


def _told(found: Iterable[dict[str, Any]], name: str, parts: list[str], request: Request) -> Reply:
    """A part of a list, or one thing as a list; 404 where there is none."""
    things = [one for one in found if not parts or str(one[name]) == parts[0]]
    size, place = int(request.query.get("limit", "10")), int(request.query.get("offset", "1"))
    part = things[place - 1 : place - 1 + size]
    return reply(200, part) if part else reply(404, forms.result(0, 404, "No records found"))


def _changed(things: dict[int, dict[str, Any]], parts: list[str], request: Request) -> Reply:
    number = int(parts[0])
    if number not in things:
        return reply(404, forms.result(number, 404, "No records found"))
    things[number] |= request.json()
    return reply(200, forms.result(number, 200, "Updated successfully"))
