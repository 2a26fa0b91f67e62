"""Two shapes of the hot doors under load, in turns: bare ASGI with Django through a2wsgi, and bare
WSGI with Django behind it; both on granian with one process, SQLite and durable commits.

    .venv/bin/python bench/doors.py [--rounds 3] [--seconds 5] [--connections 32]

Prints for each kind of request the rate, the server's CPU time for one request (user and system,
whole process group) and the slowest in a hundred. Compare within one run only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36"
)
BODY_BYTES = 3000


# --- the server -----------------------------------------------------------------------------


def serve(shape: str, port: int) -> None:
    """Serve one shape, without the worker."""
    from wordmouth.project import serve as project

    if shape == "asgi":
        project.run("127.0.0.1", port, worker=False)
        return
    project.prepare()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "wordmouth",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=32,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=wsgi_application, wrap_loader=False)


def wsgi_application() -> Any:
    """The doors as WSGI: the same steps as `DeliveryDoor` and `ClickDoor`, in threads."""
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()
    from django.conf import settings

    from wordmouth.inbox import statements
    from wordmouth.kit import clock
    from wordmouth.kit.group_commit import GroupWriter, stored_time
    from wordmouth.kit.ids import new_id
    from wordmouth.project.adapters import ADAPTERS
    from wordmouth.project.doors import durable_database, load_access
    from wordmouth.visits import bots, doors, tokens
    from wordmouth.visits.links import find_link, with_parameter

    writer = GroupWriter(durable_database())
    writer.start()
    kept: dict[Any, tuple[float, Any]] = {}

    def cached(key: Any, load: Callable[[Any], Any]) -> Any:
        found = kept.get(key)
        if found is None or time.monotonic() - found[0] > 1:
            found = kept[key] = (time.monotonic(), load(key))
        return found[1]

    def headers_of(environ: dict[str, Any]) -> dict[str, str]:
        return {k[5:].lower().replace("_", "-"): v for k, v in environ.items() if k[:5] == "HTTP_"}

    def click(environ: dict[str, Any], start: Any) -> list[bytes]:
        headers = headers_of(environ)
        code = doors._code(environ["PATH_INFO"])
        link = cached(code, lambda code: find_link(code, settings.SITE_URL))
        if not bots.is_person(environ["REQUEST_METHOD"], headers):
            start("302 Found", [("location", link.destination)])
            return []
        now, new = clock.now(), new_id("clk")
        channel = doors._channel(environ["QUERY_STRING"].encode())
        visit = (link.store_id, link.advocate_id, new, channel, stored_time("sqlite", now))
        writer.submit(doors._INSERT["sqlite"], visit).result()
        touch = doors._first_touch(link, headers.get("cookie", ""), now)
        token = (
            touch[0]
            if touch
            else tokens.make(
                tokens.Token(store_id=link.store_id, code=link.code, click=new, at=now)
            )
        )
        answer = Headers([("location", with_parameter(link.destination, "wm", token))])
        answer["set-cookie"] = f"{link.cookie}={token}; Path=/; HttpOnly; SameSite=Lax"
        answer["cache-control"] = "no-store"
        start("302 Found", answer.items())
        return []

    def deliver(environ: dict[str, Any], start: Any) -> list[bytes]:
        _, _, store_id, adapter = environ["PATH_INFO"].split("/")
        access = cached((store_id, adapter), load_access)
        body = environ["wsgi.input"].read()
        headers, now = headers_of(environ), clock.now()
        verified = ADAPTERS[adapter].verifier.verify(access.keys, headers, body, now)
        key = statements.delivery_id(store_id, adapter, verified.dedupe)
        row = statements.row("sqlite", store_id, adapter, key, headers, body, now)
        writer.submit(statements.insert("sqlite"), row).result()
        start("202 Accepted", [("content-type", "application/json")])
        return [b'{"delivery":"%s"}' % key.encode()]

    def application(environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        if path.startswith("/r/"):
            return click(environ, start)
        if path.startswith("/in/"):
            return deliver(environ, start)
        if path == "/readyz":
            start("200 OK", [])
            return [b"{}"]
        return django(environ, start)

    return application


# --- the load -------------------------------------------------------------------------------


class Connection(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it is answered."""

    def __init__(self, requests: Iterator[bytes], times: list[float]) -> None:
        self._requests = requests
        self._times = times
        self._buffer = b""
        self._status: dict[bytes, int] = {}
        self.done = asyncio.get_running_loop().create_future()
        self.stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._ask()

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        lowered = head.lower()
        if b"content-length: " in lowered:
            length = int(lowered.split(b"content-length: ")[1].split(b"\r\n")[0])
            if len(rest) < length:
                return
        elif b"transfer-encoding: chunked" in lowered and not rest.endswith(b"0\r\n\r\n"):
            return
        assert head[9:12] in (b"302", b"202", b"200", b"404"), head
        self._times.append(time.perf_counter() - self._began)
        self._buffer = b""
        if self.stopping:
            self._transport.close()
            self.done.set_result(None)
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("closed"))


async def load(
    port: int, requests: Iterator[bytes], connections: int, seconds: float
) -> list[float]:
    """Ask for so many seconds; how long each answer took."""
    times: list[float] = []
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: Connection(requests, times), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.sleep(seconds)
    for connection in opened:
        connection.stopping = True
    await asyncio.gather(*(connection.done for connection in opened))
    return times


def get(path: str) -> Iterator[bytes]:
    """The same GET, again and again."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: {PHONE}\r\n\r\n".encode()
    while True:
        yield request


def deliveries(store_id: str, secret: str) -> Iterator[bytes]:
    """Signed deliveries of 3 kB, each another one."""
    from wordmouth.kit import clock
    from wordmouth.kit.signing import webhook_headers

    body = b'{"type":"order.snapshot","data":{"note":"' + b"x" * (BODY_BYTES - 50) + b'"}}'
    for number in range(sys.maxsize):
        headers = webhook_headers(secret, f"{time.time_ns()}-{number}", clock.now(), body)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        yield (
            f"POST /in/{store_id}/generic HTTP/1.1\r\nHost: x\r\n{lines}"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


# --- the comparison -------------------------------------------------------------------------


def cpu_seconds(group: int) -> float:
    """User and system time of all processes of a group so far."""
    ticks = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def running(shape: str, port: int) -> subprocess.Popen[bytes]:
    """A server of this shape that answers."""
    import urllib.request

    process = subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__, "--serve", shape, "--port", str(port)], start_new_session=True
    )
    for _ in range(600):
        time.sleep(0.1)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).read()
        except OSError:
            continue
        return process
    raise SystemExit(f"{shape} does not answer")


def prepare() -> tuple[str, str, str]:
    """A store with an advocate: its id, its secret, the code."""
    from wordmouth.project.serve import prepare as prepare_database

    prepare_database()
    from wordmouth.advocates import services as advocates
    from wordmouth.people.snapshot import CustomerSnapshot
    from wordmouth.programs import services as programs
    from wordmouth.programs.tests.samples import give_10
    from wordmouth.stores import services as stores
    from wordmouth.stores.transactions import store_write

    made = stores.create_store("Teehaus", shop_url="https://teehaus.example/")
    with store_write(made.store.id):
        programs.apply_document(give_10(), by="bench")
        ana = advocates.enrol(made.store.id, CustomerSnapshot(email="ana@example.com"))
    return made.store.id, made.webhook_secret, ana.code


def measured(
    group: int,
    port: int,
    requests: Callable[[], Iterator[bytes]],
    connections: int,
    seconds: float,
) -> tuple[float, float, float]:
    """Requests a second, CPU microseconds for one, milliseconds of the slowest in a hundred."""
    asyncio.run(load(port, requests(), connections, 0.5))
    before, began = cpu_seconds(group), time.monotonic()
    times = asyncio.run(load(port, requests(), connections, seconds))
    passed, used = time.monotonic() - began, cpu_seconds(group) - before
    slow = statistics.quantiles(times, n=100)[98] * 1000
    return len(times) / passed, used / len(times) * 1e6, slow


def compare(rounds: int, seconds: float, connections: int, port: int) -> None:
    """Both shapes in turns, each kind of request."""
    store_id, secret, code = prepare()
    kinds: dict[str, Callable[[], Iterator[bytes]]] = {
        "click": lambda: get(f"/r/{code}"),
        "delivery": lambda: deliveries(store_id, secret),
        "page": lambda: get("/s/nobody"),
    }
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for _ in range(rounds):
        for shape in ("asgi", "wsgi"):
            server = running(shape, port)
            try:
                for kind, requests in kinds.items():
                    result = measured(server.pid, port, requests, connections, seconds)
                    found.setdefault((kind, shape), []).append(result)
            finally:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait()
    sys.stdout.write(f"{'':22}{'req/s':>9}{'CPU us':>9}{'p99 ms':>9}\n")
    for (kind, shape), results in sorted(found.items()):
        rate, used, slow = (statistics.median(column) for column in zip(*results, strict=True))
        sys.stdout.write(f"{kind:10}{shape:12}{rate:9.0f}{used:9.0f}{slow:9.1f}\n")


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--port", type=int, default=23700)
    parser.add_argument("--serve", choices=["asgi", "wsgi"], help="serve only (used by itself)")
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.port)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORDMOUTH_DATA"] = folder
        os.environ["WORDMOUTH_SECRET"] = os.urandom(20).hex()
        compare(given.rounds, given.seconds, given.connections, given.port)


if __name__ == "__main__":
    main()
