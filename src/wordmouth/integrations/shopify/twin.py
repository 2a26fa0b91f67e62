"""A fake twin of a Shopify shop: its GraphQL Admin API and its webhooks, with every trap.

For tests and simulations only. Webhooks are signed with the oldest secret that is not revoked,
carry no signed time, come in any order, and their subscription is deleted after eight failures.
GraphQL says no with status 200, reckons what a question costs and throttles; fields that were not
asked for are not told, fields that do not exist are an error. Tokens last a day. What an app may
not know of a customer is null, with an error beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from wordmouth.integrations import twins
from wordmouth.integrations.shopify import twin_forms as forms
from wordmouth.integrations.shopify import twin_graph as graph
from wordmouth.integrations.shopify.questions import PATH, TOKEN_PATH
from wordmouth.integrations.shopify.twin_acts import ACTS, Books, GraphError
from wordmouth.integrations.shopify.verify import signature
from wordmouth.integrations.twins import Reply, Request, reply
from wordmouth.kit import clock

MOST_FAILURES = 8
MOST_POINTS, MOST_COST, RESTORED = 2000, 1000, 100
TOKEN_SECONDS = 86399


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery on its way: from which subscription, with lower-case header names."""

    hook: str
    headers: dict[str, str]
    body: bytes


class ShopifyTwin(twins.Twin, Books):
    """The shop behind the server; every attribute may be read and set by a test.

    `secrets` are the app's client secrets, newest first; `withheld`: the app may not know its
    customers; `clock_apart` is how far the shop's clock is from ours; `throttled` how many of the
    next questions find no points left; `frozen`: the shop has not paid; `installed`: the app is.
    """

    def __init__(self, client_id: str = "c1", secrets: Iterable[str] = ("shpss_1",)) -> None:
        twins.Twin.__init__(self)
        Books.__init__(self)
        self.client_id, self.secrets = client_id, list(secrets)
        self.withheld, self.frozen = False, False
        self.clock_apart = timedelta(0)
        self.throttled = 0
        self.installed = True
        self.tokens: dict[str, datetime] = {}
        self._waiting: list[Sent] = []

    # What happens in the shop.

    def order(
        self,
        number: int | None = None,
        *,
        total: str = "80",
        paid: bool = False,
        refunds: Iterable[str] = (),
        **changes: Any,
    ) -> int:
        """A new order, or one that changes: it may be paid, and money may go back. Its number."""
        with self._lock:
            event = "updated" if number in self.orders else "create"
            number = number or self.new_number()
            now = clock.now()
            currency = changes.pop("currency", self.currency)
            known = self.orders.get(number) or forms.order(number, currency, total, now)
            made = {**known, **changes, "updated_at": forms.rest_time(now)}
            pays = paid and made["financial_status"] == "pending"
            if pays:
                made["financial_status"] = "paid"
                self._take(number, made, "sale", made["total_price"])
            backs = [forms.refund(self.new_number(2), made, each, now) for each in refunds]
            if backs:
                made["refunds"] = [*made["refunds"], *backs]
                made["financial_status"] = "partially_refunded"
            self.orders[number] = made
            self._tell(f"orders/{event}", made)
            if pays:
                self._tell("orders/paid", made)
            for each in backs:
                self._tell("refunds/create", each)
            return number

    def send(self, number: int) -> None:
        """All of the order goes on its way."""
        at = forms.rest_time(clock.now())
        sent = {
            "id": self.new_number(),
            "status": "success",
            "shipment_status": None,
            "created_at": at,
            "updated_at": at,
        }
        self.order(number, fulfillments=[sent], fulfillment_status="fulfilled")

    def deliver(self, number: int) -> None:
        """The parcels arrive: the carrier tells Shopify, and the order's own time stays."""
        with self._lock:
            for sent in self.orders[number]["fulfillments"]:
                sent["shipment_status"] = "delivered"
                sent["updated_at"] = forms.rest_time(clock.now())
                event = {
                    "id": self.new_number(),
                    "fulfillment_id": sent["id"],
                    "order_id": number,
                    "status": "delivered",
                    "happened_at": sent["updated_at"],
                }
                self._tell("fulfillment_events/create", event)

    def dispute(self, number: int, status: str) -> None:
        """The bank takes the money back, or the dispute gets another status. The order's own time
        stays."""
        with self._lock:
            event = "update" if self.disputes.get(number) else "create"
            told = {"id": f"gid://shopify/OrderDisputeSummary/{number}", "status": status.upper()}
            self.disputes[number] = [{**told, "initiatedAs": "CHARGEBACK"}]
            body = {"id": 1, "order_id": number, "type": "chargeback", "status": status}
            self._tell(f"disputes/{event}", body)

    def customer(self, email: str) -> int:
        """Somebody becomes known to the shop."""
        with self._lock:
            number = self.new_number()
            self.customers[number] = forms.customer(number, email, clock.now())
            self._tell("customers/create", self.customers[number])
            return number

    def use(self, code: str) -> None:
        """Somebody uses a coupon."""
        for discount in self.discounts.values():
            if discount["code"].upper() == code.upper():
                discount["asyncUsageCount"] += 1

    def own_coupon(self, code: str) -> None:
        """The shop makes a coupon by itself."""
        with self._lock:
            name = f"gid://shopify/DiscountCodeNode/{self.new_number()}"
            own = {"title": "Autumn", "code": code, "endsAt": None, "asyncUsageCount": 0}
            self.discounts[name] = {"id": name, "__typename": "DiscountCodeBasic", **own}

    def usable(self, code: str) -> int:
        """How many coupons of that code can be used now."""
        found = [each for each in self.discounts.values() if each["code"] == code]
        return sum(self.status(each) == "ACTIVE" and not each["asyncUsageCount"] for each in found)

    def uninstall(self) -> None:
        """The merchant takes the app off the shop: that is told, and then the app's tokens and
        subscriptions are gone."""
        with self._lock:
            self._tell("app/uninstalled", {"id": 1, "domain": "tea.myshopify.com"})
            self.installed = False
            self.tokens.clear()
            self.hooks.clear()

    def _take(self, number: int, order: dict[str, Any], kind: str, amount: str) -> None:
        moved = {
            "kind": kind,
            "status": "success",
            "gateway": "manual",
            "processed_at": forms.rest_time(clock.now()),
            "amount": amount,
        }
        self.transactions.setdefault(number, []).append(moved)

    # What it tells.

    def deliveries(self) -> list[Sent]:
        """What is to be sent by now, the newest first. It is told once."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting[::-1]

    def answered(self, sent: Sent, status: int) -> None:
        """What became of a delivery: after so many failures its subscription is gone."""
        hook = self.hooks.get(sent.hook)
        if hook is None:
            return
        hook["failures"] = 0 if 200 <= status < 300 else hook["failures"] + 1
        if hook["failures"] >= MOST_FAILURES:
            del self.hooks[sent.hook]

    def _tell(self, topic: str, document: dict[str, Any]) -> None:
        for name, hook in self.hooks.items():
            if _topic(hook["topic"]) == topic:
                told = forms.only(document, hook["fields"])
                self._waiting.append(self.sent(topic, told, name))

    def sent(self, topic: str, document: Any, hook: str = "") -> Sent:
        """A delivery of that topic, as Shopify would send it now."""
        body = msgspec.json.encode(document)
        headers = {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-hmac-sha256": signature(self.secrets[-1].encode(), body),
            "x-shopify-shop-domain": "tea.myshopify.com",
            "x-shopify-api-version": "2026-07",
            "x-shopify-webhook-id": str(uuid.UUID(int=self.new_number())),
            "x-shopify-event-id": str(uuid.UUID(int=self._number)),
            "x-shopify-triggered-at": clock.now().isoformat(),
        }
        return Sent(hook=hook, headers=headers, body=body)

    # What it answers.

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        if (request.method, request.path) == ("POST", TOKEN_PATH):
            answer = self._token(request.form())
        elif (request.method, request.path) == ("POST", PATH):
            answer = self._graphql(request)
        else:
            answer = reply(404, {"errors": "Not Found"})
        date = (clock.now() + self.clock_apart).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return msgspec.structs.replace(answer, headers={**answer.headers, "Date": date})

    def _token(self, told: dict[str, str]) -> Reply:
        if told.get("grant_type") != "client_credentials":
            return reply(400, {"error": "unsupported_grant_type"})
        if told["client_id"] != self.client_id or told["client_secret"] not in self.secrets:
            return reply(401, {"error": "invalid_client"})
        if not self.installed:
            page = b"<h1>Oauth error app_not_installed: The app is not installed.</h1>"
            return Reply(status=400, body=page, kind="text/html")
        token = f"shpat_{self.new_number()}"
        self.tokens[token] = clock.now() + timedelta(seconds=TOKEN_SECONDS)
        scope = ",".join(sorted(self.scopes))
        return reply(200, {"access_token": token, "scope": scope, "expires_in": TOKEN_SECONDS})

    def _graphql(self, request: Request) -> Reply:
        token = request.headers.get("x-shopify-access-token", "")
        if self.tokens.get(token, clock.now()) <= clock.now():
            words = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return reply(401, {"errors": words})
        if self.frozen:
            return reply(402, {"errors": "This shop is currently unavailable"})
        told = request.json()
        try:
            return self._answered(graph.read(told["query"]), told.get("variables") or {})
        except graph.NoSuchField as error:
            return reply(200, {"errors": [_error(str(error), "undefinedField")]})
        except GraphError as error:
            return reply(200, {"errors": [_error(str(error), error.code)]})

    def _answered(self, question: graph.Question, variables: dict[str, Any]) -> Reply:
        cost = question.cost()
        if cost > MOST_COST:
            raise GraphError("MAX_COST_EXCEEDED", f"Query cost is {cost}, above {MOST_COST}")
        left = 0 if self.throttled else MOST_POINTS - cost
        status = {
            "maximumAvailable": MOST_POINTS,
            "currentlyAvailable": left,
            "restoreRate": RESTORED,
        }
        beside = {"cost": {"requestedQueryCost": cost, "throttleStatus": status}}
        if self.throttled:
            self.throttled -= 1
            errors = [_error("Throttled", "THROTTLED")]
            return reply(200, {"errors": errors, "extensions": beside})
        known = ACTS[question.name](self, variables)
        document = {"data": graph.answer(question.fields, known), "extensions": beside}
        order = (document["data"] or {}).get("order")
        if self.withheld and order and "customer" in order:
            order |= {"customer": None, "email": None}
            words = "This app is not approved to access the Customer object."
            document["errors"] = [_error(words, "ACCESS_DENIED", ["order", "customer"])]
        return reply(200, document)


def _topic(name: str) -> str:
    """`ORDERS_CREATE` as headers write it: `orders/create`."""
    resource, _, event = name.lower().rpartition("_")
    return f"{resource}/{event}"


def _error(message: str, code: str, path: list[str] | None = None) -> dict[str, Any]:
    return {"message": message, "path": path, "extensions": {"code": code}}
