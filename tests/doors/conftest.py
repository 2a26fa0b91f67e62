"""A store with a connected shop, and the whole application in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest

from tests.harness.asgi import Client, living
from tests.harness.patience import Watch
from wordmouth.kit import clock, fresh
from wordmouth.kit.signing import webhook_headers
from wordmouth.project.asgi import build
from wordmouth.stores import services as stores
from wordmouth.stores.facts import Created
from wordmouth.stores.sets import SetReader, read_set


@pytest.fixture
def shop(transactional_db: None) -> Created:
    """A new store that lands its friends on the friend page."""
    return stores.create_store("Teehaus", shop_url="https://teehaus.example/")


@pytest.fixture
def client(shop: Created) -> Iterator[Client]:
    """The application, living, without the worker."""
    with living(build(worker=False)) as living_client:
        yield living_client


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """By it the doors know how old an answer of theirs is; a second passes when a test says so."""
    watch = Watch()
    monkeypatch.setattr(fresh, "time", watch)
    return watch


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the doors look up from now on: how many keys of what, and whether in a thread."""
    found: list[str] = []
    now = SetReader.__call__

    def noted(statement: str, keys: Sequence[str]) -> Any:
        found.append(f"{len(keys)} of codes in a thread")
        return read_set(statement, keys)

    async def noted_now(self: SetReader, statement: str, keys: Sequence[str], width: int) -> Any:
        kind = "codes" if "code {in_set}" in statement else "versions"
        found.append(f"{len(keys)} of {kind}")
        return await now(self, statement, keys, width)

    monkeypatch.setattr(SetReader, "__call__", noted_now)
    monkeypatch.setattr("wordmouth.visits.links.read_set", noted)
    monkeypatch.setattr("wordmouth.api.codes.read_set", noted)
    return found


def order_body(order: str = "1001", **more: Any) -> bytes:
    """A small order as a delivery's body."""
    data = {
        "id": order,
        "updated_at": "2026-11-21T10:00:00Z",
        "currency": "EUR",
        "totals": {"grand": 4900},
        **more,
    }
    return msgspec.json.encode(
        {"type": "order.snapshot", "timestamp": "2026-11-21T10:00:00Z", "data": data}
    )


def signed(secret: str, body: bytes, message: str = "msg_1", **options: Any) -> dict[str, str]:
    """The headers of a signed delivery; `at`: when it was signed."""
    at = options.get("at", clock.now())
    return {**webhook_headers(secret, message, at, body), "content-type": "application/json"}
