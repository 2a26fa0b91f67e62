"""Starts the engine and the sandbox shop, connected to each other as a merchant would do it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.harness.databases import fresh_database
from tests.harness.environment import chosen_database
from tests.harness.patience import PATIENCE, START_SECONDS
from tests.harness.server import Server, free_port
from tests.oscar.running import WORDMOUTH, Pair, eventually, settings_of, wordmouth
from wordmouth.kit import clock
from wordmouth.kit.signing import webhook_headers

BUILT = "WORDMOUTH_VENDURE"
"""Names the variable with the folder in which `make test-shops` has installed and built Vendure."""
SLUG = "sandbox-tea"
PROGRAM = """
slug = "give-10-get-10"
name = "Give 10, get 10"
status = "live"
[eligibility]
friend = "new_customers"
min_order = 2000
currency = "EUR"
[hold]
after = "delivered"
days = 0
[[offers]]
key = "control"
friend = {kind = "percent_off", value = 10, expires_days = 30}
[[offers.advocate]]
schedule = "each"
kind = "amount_off"
value = 1000
"""


@dataclass(frozen=True)
class Answer:
    """What the shop answered to a signed request."""

    status: int
    kind: str
    content: dict[str, Any]


class Shops(Pair):
    """The engine and the shop, and how to stop the engine for a while."""

    def __init__(
        self, engine: Server, shop: str, made: dict[str, Any], environment: dict[str, str]
    ) -> None:
        super().__init__(f"http://127.0.0.1:{engine.port}", shop, made, environment)
        self.server = engine
        self.settings = settings_of(self.engine, made)

    def ask(self, kind: str, data: object, **headers: str) -> Answer:
        """Ask the shop about a coupon as the engine does; `headers` replace the signed ones."""
        body = json.dumps({"type": kind, "timestamp": "", "data": data}).encode()
        return self.ask_raw(body, **headers)

    def ask_raw(self, body: bytes, **headers: str) -> Answer:
        signed = webhook_headers(self._secret, f"ask-{os.urandom(8).hex()}", clock.now(), body)
        signed |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"{self.shop}/wordmouth/coupons"
        answer = httpx2.post(address, content=body, headers=signed, timeout=PATIENCE)
        kind = answer.headers["content-type"].partition(";")[0]
        return Answer(answer.status_code, kind, answer.json())

    def told(self, code: str, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """An order as the engine knows it, as soon as it is as wanted."""
        return eventually(
            f"the engine to be told of a change of order {code}",
            lambda: self.find_order(code) or {},
            lambda seen: bool(seen) and bool(wanted(seen)),
        )

    def find_order(self, code: str) -> dict[str, Any] | None:
        """An order as the engine knows it now; None: it does not."""
        answer = self._http.get(f"{self.engine}/api/v1/orders/{code}")
        return dict(answer.json()) if answer.status_code == 200 else None


@contextmanager
def connected(environment: dict[str, str], folder: Path) -> Iterator[Shops]:
    """A shop with goods and an engine with a live programme, until the end of the block."""
    # Two host names of this machine, so that a browser keeps the cookies of the two apart.
    ports = free_port(), free_port()
    engine_url, shop_url = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
    environment = {
        **environment,
        "WORDMOUTH_PORT": str(ports[0]),
        "WORDMOUTH_ALLOW_PRIVATE_SHOPS": "1",
        # Nobody takes mails there, whatever else runs on this machine.
        "WORDMOUTH_SMTP_PORT": str(free_port()),
    }
    made = store_with_program(environment, shop_url, folder)
    engine = Server([WORDMOUTH, "serve", "--port"], environment, folder / "engine", port=ports[0])
    with ExitStack() as running:
        running.callback(engine.kill)
        engine.start()
        settings = {
            **settings_of(engine_url, made),
            "VENDURE_DB": running.enter_context(place(folder)),
        }
        running.enter_context(shop_program(folder / "shop", settings, port=ports[1]))
        yield Shops(engine, shop_url, made, environment)
        assert engine.stop() == 0, engine.said()


@contextmanager
def place(folder: Path) -> Iterator[str]:
    """Where a shop keeps what it knows: a PostgreSQL where the run's databases are such, else its
    memory."""
    if chosen_database() == "sqlite":
        yield ""
        return
    with fresh_database(folder, empty=True) as url:
        yield url


@contextmanager
def shop_program(log: Path, settings: Mapping[str, str], *, port: int) -> Iterator[Server]:
    """The sandbox shop, with its goods, until the end of the block."""
    environment = {**os.environ, **settings}
    serve = ["node", str(built("shop", "serve.js"))]
    shop = Server(serve, environment, log, port=port, ready="/ready")
    try:
        shop.start()
        yield shop
    finally:
        shop.kill()


def built(*parts: str) -> Path:
    """A compiled file of the plugin or the sandbox."""
    return Path(os.environ[BUILT]).resolve().joinpath("build", *parts)


def store_with_program(environment: dict[str, str], shop_url: str, folder: Path) -> dict[str, Any]:
    """Open the store and set its programme up; what `store create` told."""
    made = wordmouth(
        environment,
        *("store", "create", "Sandbox Tea", "--adapter", "vendure", "--slug", SLUG, "--json"),
        *("--shop-url", f"{shop_url}/", "--coupon-url", f"{shop_url}/wordmouth/coupons"),
    )
    program = folder / "program.toml"
    program.write_text(PROGRAM)
    wordmouth(environment, "program", "apply", str(program), "--store", SLUG, "--json")
    return dict(made)


def command(settings: Mapping[str, str], *words: str) -> Any:
    """What `wordmouth-vendure` printed as JSON; it must succeed."""
    done = subprocess.run(
        ["node", str(built("src", "cli.js")), *words],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])
