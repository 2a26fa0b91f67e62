"""A fake twin of Tremendous with its traps: see the package for what the real one does.

`orders` holds what was really ordered, by external id; `paid` counts how often money left for each
of our keys.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from wordmouth.integrations.twins import Reply, Request, Twin, reply
from wordmouth.kit.money import exponent

BASE = "/api/v2"


class TremendousTwin(Twin):
    """Tremendous; every attribute may be read and set by a test. Its address is `url` + BASE."""

    def __init__(self, key: str = "TEST_key") -> None:
        super().__init__()
        self.key = key
        self.balance = Decimal(100_000)
        self.holds = False
        self.pays_first = False
        self.orders: dict[str, dict[str, Any]] = {}
        self.rewards: dict[str, dict[str, Any]] = {}
        self.redeemed: set[str] = set()
        self.paid: Counter[str] = Counter()
        self.links = 0

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return _problem(401, "Unauthorized")
        path = request.path.removeprefix(BASE)
        if path == "/funding_sources":
            source = {"id": "FUNDS1234567", "method": "balance", "meta": {}}
            return reply(200, {"funding_sources": [source]})
        if path == "/orders" and request.method == "POST":
            return self._order(request.json())
        if found := re.fullmatch(r"/orders/([^/]+)", path):
            return self._shown(found.group(1))
        if found := re.fullmatch(r"/rewards/(\w+)/(cancel|generate_link)", path):
            return self._on_reward(found.group(1), found.group(2))
        if found := re.fullmatch(r"/order_approvals/(\w+)/reject", path):
            return self._rejected(found.group(1))
        return _problem(404, "Not found")

    def _order(self, body: dict[str, Any]) -> Reply:
        external_id, wanted = body["external_id"], body["reward"]
        if external_id in self.orders:
            return reply(201, {"order": self._public(self.orders[external_id])})
        value = Decimal(str(wanted["value"]["denomination"]))
        if not (wanted.get("products") or wanted.get("campaign_id")):
            return _problem(400, "Either products or campaign_id must be specified")
        if "@" not in wanted["recipient"]["email"]:
            return _problem(422, "Order failed: recipient email is invalid")
        currency = wanted["value"]["currency_code"]
        if -value.as_tuple().exponent > exponent(currency):  # type: ignore[operator]
            return _problem(422, "Order failed: denomination is invalid")
        status = "PENDING APPROVAL" if self.holds else "EXECUTED"
        if value > self.balance:
            if self.pays_first:
                return _problem(402, "Insufficient funds")
            status = "FAILED"
        order = self._made(external_id, wanted, status)
        if status != "FAILED":
            self.balance -= value
            self.paid[external_id.partition(".")[0]] += 1
        shown = self._public(order)
        if wanted["delivery"]["method"] == "LINK" and status == "EXECUTED":
            reward = shown["rewards"][0]
            reward["delivery"]["link"] = self._link(reward["id"])
        return reply(200, {"order": shown})

    def _made(self, external_id: str, wanted: dict[str, Any], status: str) -> dict[str, Any]:
        number = len(self.orders) + 1
        reward = {
            "id": f"RWD{number:09d}",
            "order_id": f"ORD{number:09d}",
            "value": wanted["value"],
            "recipient": wanted["recipient"],
            "delivery": {"method": wanted["delivery"]["method"], "status": "SUCCEEDED"},
        }
        order = {
            "id": reward["order_id"],
            "external_id": external_id,
            "status": status,
            "rewards": [reward],
        }
        self.orders[external_id] = order
        self.rewards[reward["id"]] = reward
        return order

    def _link(self, reward_id: str) -> str:
        self.links += 1
        return f"https://testflight.tremendous.com/rewards/payout/{reward_id}-{self.links}"

    def _public(self, order: dict[str, Any]) -> dict[str, Any]:
        rewards = [{**each, "delivery": dict(each["delivery"])} for each in order["rewards"]]
        return {**order, "rewards": rewards}

    def _shown(self, name: str) -> Reply:
        by_id = {order["id"]: order for order in self.orders.values()}
        order = self.orders.get(name) or by_id.get(name)
        return reply(200, {"order": self._public(order)}) if order else _problem(404, "Not found")

    def _order_of(self, reward_id: str) -> dict[str, Any]:
        wanted = self.rewards[reward_id]["order_id"]
        return next(order for order in self.orders.values() if order["id"] == wanted)

    def _on_reward(self, reward_id: str, verb: str) -> Reply:
        if reward_id not in self.rewards:
            return _problem(404, "Not found")
        order = self._order_of(reward_id)
        if verb == "generate_link":
            if order["status"] != "EXECUTED":
                return _problem(403, "Unsupported operation for this reward.")
            return reply(200, {"reward": {"id": reward_id, "link": self._link(reward_id)}})
        if reward_id in self.redeemed or order["status"] == "CANCELED":
            return _problem(422, "Reward cannot be canceled")
        self._end(order)
        return reply(200, {})

    def _rejected(self, order_id: str) -> Reply:
        for order in self.orders.values():
            if order["id"] == order_id and order["status"] == "PENDING APPROVAL":
                self._end(order)
                return reply(200, {"order": self._public(order)})
        return _problem(404, "Not found")

    def _end(self, order: dict[str, Any]) -> None:
        order["status"] = "CANCELED"
        self.balance += Decimal(str(order["rewards"][0]["value"]["denomination"]))

    def approve(self) -> None:
        """Somebody approves what is held."""
        for order in self.orders.values():
            if order["status"] == "PENDING APPROVAL":
                order["status"] = "EXECUTED"


def _problem(status: int, message: str) -> Reply:
    return reply(status, {"errors": {"message": message, "payload": {}}})
