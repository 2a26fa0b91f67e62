"""What the demo's tests share: a clock, and an engine that is a real local HTTP server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.harness.patience import PATIENCE
from wordmouth_demo import deliveries
from wordmouth_demo.catalog import PRODUCTS
from wordmouth_demo.orders import Address, Buyer, NewOrder
from wordmouth_demo.pricing import BasketLine

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@dataclass
class Clock:
    """The demo's clock: the real time, moved or held still."""

    offset: timedelta = timedelta(0)
    held: datetime | None = None

    def now(self) -> datetime:
        return (self.held or datetime.now(UTC)) + self.offset

    def move(self, step: timedelta) -> None:
        self.offset += step


@dataclass
class Received:
    """One request that reached the engine's door with a good signature."""

    webhook_id: str
    path: str
    body: str

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data


@dataclass
class Engine:
    """The receiving side: it verifies each delivery and answers `status`."""

    clock: Clock
    server: ThreadingHTTPServer = field(init=False)
    received: list[Received] = field(default_factory=list)
    bad_signatures: int = 0
    status: int = 202

    def __post_init__(self) -> None:
        engine = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                status = engine.take(self.path, dict(self.headers.items()), body)
                answer = b'{"delivery": "dlv_test"}'
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def take(self, path: str, headers: dict[str, str], body: str) -> int:
        headers = {name.lower(): value for name, value in headers.items()}
        try:
            if self.clock.offset or self.clock.held:
                self._verify_at_demo_time(headers, body)
            else:
                Webhook(SECRET).verify(body, headers)
        except (AssertionError, KeyError, WebhookVerificationError):
            self.bad_signatures += 1
            return 401
        if self.status == 202:
            self.received.append(Received(headers["webhook-id"], path, body))
        return self.status

    def _verify_at_demo_time(self, headers: dict[str, str], body: str) -> None:
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
        assert abs(at - self.clock.now()) < timedelta(seconds=300)
        assert Webhook(SECRET).sign(headers["webhook-id"], at, body) == headers["webhook-signature"]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(clock: Clock) -> Iterator[Engine]:
    running = Engine(clock)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def shop(settings: Settings, clock: Clock, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "TIMEOUT_SECONDS", PATIENCE)
    settings.ROOT_URLCONF = "wordmouth_demo.tests.urls"
    settings.WORDMOUTH_DEMO_SHOP = lambda: {
        "store_id": "str_test",
        "store_slug": "kohvik",
        "site_url": engine.url,
        "webhook_secret": SECRET,
        "now": clock.now,
        "move_clock": clock.move,
    }


@pytest.fixture
def committed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the transaction that pytest wraps around the test for none, and only that one.

    Emptying every table after each test would take longer than all of the tests.
    """
    outer = len(connection.atomic_blocks)
    monkeypatch.setattr(deliveries, "in_transaction", lambda: len(connection.atomic_blocks) > outer)


def new_order(
    email: str = "ana@example.com", *, coupon: str = "", lines: tuple[tuple[int, int], ...] = ()
) -> NewOrder:
    """A checkout; `lines` are (index of the article, quantity), by default 2 × Hommik."""
    return NewOrder(
        lines=[BasketLine(PRODUCTS[index], count) for index, count in lines or ((0, 2),)],
        buyer=Buyer(email=email, first_name="Ana", last_name="Saar"),
        address=Address("Kohtu 1", "10130", "Tallinn", "EE"),
        coupon_code=coupon,
    )
