"""A store with a connected shop, and the whole application in front of it."""

from __future__ import annotations

from collections.abc import Iterator
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
