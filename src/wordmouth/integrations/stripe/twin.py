"""A fake twin of Stripe's transfers with its traps: see the package for what the real one does.

`left` counts how often money left for each of our payouts. Idempotency keys are forgotten after 24
hours, and then the same request pays a second time.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec

from wordmouth.integrations.twins import Reply, Request, Twin, reply
from wordmouth.kit import clock

KEYS_LIVE = timedelta(hours=24)
OWN_FAULTS = (
    "500_saved_done",  # made, and a failure told, now and for a day
    "500_saved",  # not made, and a failure told, now and for a day
)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered under an idempotency key."""

    form: dict[str, str]
    reply: Reply
    at: datetime


class StripeTwin(Twin):
    """Stripe; every attribute may be read and set by a test."""

    def __init__(self, key: str = "sk_test_1") -> None:
        super().__init__()
        self.key = key
        self.balance = 10**9
        self.accounts = {f"acct_{number}" for number in range(50)}
        self.transfers: list[dict[str, Any]] = []
        self.kept: dict[str, Kept] = {}
        self.left: Counter[str] = Counter()
        self.busy: set[str] = set()
        self.may_pay = 10**9
        self.failing: dict[str, str] = {}

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return _problem(401, "invalid_request_error", None, "Invalid API Key provided")
        if request.path == "/v1/balance":
            return reply(200, {"object": "balance", "livemode": False, "available": []})
        if request.path != "/v1/transfers":
            return _problem(404, "invalid_request_error", "resource_missing", "No such thing")
        return self._list(request.query) if request.method == "GET" else self._post(request)

    def _list(self, query: dict[str, str]) -> Reply:
        group = query.get("transfer_group")
        newest = [t for t in reversed(self.transfers) if t["transfer_group"] == group]
        if after := query.get("starting_after"):
            places = [place for place, each in enumerate(newest) if each["id"] == after]
            newest = newest[places[0] + 1 :]
        size = int(query.get("limit", "10"))
        listed = {"object": "list", "data": newest[:size], "has_more": len(newest) > size}
        return reply(200, listed)

    def _post(self, request: Request) -> Reply:
        form, key = request.form(), request.headers.get("idempotency-key", "")
        if self.may_pay <= 0:
            return _problem(403, "invalid_request_error", None, "The key may not do this")
        self.may_pay -= 1
        if key in self.busy:
            return _problem(409, "idempotency_error", "idempotency_key_in_use", "In progress")
        kept = self.kept.get(key)
        if kept is not None and clock.now() - kept.at <= KEYS_LIVE:
            if kept.form != form:
                told = "Keys for idempotent requests can only be used with the same parameters"
                return _problem(400, "idempotency_error", None, told)
            return kept.reply
        if not form.get("amount", "").isdigit() or "destination" not in form:
            # Wrong parameters are found before a key counts.
            return _problem(400, "invalid_request_error", "parameter_missing", "Missing amount")
        answer = self._executed(form)
        if key:
            self.kept[key] = Kept(form=form, reply=answer, at=clock.now())
        return answer

    def _executed(self, form: dict[str, str]) -> Reply:
        payout = form.get("metadata[wordmouth_payout]", "")
        fault = self.failing.pop(payout, None)
        broken = _problem(500, "api_error", None, "An unknown error occurred")
        if fault == "500_saved":
            return broken
        if form["destination"] not in self.accounts:
            told = f"No such destination: '{form['destination']}'"
            return _problem(400, "invalid_request_error", "resource_missing", told)
        amount = int(form["amount"])
        if amount > self.balance:
            told = "You have insufficient available funds in your Stripe account."
            return _problem(400, "invalid_request_error", "balance_insufficient", told)
        self.balance -= amount
        self.left[payout] += 1
        made = {
            "id": f"tr_{len(self.transfers) + 1}",
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "reversed": False,
            "currency": form["currency"],
            "destination": form["destination"],
            "transfer_group": form.get("transfer_group"),
            "metadata": {"wordmouth_payout": payout},
        }
        self.transfers.append(made)
        return broken if fault == "500_saved_done" else reply(200, dict(made))

    def reverse(self, payout: str, part: int | None = None) -> None:
        """The merchant takes a transfer back, wholly or in part."""
        for each in self.transfers:
            if each["metadata"]["wordmouth_payout"] == payout:
                each["amount_reversed"] = part or each["amount"]
                each["reversed"] = each["amount_reversed"] == each["amount"]


def _problem(status: int, kind: str, code: str | None, message: str) -> Reply:
    return reply(status, {"error": {"type": kind, "code": code, "message": message}})
