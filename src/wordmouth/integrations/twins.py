"""What the fake twins of services share: a real HTTP server on 127.0.0.1 with faults on order.

For tests and simulations only. A twin is a class with `done`, which carries a request out; the
faults happen before it or after it. `late` is the nastiest: the caller hears nothing, and the
request is carried out only after others that were sent later.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

FAULTS = (
    "lost_reply",  # done, and then the connection breaks
    "html_after",  # done, and then a page instead of JSON
    "truncated",  # done, and then half an answer
    "502_after",  # done, and then the proxy in front gives up
    "late",  # the connection breaks; done only after the next two requests
    "reset",  # the connection breaks before anything is done
    "500",
    "503",
    "429",  # with Retry-After in seconds
    "html",  # a maintenance page with status 200
    "garbage",  # JSON of another shape
    "redirect",
)
AFTER = frozenset({"lost_reply", "html_after", "truncated", "502_after"})
"""The faults that happen after the request was carried out."""
LATE_BY = 2

PAGE = b"<!doctype html><title>Service</title><h1>We will be back shortly</h1>"
RETRY_SECONDS = 45


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked; header names are lower-case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {k: v[0] for k, v in parse_qs(self.body.decode()).items()}

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = msgspec.field(default_factory=dict)


def reply(status: int, document: Any, **headers: str) -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=json.dumps(document).encode(), headers=headers)


_FAULTY = {
    "500": Reply(status=500, body=PAGE, kind="text/html"),
    "502_after": Reply(status=502, body=PAGE, kind="text/html"),
    "503": Reply(status=503, body=b"{}"),
    "429": Reply(status=429, body=b"{}", headers={"Retry-After": str(RETRY_SECONDS)}),
    "429_plain": Reply(status=429, body=b"{}"),
    "html": Reply(status=200, body=PAGE, kind="text/html; charset=utf-8"),
    "html_after": Reply(status=200, body=PAGE, kind="text/html; charset=utf-8"),
    "garbage": Reply(status=200, body=b'{"state": ["active"], "code": 7}'),
    "redirect": Reply(status=302, body=b"", headers={"Location": "http://127.0.0.1:9/else"}),
}


class Twin:
    """A fake service. `faults` says, request by request, what goes wrong (None: nothing);
    `seen` lists what was asked. Its requests are carried out one after the other."""

    spared: ClassVar[frozenset[str]] = frozenset()
    """Paths that faults leave alone."""

    def __init__(self) -> None:
        self.faults: deque[str | None] = deque()
        self.seen: list[Request] = []
        self.url = ""
        self._late: list[tuple[int, Request]] = []
        self._lock = threading.Lock()

    def done(self, request: Request) -> Reply:
        """Carry a request out."""
        raise NotImplementedError

    def answer(self, request: Request) -> Reply | str:
        """What the service says: a reply, or the name of a fault of the connection."""
        with self._lock:
            self.seen.append(request)
            outcome = self._outcome(request)
            self._catch_up(len(self.seen))
            return outcome

    def _outcome(self, request: Request) -> Reply | str:
        spared = request.path in self.spared
        fault = self.faults.popleft() if self.faults and not spared else None
        if fault is None:
            return self.done(request)
        if fault == "late":
            self._late.append((len(self.seen) + LATE_BY, request))
            return "reset"
        if fault in AFTER:
            self.done(request)
        return _FAULTY.get(fault, fault)

    def _catch_up(self, count: int) -> None:
        due = [request for after, request in self._late if count >= after]
        self._late = [entry for entry in self._late if count < entry[0]]
        for request in due:
            self.done(request)

    def settle(self) -> None:
        """Carry out whatever is still on its way, and let nothing more go wrong."""
        with self._lock:
            self.faults.clear()
            self._catch_up(10**9)


class Answering(Protocol):
    """Whoever stands behind a server."""

    def answer(self, request: Request) -> Reply | str:
        """A reply, or the name of a fault of the connection: `truncated` and `endless` begin an
        answer; with any other the connection just ends."""
        ...


class _Server(ThreadingHTTPServer):
    """A server that knows who answers."""

    daemon_threads = True

    def __init__(self, behind: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: _Server

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])))

    def do_GET(self) -> None:
        self._answer(b"")

    def do_PUT(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])))

    def do_DELETE(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", "0"))))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query={name: given[0] for name, given in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        outcome = self.server.behind.answer(request)
        self.close_connection = True
        with suppress(OSError):
            if isinstance(outcome, Reply):
                self._send(outcome, {"Content-Length": str(len(outcome.body))})
            elif outcome == "truncated":
                self._send(_BEGUN, {"Content-Length": "4096"})
            elif outcome == "endless":
                self._send(_BEGUN, {})
                while True:
                    self.wfile.write(b" " * 4096)

    def _send(self, outcome: Reply, length: dict[str, str]) -> None:
        self.send_response(outcome.status)
        for name, value in {**outcome.headers, "Content-Type": outcome.kind, **length}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(outcome.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


_BEGUN = Reply(status=200, body=b'{"id": "half of it')


@contextmanager
def serving(behind: Answering) -> Iterator[str]:
    """Serve on a port of 127.0.0.1; gives the address, without a slash at its end."""
    server = _Server(behind)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


AnyTwin = TypeVar("AnyTwin", bound=Twin)


@contextmanager
def running(twin: AnyTwin) -> Iterator[AnyTwin]:
    """Serve `twin`; its address is in `twin.url`."""
    with serving(twin) as url:
        twin.url = url
        yield twin
