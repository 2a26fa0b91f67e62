"""Starts the engine and the sandbox shop, connected to each other as a merchant would do it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2

from tests.harness.patience import PATIENCE, START_SECONDS
from tests.harness.server import Server, free_port, python
from wordmouth.kit import clock
from wordmouth.kit.signing import webhook_headers

Seen = TypeVar("Seen")

WORDMOUTH = str(Path(sys.executable).with_name("wordmouth"))
ROOT = Path(__file__).parents[2]
MANAGE = ROOT / "shops" / "oscar" / "sandbox" / "manage.py"
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
after = "paid"
days = 0
[[offers]]
key = "control"
friend = {kind = "percent_off", value = 10, expires_days = 30}
[[offers.advocate]]
schedule = "each"
kind = "amount_off"
value = 1000
"""


class Pair:
    """An engine and a shop that know each other. `made` is what `wordmouth store create` told."""

    def __init__(
        self, engine: str, shop: str, made: dict[str, Any], environment: dict[str, str]
    ) -> None:
        self.engine, self.shop = engine, shop
        self._environment = environment
        self._store = made["store"]["id"]
        self._secret = made["webhook_secret"]
        key = {"authorization": f"Bearer {made['api_key']}"}
        self._http = httpx2.Client(headers=key, timeout=PATIENCE)

    def api(self, path: str, **query: str) -> Any:
        """The engine's answer to a question with the store's key."""
        answer = self._http.get(f"{self.engine}/api/v1/{path}?{urlencode(query)}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def referral(self, order: str, status: str) -> dict[str, Any]:
        """The one referral of an order, as soon as it has this status."""
        found = eventually(
            f"order {order} to be a referral that is {status}",
            lambda: self.api("referrals", order=order)["data"],
            lambda seen: [one["status"] for one in seen] == [status],
        )
        return dict(found[0])

    def reward(self, referral: str, status: str) -> dict[str, Any]:
        """The advocate's one reward for a referral, as soon as it has this status."""
        found = eventually(
            f"the advocate's reward to be {status}",
            lambda: self.api("rewards", referral=referral)["data"],
            lambda seen: [(one["party"], one["status"]) for one in seen] == [("advocate", status)],
        )
        return dict(found[0])

    def order(self, number: str) -> dict[str, Any]:
        """An order as the engine knows it, as soon as it does."""
        address = f"{self.engine}/api/v1/orders/{number}"
        answer = eventually(
            f"order {number} to be told",
            lambda: self._http.get(address),
            lambda seen: seen.status_code == 200,
        )
        return dict(answer.json())

    def coupon(self, code: str) -> dict[str, Any]:
        """What the shop says of a coupon when the engine asks it."""
        content = {"type": "coupon.lookup", "timestamp": "", "data": {"code": code}}
        body = json.dumps(content).encode()
        headers = webhook_headers(self._secret, f"look-{time.monotonic_ns()}", clock.now(), body)
        address = f"{self.shop}/wordmouth/coupons"
        answer = self._http.post(address, content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def revoked_coupon(self, code: str) -> dict[str, Any]:
        """What the shop says of a coupon, as soon as it is revoked."""
        return eventually(
            f"coupon {code} to be revoked in the shop",
            lambda: self.coupon(code),
            lambda seen: seen["state"] == "revoked",
        )

    def prove(self, verb: str) -> dict[str, Any]:
        """The report of `verify` or `replay` on the store."""
        (told,) = wordmouth(self._environment, verb, "--store", self._store, "--json")
        return dict(told["report"])


@contextmanager
def connected(environment: dict[str, str], folder: Path) -> Iterator[Pair]:
    """A shop with goods and an engine with a live programme, until the end of the block."""
    # Two host names of this machine, so that a browser keeps the cookies of the two apart.
    ports = free_port(), free_port()
    engine_url, shop_url = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
    shop_environment = {
        **environment,
        "DJANGO_SETTINGS_MODULE": "tests.oscar.shop_settings",
        "PYTHONPATH": str(ROOT),
        "OSCAR_DB": str(folder / "shop.sqlite3"),
    }
    environment = {
        **environment,
        "WORDMOUTH_PORT": str(ports[0]),
        "WORDMOUTH_ALLOW_PRIVATE_SHOPS": "1",
        # Nobody takes mails there, whatever else runs on this machine.
        "WORDMOUTH_SMTP_PORT": str(free_port()),
    }
    serve = [WORDMOUTH, "serve", "--port"]
    with tables_made(shop_environment) as wait_for_tables, ExitStack() as running:
        made = store_with_program(environment, shop_url, folder)
        engine = Server(serve, environment, folder / "engine", port=ports[0])
        running.callback(engine.kill)
        engine.start()
        wait_for_tables()
        shop = Server(
            [*python(MANAGE), "serve", "--port"],
            {**shop_environment, **settings_of(engine_url, made)},
            folder / "shop",
            port=ports[1],
            ready="/catalogue/",
        )
        running.callback(shop.kill)
        shop.start()
        yield Pair(engine_url, shop_url, made, environment)
        assert engine.stop() == 0, engine.said()


@contextmanager
def tables_made(environment: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Make the shop's tables while the block begins; what it gets waits for them."""
    command = [*python(MANAGE), "migrate", "--run-syncdb", "--skip-checks", "-v", "0"]
    process = subprocess.Popen(command, env=environment)

    def wait() -> None:
        assert process.wait(START_SECONDS) == 0, "the shop's tables cannot be made"

    try:
        yield wait
    finally:
        process.kill()
        process.wait()


def store_with_program(environment: dict[str, str], shop_url: str, folder: Path) -> dict[str, Any]:
    """Open the store and set its programme up; what `store create` told."""
    made = wordmouth(
        environment,
        *("store", "create", "Sandbox Tea", "--adapter", "oscar", "--slug", SLUG, "--json"),
        *("--shop-url", f"{shop_url}/", "--coupon-url", f"{shop_url}/wordmouth/coupons"),
    )
    program = folder / "program.toml"
    program.write_text(PROGRAM)
    wordmouth(environment, "program", "apply", str(program), "--store", SLUG, "--json")
    return dict(made)


def settings_of(engine_url: str, made: dict[str, Any]) -> dict[str, str]:
    """What the merchant copies from `store create` into the shop's settings."""
    return {
        "WORDMOUTH_URL": engine_url,
        "WORDMOUTH_STORE_ID": made["store"]["id"],
        "WORDMOUTH_STORE_SLUG": made["store"]["slug"],
        "WORDMOUTH_WEBHOOK_SECRET": made["webhook_secret"],
    }


def wordmouth(environment: dict[str, str], *arguments: str) -> Any:
    """What a command of the engine printed as JSON; it must succeed."""
    done = subprocess.run(
        [WORDMOUTH, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def eventually(what: str, look: Callable[[], Seen], wanted: Callable[[Seen], bool]) -> Seen:
    """Look until what is seen is wanted; fails with what was seen last."""
    deadline = time.monotonic() + START_SECONDS
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}; last seen: {seen}"
        time.sleep(0.1)
    return seen
