"""The sandbox shop with goods, and a receiver in the engine's place."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from receiver import PATIENCE, SECRET, STORE, Receiver

from sandbox import stock
from wordmouth_oscar.conf import config
from wordmouth_oscar.models import PendingSnapshot
from wordmouth_oscar.signing import secret_bytes, signed_headers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what starts a shop: it takes as long as all the rest, which runs beside it."""
    items.sort(key=lambda item: item.path.name != "test_serve.py")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Test on a file: an in-memory database has no two connections that could collide."""
    if django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        name = str(tmp_path_factory.mktemp("db") / "shop.sqlite3")
        connections["default"].settings_dict["TEST"]["NAME"] = name


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def connect(settings: Any, receiver: Receiver) -> Callable[..., None]:
    """Connect the shop to the receiver, with further settings."""

    def set_up(**more: Any) -> None:
        settings.WORDMOUTH_OSCAR = {
            "URL": receiver.url,
            "STORE_ID": STORE,
            "STORE_SLUG": "sandbox",
            "SECRET": SECRET,
            "DELAY": 0,
            "BACKGROUND": False,
            "TIMEOUT": PATIENCE,
            **more,
        }
        assert config().connected

    return set_up


@pytest.fixture
def goods(db: None, connect: Callable[..., None]) -> dict[str, int]:
    """The filled and connected shop, with nothing pending; returns product keys by article."""
    found = stock.fill()
    connect()
    PendingSnapshot.objects.all().delete()
    return found


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """Send a signed request to the coupon endpoint as the engine would."""

    def send(verb: str, data: Any, *, secret: str = SECRET, age: int = 0) -> Any:
        body = json.dumps({"type": verb, "timestamp": "2026-11-21T10:00:00Z", "data": data})
        headers = signed_headers(
            secret_bytes(secret), "msg_1", int(time.time()) - age, body.encode()
        )
        return client.post(
            "/wordmouth/coupons", body, content_type="application/json", headers=headers
        )

    return send


@pytest.fixture
def issue(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Have a coupon issued; returns the answer's content."""

    def send(code: str, **terms: Any) -> Any:
        answer = ask("coupon.issue", coupon(code, **terms))
        assert answer.status_code == 200, answer.content
        return answer.json()

    return send


def coupon(code: str, **terms: Any) -> dict[str, Any]:
    """The data of a coupon.issue message: ten percent, once, unless told otherwise."""
    return {
        "code": code,
        "kind": "percent_off",
        "value": 10,
        "currency": "EUR",
        "min_order": None,
        "expires_at": None,
        "usage_limit": 1,
        "customer": None,
        "description": "A friend's welcome",
        **terms,
    }


@pytest.fixture
def root() -> Path:
    return Path(__file__).resolve().parent.parent
