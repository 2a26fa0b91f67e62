"""SIGKILL at random moments while deliveries and clicks flow: what was acknowledged is there, once.

The seed and the number of kills can be set by WORDMOUTH_CRASH_SEED and WORDMOUTH_CRASH_KILLS.
"""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from tests.harness.asgi import PHONE
from tests.harness.patience import PATIENCE, START_SECONDS, until
from tests.harness.server import Server, python
from wordmouth.kit import clock
from wordmouth.kit.signing import unb64url, webhook_headers

LAUNCH = Path(__file__).parent / "launch.py"
SEED = int(os.environ.get("WORDMOUTH_CRASH_SEED", "20261121"))
KILLS = int(os.environ.get("WORDMOUTH_CRASH_KILLS", "3"))
CONNECTIONS = 12
SETTLE_SECONDS = 600

pytestmark = [pytest.mark.database, pytest.mark.timeout(2400)]


class Sender(threading.Thread):
    """One shop's connection: sends orders one after the other, and again what got no answer.

    `acknowledged` are the delivery ids of all answers with 202, `clicked` the click ids of all
    redirects.
    """

    def __init__(self, number: int, shop: dict[str, str], port: int) -> None:
        super().__init__(name=f"sender-{number}", daemon=True)
        self._number, self._shop, self._port = number, shop, port
        self._halt = threading.Event()
        self.running = threading.Event()
        self.running.set()
        self.sent = 0
        self.acknowledged: set[str] = set()
        self.clicked: list[str] = []

    def run(self) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._halt.is_set():
            if not self.running.wait(0.05):
                continue
            try:
                connection = connection or self._connect()
                if self._number % 4 == 0:
                    self._click(connection)
                else:
                    self._deliver(connection)
            except (OSError, http.client.HTTPException):
                connection = None
                time.sleep(0.01)

    def end(self) -> None:
        self._halt.set()
        self.join(PATIENCE)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)

    def _deliver(self, connection: http.client.HTTPConnection) -> None:
        name = f"{self._number}-{self.sent}"
        body = order(name, self._shop["code"])
        headers = webhook_headers(self._shop["secret"], f"msg-{name}", clock.now(), body)
        connection.request("POST", f"/in/{self._shop['store']}/generic", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status == 202:
            self.acknowledged.add(msgspec.json.decode(content)["delivery"])
            self.sent += 1

    def _click(self, connection: http.client.HTTPConnection) -> None:
        connection.request("GET", f"/r/{self._shop['code']}", headers={"user-agent": PHONE})
        answer = connection.getresponse()
        answer.read()
        location = answer.getheader("location")
        if answer.status == 302 and location:
            (token,) = parse_qs(urlsplit(location).query)["wm"]
            self.clicked.append(unb64url(token.split(".")[0]).decode().split("|")[2])


def order(name: str, code: str) -> bytes:
    data = {
        "id": name,
        "updated_at": "2026-11-21T10:00:00Z",
        "placed_at": "2026-11-21T09:58:00Z",
        "paid_at": "2026-11-21T09:59:00Z",
        "currency": "EUR",
        "totals": {"items": 5000, "grand": 5000},
        "customer": {"id": f"c-{name}", "email": f"friend-{name}@example.com"},
        "attribution": {"token": None, "code": code},
    }
    return msgspec.json.encode(
        {"type": "order.snapshot", "timestamp": "2026-11-21T10:00:00Z", "data": data}
    )


def launch(verb: str, environment: dict[str, str], *arguments: str) -> Any:
    done = subprocess.run(
        [*python(LAUNCH), verb, *arguments],
        env=environment,
        capture_output=True,
        timeout=START_SECONDS + SETTLE_SECONDS,
    )
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout)


def killed_under_load(
    environment: dict[str, str], log: Path, kills: int
) -> tuple[dict[str, str], list[Sender]]:
    """Set up a store, send, kill and start again `kills` times; the store and who sent."""
    chance = random.Random(SEED)
    shop = launch("set-up", environment)
    server = Server([*python(LAUNCH), "serve"], environment, log)
    senders = [Sender(number, shop, server.port) for number in range(CONNECTIONS)]
    try:
        server.start()
        for sender in senders:
            sender.start()
        for _ in range(kills):
            wait_for_answers(senders)
            time.sleep(chance.uniform(0.05, 1.0))
            server.kill()
            for sender in senders:
                sender.running.clear()
            server.start()
            for sender in senders:
                sender.running.set()
        wait_for_answers(senders)
        for sender in senders:
            sender.end()
        assert launch("wait", environment, str(SETTLE_SECONDS)) == 0
        assert server.stop() == 0
    finally:
        server.kill()
    return shop, senders


def wait_for_answers(senders: list[Sender]) -> None:
    """Until every sender got a few more answers."""

    def answered() -> list[int]:
        return [len(s.acknowledged) + len(s.clicked) for s in senders]

    before = answered()
    until(lambda: all(n >= b + 3 for n, b in zip(answered(), before, strict=True)))


def losses(shop: dict[str, str], senders: list[Sender], environment: dict[str, str]) -> list[str]:
    """Everything that is not as it was acknowledged, in words."""
    held = launch("look", environment, shop["store"])
    keys = Counter(key for key, _, _ in held["deliveries"])
    found = [f"delivery {key} is there {n} times" for key, n in keys.items() if n != 1]
    found += [
        f"delivery {key} is {state}: {problem}"
        for key, state, problem in held["deliveries"]
        if state != "settled"
    ]
    clicks = Counter(held["clicks"])
    for sender in senders:
        found += [f"acknowledged {key} is lost" for key in sender.acknowledged - keys.keys()]
        found += [f"click {c} is there {clicks[c]} times" for c in sender.clicked if clicks[c] != 1]
    orders = Counter(held["orders"])
    if len(orders) != len(keys) or set(orders.values()) != {1}:
        found.append(f"{len(keys)} deliveries made {orders.total()} orders")
    if held["referrals"] != len(keys):
        found.append(f"{len(keys)} orders made {held['referrals']} referrals")
    return [*found, *held["findings"]]


def test_what_was_acknowledged_survives_sigkill_once(
    program_environment, tmp_path, record_property
):
    shop, senders = killed_under_load(program_environment, tmp_path / "log", KILLS)
    acknowledged = sum(len(s.acknowledged) for s in senders)
    clicked = sum(len(s.clicked) for s in senders)
    # Three answers for each sender before each kill and after the last, at the least.
    assert acknowledged + clicked >= 3 * CONNECTIONS * (KILLS + 1)
    assert min(acknowledged, clicked) > 0
    assert losses(shop, senders, program_environment) == [], f"seed {SEED}"


@pytest.mark.sqlite_only("the planted bug is the same on both databases")
def test_an_answer_before_the_commit_is_caught(program_environment, tmp_path):
    # With twice as many in the air as there are senders, most had their answer: they send the
    # next thing only then. Before the first kill there were three for each.
    environment = {**program_environment, "WORDMOUTH_TEST_HASTY": str(2 * CONNECTIONS)}
    shop, senders = killed_under_load(environment, tmp_path / "log", 2)
    found = losses(shop, senders, environment)
    assert any("is lost" in line or "is there 0 times" in line for line in found), found
