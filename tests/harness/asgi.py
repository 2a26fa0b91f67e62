"""An ASGI application living in a thread of the test, and a small client that calls it directly."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.harness.patience import PATIENCE
from wordmouth.kit.asgi import App

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)


@dataclass
class Answer:
    """What the application answered, and how many parts of the body it took before that."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    taken: int = 0

    def header(self, name: str) -> str:
        """The value of a header that is there exactly once; empty when it is not there."""
        values = [value for key, value in self.headers if key == name]
        assert len(values) <= 1, f"{name} is there {len(values)} times"
        return values[0] if values else ""

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass
class Request:
    """A request; a body of several parts is sent without a length, as HTTP's chunks are."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Sequence[bytes] = b""
    query: bytes = b""

    def scope(self) -> dict[str, Any]:
        headers = [(k.lower().encode(), v.encode("latin-1")) for k, v in self.headers.items()]
        if isinstance(self.body, bytes) and self.body:
            headers.append((b"content-length", str(len(self.body)).encode()))
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query,
            "root_path": "",
            "headers": headers,
            "client": ("192.0.2.1", 50000),
            "server": ("127.0.0.1", 8000),
        }


async def call(app: App, request: Request) -> Answer:
    """Carry one request through the application."""
    body = request.body
    parts = [body] if isinstance(body, bytes) else list(body)
    taken = 0
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        if taken == len(parts):
            return {"type": "http.disconnect"}
        taken += 1
        more = taken < len(parts)
        return {"type": "http.request", "body": parts[taken - 1], "more_body": more}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(request.scope(), receive, send)
    headers = [(k.decode(), v.decode("latin-1")) for k, v in sent[0]["headers"]]
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], headers, content, taken)


class Client:
    """Calls a living application from the test's thread."""

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop

    def request(self, method: str, path: str, **options: Any) -> Answer:
        """One request; options as for `Request`."""
        return self.together([Request(method, path, **options)])[0]

    def together(self, requests: Sequence[Request]) -> list[Answer]:
        """All requests at the same time."""

        async def run() -> list[Answer]:
            return await asyncio.gather(*(call(self._app, request) for request in requests))

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(PATIENCE)

    def begin(self, request: Request) -> Any:
        """A request that goes on while the test does something else; a future of its answer."""
        return asyncio.run_coroutine_threadsafe(call(self._app, request), self._loop)

    def catch_up(self) -> None:
        """Let the application do everything that it can do without waiting for anything."""

        async def rounds() -> None:
            for _ in range(100):
                await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(rounds(), self._loop).result(PATIENCE)


@contextmanager
def living(app: App) -> Iterator[Client]:
    """Start the application as a server would (lifespan), and end it in the same way."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="test-server")
    thread.start()
    life = _Life(app)
    try:
        asyncio.run_coroutine_threadsafe(life.begin(), loop).result(PATIENCE)
        yield Client(app, loop)
        asyncio.run_coroutine_threadsafe(life.end(), loop).result(PATIENCE)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


class _Life:
    """The server's side of ASGI's lifespan."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def begin(self) -> None:
        self._orders: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._answers: asyncio.Queue[Any] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
        life = self._app(scope, self._orders.get, self._answers.put)
        self._task: asyncio.Future[None] = asyncio.ensure_future(life)
        await self._orders.put({"type": "lifespan.startup"})
        answer = await self._answers.get()
        if answer["type"] != "lifespan.startup.complete":
            raise RuntimeError(answer["message"])

    async def end(self) -> None:
        await self._orders.put({"type": "lifespan.shutdown"})
        answer = await self._answers.get()
        assert answer["type"] == "lifespan.shutdown.complete"
        await self._task
