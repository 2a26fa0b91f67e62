"""What other rooms are told about a delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class StoredDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that waits to be settled. `headers` have lower-case names."""

    seq: int
    id: str
    adapter: str
    headers: dict[str, str]
    body: bytes
    attempts: int


class DeliveryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as staff see it: what became of it and, if nothing did, why."""

    seq: int
    id: str
    adapter: str
    state: str
    attempts: int
    problem: str
    received_at: datetime
    settled_at: datetime | None
    retry_at: datetime | None
    size: int


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A thing as the engine itself read it at a shop: its `kind` and what the shop says of it, in
    the shop's own form."""

    kind: str
    body: bytes


class FeedFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at in a shop again and again, and how far that is.

    `done_at` is when it was last read to its end, `caught_up_at` when it first was; `problem` is
    what the last try said (empty: it went well).
    """

    id: int
    store_id: str
    adapter: str
    kind: str
    opened_at: datetime
    due_at: datetime
    cursor: str
    taken: int
    caught_up_at: datetime | None
    done_at: datetime | None
    problem: str
    report: dict[str, Any]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """When and through which adapter a delivery came, and its state. `was_read`: the engine read it
    at the shop; nobody sent it."""

    adapter: str
    received_at: datetime
    state: str
    was_read: bool


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """When and why a delivery was refused at the door."""

    adapter: str
    at: datetime
    why: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with what stands in it. `headers` have lower-case names."""

    facts: DeliveryFacts
    headers: dict[str, str]
    body: bytes


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """How much waits on this installation. `oldest` is when the oldest waiting one came."""

    waiting: int
    dead: int
    refused: int
    oldest: datetime | None
