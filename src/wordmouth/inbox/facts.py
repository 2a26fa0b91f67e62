"""What other rooms are told about a delivery."""

from __future__ import annotations

from datetime import datetime

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


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """How much waits on this installation. `oldest` is when the oldest waiting one came."""

    waiting: int
    dead: int
    refused: int
    oldest: datetime | None
