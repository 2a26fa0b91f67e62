"""A fake twin of PayPal Payouts with its traps: see the package for what the real one does.

`left` counts how often money left for each of our payouts, `fates` decides how the payment to a
receiver ends. A name of a batch is forgotten after 30 days, and then pays a second time.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from wordmouth.integrations.twins import Reply, Request, Twin, reply
from wordmouth.kit import clock

REMEMBERS = timedelta(days=30)
UNCLAIMED = timedelta(days=30)
MAX_ITEMS = 15_000
STEPS = ("PENDING", "PROCESSING", "SUCCESS")
WHOLE = frozenset({"HUF", "JPY", "TWD"})


class TwinBatch(msgspec.Struct, kw_only=True):
    """A batch as PayPal has it; `looks` counts how often it was asked for."""

    id: str
    name: str
    items: list[dict[str, Any]]
    made_at: datetime
    looks: int = 0
    denied: bool = False


class PayPalTwin(Twin):
    """PayPal; every attribute may be read and set by a test."""

    def __init__(self, client_id: str = "client", secret: str = "hush") -> None:  # noqa: S107
        super().__init__()
        self.credentials = (client_id, secret)
        self.balance = Decimal(10_000_000)
        self.restricted = False
        self.denies = False
        self.funds_first = False
        self.unnamed_duplicates = False
        self.lifetime = 32_400
        self.tokens: dict[str, datetime] = {}
        self.batches: dict[str, TwinBatch] = {}
        self.names: dict[str, str] = {}
        self.fates: dict[str, str] = {}
        self.left: Counter[str] = Counter()
        self.granted = 0

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        if request.path == "/v1/oauth2/token":
            return self._grant(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, clock.now()) <= clock.now():
            return _problem(401, "AUTHENTICATION_FAILURE", "Authentication failed.")
        if self.restricted:
            return _problem(403, "SENDER_RESTRICTED", "Authorization error occurred.")
        if request.method == "POST" and request.path == "/v1/payments/payouts":
            return self._create(request.json())
        shown = re.fullmatch(r"/v1/payments/payouts/(\w+)", request.path)
        if request.method == "GET" and shown:
            return self._show(shown.group(1), request.query)
        return _problem(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist.")

    def _grant(self, request: Request) -> Reply:
        pair = base64.b64encode(":".join(self.credentials).encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return reply(
                401,
                {"error": "invalid_client", "error_description": "Client Authentication failed"},
            )
        if request.form().get("grant_type") != "client_credentials":
            return reply(400, {"error": "unsupported_grant_type"})
        self.granted += 1
        token = f"A21AA-{self.granted}"
        self.tokens[token] = clock.now() + timedelta(seconds=self.lifetime)
        return reply(
            200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}
        )

    def _create(self, body: dict[str, Any]) -> Reply:
        items = body["items"]
        if not 1 <= len(items) <= MAX_ITEMS:
            return _problem(400, "VALIDATION_ERROR", "Invalid request", [_detail("items", "count")])
        if bad := [
            _detail(f"items[{place}].{field}", issue)
            for place, item in enumerate(items)
            for field, issue in _wrong_with(item)
        ]:
            return _problem(400, "VALIDATION_ERROR", "Invalid request - see details", bad)
        total = sum((Decimal(item["amount"]["value"]) for item in items), Decimal(0))
        poor = total > self.balance
        if poor and self.funds_first:
            return _problem(422, "INSUFFICIENT_FUNDS", "Sender does not have sufficient funds.")
        name = body["sender_batch_header"]["sender_batch_id"]
        if (known := self._remembered(name)) is not None:
            return self._duplicate(known)
        if poor:
            return _problem(422, "INSUFFICIENT_FUNDS", "Sender does not have sufficient funds.")
        batch = TwinBatch(
            id=f"PB{len(self.batches) + 1:04d}",
            name=name,
            items=items,
            made_at=clock.now(),
            denied=self.denies,
        )
        self.batches[batch.id], self.names[name] = batch, batch.id
        if not batch.denied:
            self.balance -= total
            self.left.update(item["sender_item_id"] for item in items if not self._fails(item))
        return reply(201, {"batch_header": self._header(batch, "PENDING"), "links": []})

    def _remembered(self, name: str) -> str | None:
        known = self.names.get(name)
        if known is None or clock.now() - self.batches[known].made_at > REMEMBERS:
            return None
        return known

    def _duplicate(self, batch_id: str) -> Reply:
        href = f"https://api-m.paypal.com/v1/payments/payouts/{batch_id}"
        link = [] if self.unnamed_duplicates else [{"href": href, "rel": "self", "method": "GET"}]
        detail = {
            "field": "SENDER_BATCH_ID",
            "location": "body",
            "issue": "Batch with given sender_batch_id already exists",
            "link": link,
        }
        return _problem(400, "USER_BUSINESS_ERROR", "User business error.", [detail])

    def _fails(self, item: dict[str, Any]) -> bool:
        return self.fates.get(item["receiver"]) in ("FAILED", "DENIED")

    def _header(self, batch: TwinBatch, status: str) -> dict[str, Any]:
        return {
            "payout_batch_id": batch.id,
            "batch_status": status,
            "sender_batch_header": {"sender_batch_id": batch.name},
        }

    def _show(self, batch_id: str, query: dict[str, str]) -> Reply:
        batch = self.batches.get(batch_id)
        if batch is None:
            return _problem(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist.")
        batch.looks += 1
        status = STEPS[min(batch.looks, len(STEPS)) - 1]
        if batch.denied and status == "SUCCESS":
            status = "DENIED"
        size, number = int(query.get("page_size", "100")), int(query.get("page", "1"))
        shown = [] if status == "PENDING" else batch.items
        pages = -(-len(shown) // size)
        counts = {"total_items": len(shown), "total_pages": pages}
        return reply(
            200,
            {
                **(counts if query.get("total_required") == "true" else {}),
                "batch_header": self._header(batch, status),
                "items": [
                    self._item(batch, item, status)
                    for item in shown[(number - 1) * size : number * size]
                ],
                "links": [],
            },
        )

    def _item(self, batch: TwinBatch, item: dict[str, Any], status: str) -> dict[str, Any]:
        ended = self.fates.get(item["receiver"], "SUCCESS")
        if ended == "UNCLAIMED" and clock.now() - batch.made_at > UNCLAIMED:
            ended = "RETURNED"
        now = {"PROCESSING": "PENDING", "DENIED": "DENIED"}.get(status, ended)
        told = {"name": "RECEIVER_UNREGISTERED", "message": "No account.", "links": []}
        return {
            "payout_item_id": f"{batch.id}I{batch.items.index(item)}",
            "payout_batch_id": batch.id,
            "transaction_status": now,
            "payout_item": item,
            **({"errors": told} if now in ("FAILED", "UNCLAIMED") else {}),
        }


def _wrong_with(item: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", item["receiver"]):
        found.append(("receiver", "Receiver is invalid or does not match with type"))
    whole = item["amount"]["currency"] in WHOLE
    form = r"[1-9]\d*" if whole else r"\d+\.\d\d"
    if not re.fullmatch(form, item["amount"]["value"]):
        found.append(("amount.value", "Amount is not in the form of the currency"))
    return found


def _detail(field: str, issue: str) -> dict[str, Any]:
    return {"field": field, "location": "body", "issue": issue}


def _problem(
    status: int, name: str, message: str, details: list[dict[str, Any]] | None = None
) -> Reply:
    document = {"name": name, "message": message, "debug_id": "f0506", "links": []}
    return reply(status, {**document, **({"details": details} if details else {})})
