"""The stand-in of a shop as a program of its own, and a receiver in the engine's place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
from standardwebhooks import Webhook

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE
from tests.harness.server import Server
from wordmouth.kit import clock
from wordmouth.kit.signing import webhook_headers

NEEDED = {"curl", "pdo_sqlite"}
NO_PHP = "php with curl and pdo_sqlite is not installed here, so the module cannot run"


def _php() -> str | None:
    """A php that can run the stand-in; None where there is none."""
    found = shutil.which("php")
    if found is None:
        return None
    known = subprocess.run([found, "-m"], capture_output=True, text=True, check=False).stdout
    return found if set(known.lower().split()) >= NEEDED else None


PHP = _php()
HERE = Path(__file__).parent
SHOPS = ROOT / "shops" / "prestashop"
MODULE = SHOPS / "wordmouth"
SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
STORE = "str_01test"
FLAVOURS = ("thirtybees", "prestashop8")


@dataclass
class Page:
    """What a visitor was sent."""

    status: int
    text: str
    cookies: dict[str, str]
    """The `Set-Cookie` lines by the cookie's name."""

    def shown(self) -> list[dict[str, Any]]:
        """What each template on the page was given."""
        return [json.loads(line) for line in self.text.splitlines() if line]


class Shop:
    """A shop with the module installed, served by PHP."""

    def __init__(self, folder: Path, flavour: str, **environment: str) -> None:
        assert PHP is not None
        self.folder = folder
        self.environment = {
            **os.environ,
            "SHOP_DB": str(folder / "shop.sqlite3"),
            "SHOP_FLAVOUR": flavour,
            "SHOP_MODULE": str(MODULE),
            # Several processes: two requests at once are really two.
            "PHP_CLI_SERVER_WORKERS": "4",
            **environment,
        }
        # PHP wants host and port as one word, then the program that answers.
        serve = f'exec "{PHP}" -S "127.0.0.1:$1" "{HERE / "shop" / "index.php"}"'
        self._server = Server(
            ["sh", "-c", serve, "php"], self.environment, folder / "shop.log", ready="/"
        )
        self.url = f"http://127.0.0.1:{self._server.port}"
        self._http = httpx2.Client(base_url=self.url, timeout=PATIENCE)

    def start(self) -> None:
        assert self._prepare() is True
        self._server.start()

    def close(self) -> None:
        self._http.close()
        self._server.kill()

    def _prepare(self) -> Any:
        """Make the shop's tables and install the module, before pages are asked for."""
        script = (
            f"require '{HERE}/shop/config/config.inc.php'; require '{HERE}/shop/acts.php';"
            "echo json_encode(ShopActs::open([]));"
        )
        return json.loads(run_php(["-r", script], self.environment))

    def act(self, verb: str, cookies: dict[str, str] | None = None, **asked: Any) -> Any:
        """Have the shop do something, perhaps asked by a browser; what it answers."""
        jar = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        headers = {"cookie": jar} if jar else {}
        answer = self._http.post(f"/act/{verb}", json=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def connect(self, url: str, **more: str) -> None:
        """Enter what the merchant enters; by default the receiver's address."""
        values = {"URL": url, "STORE_ID": STORE, "STORE_SLUG": "tea", "SECRET": SECRET, **more}
        self.act("configure", values={f"WORDMOUTH_{k}": v for k, v in values.items()})

    def sql(self, sql: str) -> Any:
        return self.act("sql", sql=sql)

    def outbox(self) -> list[dict[str, str]]:
        return list(self.sql("SELECT * FROM ps_wordmouth_outbox ORDER BY id_wordmouth_outbox"))

    def ripen(self) -> None:
        """Let the time pass after which what was marked is sent."""
        self.sql("UPDATE ps_wordmouth_outbox SET due_at = 0, leased_until = 0")

    def flush(self) -> dict[str, Any]:
        """Send what waits, as the cron job does."""
        self.ripen()
        return dict(self.act("flush", seconds=20))

    def visit(
        self,
        path: str,
        cookies: dict[str, str] | None = None,
        *,
        https: bool = False,
        **query: Any,
    ) -> Page:
        """A page as a customer is sent it."""
        jar = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        headers = {"cookie": jar} if jar else {}
        if https:
            headers["x-forwarded-proto"] = "https"
        answer = self._http.get(path, params=query, headers=headers)
        lines = answer.headers.get_list("set-cookie")
        return Page(
            answer.status_code, answer.text, {line.partition("=")[0]: line for line in lines}
        )

    def customer(self, email: str = "mari@example.com", **more: Any) -> int:
        return int(self.act("customer", email=email, **more))

    def cart(self, customer: int, quantity: int = 2, currency: int = 1) -> int:
        items = [[1, quantity]]
        return int(self.act("cart", customer=customer, currency=currency, items=items))

    def buy(self, state: str = "CHEQUE", cart: int | None = None, **told: Any) -> int:
        """Place an order for two packets of tea; its number."""
        cart = cart or self.cart(self.customer())
        return int(self.act("order", cart=cart, state=state, told=told))

    def order(self, number: int) -> dict[str, Any]:
        """The order as the module would tell it now."""
        told = self.act("snapshot", kind="order", id=number)
        assert told["type"] == "order.snapshot"
        return dict(told["data"])

    def ask(self, verb: str, data: Any, *, secret: str = SECRET, age: int = 0) -> httpx2.Response:
        """Ask about a coupon as the engine does."""
        content = {"type": verb, "timestamp": "2026-11-21T10:00:00Z", "data": data}
        body = json.dumps(content).encode()
        at = clock.now().fromtimestamp(time.time() - age, tz=clock.now().tzinfo)
        headers = webhook_headers(secret, "msg_1", at, body)
        return self.post("/module/wordmouth/coupons", body, headers)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx2.Response:
        return self._http.post(path, content=body, headers=headers)

    def get(self, path: str) -> httpx2.Response:
        return self._http.get(path)

    def log(self) -> list[str]:
        return [row["message"] for row in self.sql("SELECT message FROM ps_log")]

    def rules(self, code: str) -> list[dict[str, str]]:
        """The cart rules that the shop has with a code."""
        return list(self.sql(f"SELECT * FROM ps_cart_rule WHERE code = '{code}'"))


@dataclass
class Receiver:
    """A real HTTP server in the engine's place: stores what is delivered, answers as told."""

    status: int = 202
    answer: bytes = b'{"delivery":"dlv_1"}'
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    """Bodies of those that were answered 2xx."""
    fate: Callable[[], int] | None = None
    """Says the status of each answer, where it is not always the same."""

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.append((self.path, headers, body))
                status = receiver.fate() if receiver.fate else receiver.status
                if status < 300:
                    receiver.taken.append(body)
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def told(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Bodies in the order of arrival, each checked by the reference implementation."""
        found = []
        for path, headers, body in self.requests:
            assert path == f"/in/{STORE}/prestashop"
            Webhook(SECRET).verify(body, headers)
            content = json.loads(body)
            if kind is None or content["type"] == f"{kind}.snapshot":
                found.append(content["data"])
        return found

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in self.requests]


def run_php(arguments: list[str], environment: dict[str, str]) -> str:
    """What PHP printed; it must succeed."""
    assert PHP is not None
    done = subprocess.run(
        [PHP, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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
