"""What the fake twin of Shopify does for each question of ours."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from wordmouth.integrations.shopify import twin_forms as forms
from wordmouth.integrations.shopify.questions import (
    CUSTOMERS_PER_PAGE,
    LINES_PER_PAGE,
    ORDERS_PER_PAGE,
)
from wordmouth.kit import clock

SCOPES = (
    "read_orders",
    "read_all_orders",
    "read_customers",
    "read_fulfillments",
    "read_shopify_payments_disputes",
    "write_discounts",
)
BASIC = {
    "title", "code", "startsAt", "endsAt", "usageLimit", "context", "customerGets",
    "minimumRequirement", "combinesWith", "appliesOncePerCustomer", "tags",
}  # fmt: skip
FREE_SHIPPING = BASIC - {"customerGets"} | {"destination", "maximumShippingPrice"}
_SINCE = re.compile(r"updated_at:>='([^']+)'")


class GraphError(Exception):
    """A question that is refused as a whole."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Books:
    """What a shop has; every attribute may be read and set by a test."""

    def __init__(self) -> None:
        self.currency = "EUR"
        self.scopes = set(SCOPES)
        self.orders: dict[int, dict[str, Any]] = {}
        self.transactions: dict[int, list[dict[str, Any]]] = {}
        self.disputes: dict[int, list[dict[str, Any]]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.discounts: dict[str, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self._number = 1000

    def new_number(self, count: int = 1) -> int:
        """A number that nothing has, and as many behind it."""
        self._number += count
        return self._number - count + 1

    def status(self, discount: dict[str, Any]) -> str:
        """What Shopify calls the state of a discount now."""
        ends = discount["endsAt"]
        return "EXPIRED" if ends and datetime.fromisoformat(ends) <= clock.now() else "ACTIVE"


def _need(books: Books, scope: str) -> None:
    if scope not in books.scopes:
        raise GraphError("ACCESS_DENIED", f"Access denied. Required access: `{scope}` scope.")


def _page(nodes: list[dict[str, Any]], size: int, after: str | None, key: str) -> dict[str, Any]:
    """The nodes behind a place: places are values, so a node that moved away leaves no hole."""
    ordered = sorted(nodes, key=lambda node: (node[key], _number(node["id"])))
    if after:
        at, number = base64.b64decode(after).decode().split("|")
        ordered = [
            node for node in ordered if (str(node[key]), _number(node["id"])) > (at, int(number))
        ]
    page = ordered[:size]
    end = forms.place(str(page[-1][key]), str(_number(page[-1]["id"]))) if page else None
    return {"nodes": page, "pageInfo": {"hasNextPage": len(ordered) > size, "endCursor": end}}


def _number(name: str) -> int:
    return int(name.rpartition("/")[2])


def _order(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    _need(books, "read_orders")
    number = _number(told["id"])
    rest = books.orders.get(number)
    if rest is None:
        return {"order": None}
    made = forms.graph_order(
        rest, books.transactions.get(number, []), books.disputes.get(number, [])
    )
    lines = [{**line, "place": "line"} for line in made["lineItems"]]
    made["lineItems"] = _page(lines, LINES_PER_PAGE, told.get("after"), "place")
    return {"order": made}


def _since(search: str) -> str:
    found = _SINCE.fullmatch(search)
    if found is None:
        raise GraphError("INVALID_FIELD_ARGUMENTS", f"Invalid search {search!r}")
    return found[1]


def _orders(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    _need(books, "read_orders")
    since = _since(told["search"])
    nodes = [
        {"id": each["admin_graphql_api_id"], "updatedAt": forms.graph_time(each["updated_at"])}
        for each in books.orders.values()
    ]
    found = [node for node in nodes if str(node["updatedAt"]) >= since]
    return {"orders": _page(found, ORDERS_PER_PAGE, told.get("after"), "updatedAt")}


def _customer(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    _need(books, "read_customers")
    rest = books.customers.get(_number(told["id"]))
    return {"customer": forms.graph_customer(rest) if rest else None}


def _customers(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    _need(books, "read_customers")
    since = _since(told["search"])
    nodes = [forms.graph_customer(each) for each in books.customers.values()]
    found = [node for node in nodes if node["updatedAt"] >= since]
    return {"customers": _page(found, CUSTOMERS_PER_PAGE, told.get("after"), "updatedAt")}


def _customer_of(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    _need(books, "read_customers")
    known = [each for each in books.customers.values() if each["email"] == told["email"]]
    return {"customerByIdentifier": forms.graph_customer(known[0]) if known else None}


def _connection(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    scopes = [{"handle": scope} for scope in sorted(books.scopes)]
    hooks = [{"id": name, **hook} for name, hook in books.hooks.items()]
    return {
        "currentAppInstallation": {"accessScopes": scopes},
        "webhookSubscriptions": {"nodes": hooks},
    }


def _subscribe(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    given = {"topic": told["topic"], "uri": told["uri"]}
    if any({**hook, **given} == hook for hook in books.hooks.values()):
        words = "Address for this topic has already been taken"
        made: dict[str, Any] = {"webhookSubscription": None, "userErrors": [_no("uri", words)]}
    else:
        name = f"gid://shopify/WebhookSubscription/{books.new_number()}"
        books.hooks[name] = {**given, "fields": told["fields"], "failures": 0}
        made = {"webhookSubscription": {"id": name, **given}, "userErrors": []}
    return {"webhookSubscriptionCreate": made}


def _shop(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    return {"shop": {"currencyCode": books.currency}}


def _find(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    return {"codeDiscountNodeByCode": _by_code(books, told["code"])}


def _by_code(books: Books, code: str) -> dict[str, Any] | None:
    for discount in books.discounts.values():
        if discount["code"].upper() == code.upper():
            return _node(books, discount)
    return None


def _node(books: Books, discount: dict[str, Any]) -> dict[str, Any]:
    return {"id": discount["id"], "codeDiscount": {**discount, "status": books.status(discount)}}


def _basic(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    given = told["discount"]
    _check(given, BASIC, "customerGets")
    made = _make(books, "DiscountCodeBasic", given, _worth_problem(given["customerGets"]))
    return {"discountCodeBasicCreate": made}


def _free_shipping(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    given = told["discount"]
    _check(given, FREE_SHIPPING, "destination")
    made = _make(books, "DiscountCodeFreeShipping", given, None)
    return {"discountCodeFreeShippingCreate": made}


def _check(given: dict[str, Any], allowed: set[str], needed: str) -> None:
    unknown = given.keys() - allowed
    missing = {"title", "code", "startsAt", "context", needed} - given.keys()
    if unknown or missing:
        raise GraphError("INVALID_VARIABLE", f"Variable $discount: {unknown or missing}")


def _worth_problem(gets: dict[str, Any]) -> str | None:
    percentage = gets["value"].get("percentage")
    if percentage is not None and not 0 < percentage <= 1:
        return "Value must be between 0.0 and 1.0"
    return None


def _make(books: Books, kind: str, given: dict[str, Any], problem: str | None) -> dict[str, Any]:
    _need(books, "write_discounts")
    if _by_code(books, given["code"]):
        taken = _no("code", "Code must be unique. Please try a different code.", "TAKEN")
        return {"codeDiscountNode": None, "userErrors": [taken]}
    if problem or len(given["title"]) > 255:
        return {"codeDiscountNode": None, "userErrors": [_no("title", problem or "Too long")]}
    name = f"gid://shopify/DiscountCodeNode/{books.new_number()}"
    made = {"endsAt": None, **given, "id": name, "__typename": kind, "asyncUsageCount": 0}
    books.discounts[name] = made
    return {"codeDiscountNode": _node(books, made), "userErrors": []}


def _deactivate(books: Books, told: dict[str, Any]) -> dict[str, Any]:
    _need(books, "write_discounts")
    discount = books.discounts.get(told["id"])
    if discount is None:
        errors = [_no("id", "Code discount does not exist.", "INVALID")]
        return {"discountCodeDeactivate": {"codeDiscountNode": None, "userErrors": errors}}
    discount["endsAt"] = forms.graph_time(clock.now().isoformat())
    node = _node(books, discount)
    return {"discountCodeDeactivate": {"codeDiscountNode": node, "userErrors": []}}


def _no(field: str, message: str, code: str = "INVALID") -> dict[str, Any]:
    return {"field": [field], "message": message, "code": code}


ACTS: dict[str, Callable[[Books, dict[str, Any]], dict[str, Any]]] = {
    "WordmouthOrder": _order,
    "WordmouthOrderLines": _order,
    "WordmouthOrders": _orders,
    "WordmouthCustomer": _customer,
    "WordmouthCustomers": _customers,
    "WordmouthCustomerOf": _customer_of,
    "WordmouthConnection": _connection,
    "WordmouthSubscribe": _subscribe,
    "WordmouthShop": _shop,
    "WordmouthFind": _find,
    "WordmouthBasic": _basic,
    "WordmouthFreeShipping": _free_shipping,
    "WordmouthDeactivate": _deactivate,
}
