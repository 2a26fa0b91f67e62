"""The sandbox as a process of its own, driven over HTTP as the end-to-end tests do it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import buying
import httpx2
import pytest
from buying import Reply
from receiver import PATIENCE, SECRET, STORE, Receiver


class HttpBrowser:
    """Requests to the shop over the network; fetches the form's token before it posts."""

    def __init__(self, url: str) -> None:
        self._http = httpx2.Client(base_url=url, timeout=PATIENCE)

    def get(self, path: str) -> Reply:
        return self._reply(self._http.get(path))

    def post(self, path: str, fields: dict[str, Any]) -> Reply:
        if "csrftoken" not in self._http.cookies:
            self._http.get("/accounts/login/")
        token = self._http.cookies["csrftoken"]
        return self._reply(self._http.post(path, data={**fields, "csrfmiddlewaretoken": token}))

    def _reply(self, answer: httpx2.Response) -> Reply:
        return Reply(answer.status_code, answer.headers.get("location", ""), answer.text)


@pytest.fixture
def shop(root: Path, tmp_path: Path, receiver: Receiver) -> Iterator[dict[str, Any]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "OSCAR_DB": str(tmp_path / "shop.sqlite3"),
        "WORDMOUTH_URL": receiver.url,
        "WORDMOUTH_STORE_ID": STORE,
        "WORDMOUTH_STORE_SLUG": "sandbox",
        "WORDMOUTH_WEBHOOK_SECRET": SECRET,
    }
    manage = [sys.executable, str(root / "sandbox" / "manage.py")]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*manage, "serve", "--port", str(port)], env=env, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url, process, tmp_path / "log")
        yield {"url": url, "manage": manage, "env": env}
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_until_it_answers(url: str, process: Any, log: Path) -> None:
    until = time.monotonic() + 240
    with httpx2.Client(base_url=url) as http:
        while time.monotonic() < until and process.poll() is None:
            try:
                if http.get("/catalogue/").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.2)
    pytest.fail(f"the shop did not start: {log.read_text()}")


def _wait_for(receiver: Receiver, wanted: Any) -> Any:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = [one for one in receiver.orders() if wanted(one)]
        if found:
            return found[0]
        time.sleep(0.05)
    pytest.fail(f"not told: {receiver.orders()}")


def test_a_purchase_over_http_is_told_by_itself(shop, receiver):
    browser = HttpBrowser(shop["url"])
    assert browser.get("/?wm=tok.en-1").status == 302
    found = re.search(r'href="/catalogue/tea-9_(\d+)/"', browser.get("/catalogue/").text)
    assert found
    buying.add(browser, int(found[1]), 2)
    number = buying.checkout(browser)
    order = _wait_for(receiver, lambda one: one["id"] == number)
    assert order["totals"]["grand"] == 5400
    assert order["attribution"]["token"] == "tok.en-1"

    # Staff works in another process, as a dashboard with several workers would.
    command = [*shop["manage"], "order", number, "--paid", "--status", "Being processed"]
    subprocess.run(command, env=shop["env"], check=True, capture_output=True)
    subprocess.run(
        [*shop["manage"], "wordmouth_flush"], env=shop["env"], check=False, capture_output=True
    )
    assert _wait_for(receiver, lambda one: one["paid_at"])["id"] == number


def test_the_migrations_describe_the_models(root, tmp_path):
    manage = [sys.executable, str(root / "sandbox" / "manage.py")]
    command = [*manage, "makemigrations", "--check", "--dry-run"]
    env = {**os.environ, "OSCAR_DB": str(tmp_path / "shop.sqlite3")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
