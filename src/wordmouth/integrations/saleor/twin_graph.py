"""How the fake twin of Saleor answers questions: by the schema, with Saleor's errors."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from wordmouth.integrations.saleor.twin_forms import name_of
from wordmouth.integrations.saleor.twin_schema import SCHEMA

MOST_AT_ONCE = 100


class Denied(Exception):
    """The app may not do that, or there is none with this token."""


_NAMES: dict[type[Exception], str] = {Denied: "PermissionDenied", OSError: "OperationalError"}
"""What a reason is called in Saleor's program."""


class Shop(Protocol):
    """The shop that is asked, as far as it is not its vouchers."""

    permissions: set[str]
    away: bool
    orders: dict[str, dict[str, Any]]
    customers: dict[str, dict[str, Any]]
    products: dict[str, dict[str, Any]]
    hooks: dict[str, dict[str, Any]]
    channels: list[dict[str, Any]]

    def need(self, permission: str) -> None: ...
    def new_number(self) -> int: ...
    def find(self, filter: dict[str, Any] | None = None, **page: Any) -> dict[str, Any]: ...
    def create(self, input: dict[str, Any]) -> dict[str, Any]: ...
    def update(self, id: str, input: dict[str, Any]) -> dict[str, Any]: ...
    def delete(self, id: str) -> dict[str, Any]: ...
    def set_worth(self, id: str, input: dict[str, Any]) -> dict[str, Any]: ...


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """Saleor's, as far as it is asked for."""
    return build_schema(SCHEMA)


@lru_cache(maxsize=1)
def _telling() -> GraphQLSchema:
    """The same with the events in the place of questions: a payload is worked out like an
    answer."""
    known = schema()
    return GraphQLSchema(query=known.subscription_type, types=known.type_map.values())


@lru_cache(maxsize=64)
def read(text: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """A question, and what the schema has against it."""
    document = parse(text)
    return document, tuple(validate(schema(), document))


@lru_cache(maxsize=8)
def _asking(subscription: str) -> DocumentNode:
    """A subscription, in the words of a question."""
    return parse(subscription.replace("subscription", "query", 1))


def told_of(subscription: str, event: dict[str, Any]) -> Any:
    """What a webhook with that subscription tells of an event: what stands below `event`."""
    done = execute_sync(_telling(), _asking(subscription), root_value={"event": _shown(event)})
    told = (done.data or {})["event"] or {}
    return {**told, "errors": [_error(each) for each in done.errors]} if done.errors else told


class Api:
    """The API of one shop."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def answer(self, text: str, variables: dict[str, Any], opened: bool) -> tuple[int, Any]:
        """Status and document. `opened`: an app was let in."""
        document, errors = read(text)
        if errors:
            return 400, {"errors": [_error(each) for each in errors]}
        done = execute_sync(
            schema(), document, self._root(), context_value=opened, variable_values=variables
        )
        if not done.errors:
            return 200, {"data": done.data}
        return 200, {"data": done.data, "errors": [_error(each) for each in done.errors]}

    def _root(self) -> dict[str, Any]:
        shop = self._shop
        return {
            "app": self._for("", self._app),
            "order": self._for("MANAGE_ORDERS", lambda id: _shown(shop.orders.get(id))),
            "orders": self._for("MANAGE_ORDERS", lambda **asked: _page(shop.orders, **asked)),
            "user": self._for("MANAGE_USERS", lambda id: _shown(shop.customers.get(id))),
            "customers": self._for("MANAGE_USERS", lambda **asked: _page(shop.customers, **asked)),
            "product": self._for("MANAGE_ORDERS", lambda id: _shown(shop.products.get(id))),
            "products": self._for("MANAGE_ORDERS", lambda **asked: _page(shop.products, **asked)),
            "channels": self._for("", lambda: shop.channels),
            "vouchers": self._for("MANAGE_DISCOUNTS", shop.find),
            "voucherCreate": self._for("MANAGE_DISCOUNTS", shop.create),
            "voucherUpdate": self._for("MANAGE_DISCOUNTS", shop.update),
            "voucherDelete": self._for("MANAGE_DISCOUNTS", shop.delete),
            "voucherChannelListingUpdate": self._for("MANAGE_DISCOUNTS", shop.set_worth),
            "webhookCreate": self._for("", self._subscribe),
            "webhookUpdate": self._for("", self._resubscribe),
        }

    def _for(self, permission: str, act: Any) -> Any:
        def resolve(info: GraphQLResolveInfo[Any], **asked: Any) -> Any:
            if not info.context:
                raise Denied("To access this path, you need to be an authenticated app")
            if self._shop.away:
                raise OSError("connection to server was lost")
            if permission:
                self._shop.need(permission)
            return act(**asked)

        return resolve

    def _app(self) -> dict[str, Any]:
        permissions = [{"code": each, "name": each} for each in sorted(self._shop.permissions)]
        hooks = list(self._shop.hooks.values())
        return {"id": name_of("App", 1), "name": "W", "permissions": permissions, "webhooks": hooks}

    def _subscribe(self, input: dict[str, Any]) -> dict[str, Any]:
        if not input.get("targetUrl"):
            errors = [{"field": "targetUrl", "code": "REQUIRED", "message": "Missing"}]
            return {"errors": errors, "webhook": None}
        name = name_of("Webhook", self._shop.new_number())
        self._shop.hooks[name] = {"id": name, "isActive": True, "secretKey": None}
        return self._resubscribe(name, input)

    def _resubscribe(self, id: str, input: dict[str, Any]) -> dict[str, Any]:
        """A subscription that the schema does not allow is refused."""
        query = input.get("query")
        if query and read(query)[1]:
            errors = [{"field": "query", "code": "SYNTAX", "message": str(read(query)[1][0])}]
            return {"errors": errors, "webhook": None}
        hook = self._shop.hooks[id]
        hook |= {key: input[key] for key in ("name", "targetUrl", "isActive") if key in input}
        if query:
            hook["subscriptionQuery"] = query
        if "asyncEvents" in input:
            hook["asyncEvents"] = [
                {"eventType": each, "name": each.capitalize()} for each in input["asyncEvents"]
            ]
        return {"errors": [], "webhook": hook}


def _shown(thing: dict[str, Any] | None) -> dict[str, Any] | None:
    """An order, or an event of one, with its metadata as they are asked for."""
    if thing is None:
        return None
    if "order" in thing:
        return {**thing, "order": _shown(thing["order"])}
    if "metadata" not in thing:
        return thing
    known = thing["metadata"]

    def metafields(info: GraphQLResolveInfo[Any], keys: list[str]) -> dict[str, str]:
        return {key: known[key] for key in keys if key in known}

    return {**thing, "metafields": metafields}


def _page(things: dict[str, dict[str, Any]], **asked: Any) -> dict[str, Any]:
    """Those behind a place, in the order of change. A place is a value, so a thing that moved away
    leaves no hole."""
    size = asked.get("first") or 0
    if not 0 < size <= MOST_AT_ONCE:
        words = f"Requesting {size} records on the connection exceeds the limit of {MOST_AT_ONCE}."
        raise GraphQLError(words)
    if asked["sortBy"] != {"field": "LAST_MODIFIED_AT", "direction": "ASC"}:
        raise NotImplementedError(asked["sortBy"])
    since = datetime.fromisoformat(asked["filter"]["updatedAt"]["gte"])
    found = [each for each in things.values() if datetime.fromisoformat(each["updatedAt"]) >= since]
    ordered = sorted(found, key=_place)
    if asked.get("after"):
        after = json.loads(base64.b64decode(asked["after"]))
        ordered = [each for each in ordered if _place(each) > after]
    page = ordered[:size]
    edges = [{"node": _shown(each), "cursor": _cursor(each)} for each in page]
    more = {"hasNextPage": len(ordered) > size, "hasPreviousPage": bool(asked.get("after"))}
    end = _cursor(page[-1]) if page else None
    return {"edges": edges, "pageInfo": {**more, "startCursor": None, "endCursor": end}}


def _place(thing: dict[str, Any]) -> list[str]:
    return [thing["updatedAt"], thing["id"]]


def _cursor(thing: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(_place(thing)).encode()).decode()


def _error(error: GraphQLError) -> dict[str, Any]:
    """An error as Saleor writes it."""
    code = "GraphQLError"
    if error.original_error is not None:
        code = _NAMES.get(type(error.original_error), code)
    return {
        "message": error.message,
        "path": error.path,
        "extensions": {"exception": {"code": code}},
    }
