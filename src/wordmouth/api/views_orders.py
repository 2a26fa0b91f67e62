"""Orders by REST: checked at once, then stored and settled like any delivery."""

from __future__ import annotations

import hashlib

import msgspec
from django.db import transaction

from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.reading import read_json
from wordmouth.api.shapes import Accepted, Order
from wordmouth.inbox import services as inbox
from wordmouth.integrations.generic import parse
from wordmouth.kit import clock
from wordmouth.kit.errors import NotFound
from wordmouth.orders import queries as orders
from wordmouth.outbox import services as outbox

ADAPTER = "generic"


def checked(external_id: str, body: bytes) -> bytes:
    """The snapshot as it is stored, if it is one of this order. Raises BadDelivery and others."""
    given = read_json(body)
    if not isinstance(given, dict):
        raise RequestInvalid([FieldError(path="body", message="takes an object")])
    stored = body if "id" in given else msgspec.json.encode({"id": external_id, **given})
    snapshot = parse.order_from(stored)
    if snapshot.id != external_id:
        message = f"is {snapshot.id!r}, but the address says {external_id!r}"
        raise RequestInvalid([FieldError(path="id", message=message)])
    return stored


def receive(store_id: str, external_id: str, snapshot: bytes) -> Accepted:
    """Store the snapshot as a delivery; the same snapshot again is the same delivery."""
    dedupe = hashlib.sha256(external_id.encode() + b"\0" + snapshot).hexdigest()
    body = parse.enveloped("order.snapshot", snapshot, clock.now())
    transaction.on_commit(outbox.ring)
    return Accepted(delivery=inbox.receive(store_id, ADAPTER, f"rest:{dedupe}", {}, body))


def one(external_id: str) -> Order:
    """The order as all its snapshots together tell it, without personal data. Raises NotFound."""
    found = orders.snapshot_json(external_id)
    if found is None:
        raise NotFound(f"This store has no order {external_id[:120]!r}.")
    told = {name: value for name, value in found.items() if value is not None}
    told["shipping_address"] = {"country": told.pop("country", "")}
    return Order.model_validate(told)
