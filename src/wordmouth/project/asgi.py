"""The application: the hot doors and health first, everything else to Django.

Django runs as WSGI in a few threads. Its own ASGI handler costs a millisecond a request, which
the doors would pay for.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, cast
from urllib.parse import quote_from_bytes

import structlog
from a2wsgi import WSGIMiddleware

from wordmouth.kit import asgi, plain_pages
from wordmouth.kit.errors import WordmouthError
from wordmouth.kit.seats import Seats
from wordmouth.kit.turns import Full
from wordmouth.project import sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wordmouth.project.settings")
sqlite.prefer_newest()

LARGEST_BODY = 8 * 1024 * 1024
"""For Django's pages and API; deliveries have their own, smaller limit."""

_THREADS = 8
_ROOM = 128
"""For requests that wait for a thread: at most half of it for one store. About a second's work."""
_PLACE_BYTES = 128 * 1024
_PUBLIC = re.compile(r"/s/(?:-/)?([^/]+)")
_STOP_SECONDS = 20
_BUSY_SECONDS = 1


class Failed(WordmouthError):
    """Something broke on our side; it is in the log."""

    code, status, title = "internal_error", 500, "Something went wrong here"


class NotReady(WordmouthError):
    """The process lives and cannot serve."""

    code, status, title = "not_ready", 503, "Not ready"


class Background(Protocol):
    """Work beside the requests, in threads of this process."""

    def start(self) -> None:
        """Begin."""

    def stop(self, timeout: float) -> object:
        """End within so many seconds."""

    def wake(self) -> None:
        """There is something to do."""


class Application:
    """The ASGI application of one process.

    `doors`, `background` and `companion` (something else beside the requests, such as the demo's
    mailbox) are started and stopped with it; `unready` says what is missing before requests can
    be served, and is asked in a thread.
    """

    def __init__(
        self,
        doors: Any,
        django: Callable[..., Any],
        unready: Callable[[], list[str]],
        end_threads: Callable[[ThreadPoolExecutor, int], None],
        background: Background | None = None,
        companion: Background | None = None,
    ) -> None:
        self._doors = doors
        self._django = WSGIMiddleware(django, workers=_THREADS)
        self._seats = Seats(_THREADS, _ROOM)
        self._unready = unready
        self._end_threads = end_threads
        self._beside = [each for each in (background, companion) if each is not None]

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Answer one request, or live through one life of the server."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _http(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        path: str = scope["path"]
        if path.startswith("/r/"):
            door: asgi.App = self._doors.clicks
        elif path.startswith("/in/"):
            door = self._doors.deliveries
        elif path in ("/healthz", "/readyz"):
            door = self._health
        elif path.startswith("/api/v1/codes/") and self._doors.codes.takes(scope):
            door = self._doors.codes
        elif path.startswith("/s/-/") and self._doors.widgets.takes(scope):
            door = self._doors.widgets
        else:
            door = self._page
        try:
            await door(scope, receive, send)
        except Exception as error:
            log = structlog.get_logger("http")
            log.exception("a request failed", path=path, method=scope["method"], error=str(error))
            await asgi.respond_problem(send, Failed("The request was not carried out."))

    async def _page(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Hand over to Django once the body is complete: a slow sender must not hold a thread."""
        try:
            body = await asgi.read_body(scope, receive, LARGEST_BODY)
        except WordmouthError as error:
            await asgi.respond_problem(send, error)
            return
        except asgi.ClientGone:
            return
        if body and not any(name == b"content-length" for name, _ in scope["headers"]):
            # It came in chunks; Django reads no further than a length that it was told.
            scope["headers"] = [*scope["headers"], (b"content-length", b"%d" % len(body))]
        query = scope["query_string"]
        if not query.isascii():
            scope["query_string"] = quote_from_bytes(query, safe=_QUERY_SIGNS).encode()

        async def received() -> asgi.Message:
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            async with self._seats.seat(_owner(scope), 1 + len(body) // _PLACE_BYTES):
                await cast(Any, self._django)(scope, received, send)
        except Full as full:
            await _turn_away(scope, send, asgi.Overloaded if full.whole else asgi.StoreBusy)

    async def _health(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["path"] == "/healthz":
            await asgi.respond_json(send, 200, {"status": "ok"})
            return
        loop = asyncio.get_running_loop()
        missing = await loop.run_in_executor(self._doors.executor, self._unready)
        if not self._doors.writer.alive:
            missing.append("the writer is not running")
        if missing:
            await asgi.respond_problem(send, NotReady("; ".join(missing) + "."))
        else:
            await asgi.respond_json(send, 200, {"status": "ready"})

    async def _lifespan(self, receive: asgi.Receive, send: asgi.Send) -> None:
        await receive()
        try:
            await self._doors.start()
            for each in self._beside:
                each.start()
        except Exception as error:  # noqa: BLE001 - told to the server, which ends the process
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._doors.hang_up()
        await asyncio.get_running_loop().run_in_executor(None, self._stop)
        await send({"type": "lifespan.shutdown.complete"})

    def _stop(self) -> None:
        for each in self._beside:
            each.stop(_STOP_SECONDS)
        self._doors.stop()
        self._end_threads(self._django.executor, _THREADS)


async def _turn_away(scope: asgi.Scope, send: asgi.Send, why: type[asgi.TryAgain]) -> None:
    """Say that there is no room, to a browser by a page."""
    if b"text/html" not in asgi.joined_headers(scope).get(b"accept", b""):
        await asgi.respond_problem(send, why("Nothing was done; send it again.", _BUSY_SECONDS))
        return
    only_asked = scope["method"] in ("GET", "HEAD")
    await plain_pages.respond_busy(send, why.status, _BUSY_SECONDS, again_by_itself=only_asked)


def _owner(scope: asgi.Scope) -> str:
    """Who waits for its own kind: the store of a public page, or the holder of a key."""
    public = _PUBLIC.match(scope["path"])
    if public:
        return public[1]
    return asgi.joined_headers(scope).get(b"authorization", b"").decode("latin-1")


_QUERY_SIGNS = "!#$%&'()*+,/:;=?@[]~-._"


def unready() -> list[str]:
    """What is missing before this process can serve: in words, empty when nothing is."""
    from django.db import Error, close_old_connections

    from wordmouth.project.upgrade import pending

    close_old_connections()
    try:
        waiting = pending()
    except Error as error:
        return [f"the database does not answer ({type(error).__name__})"]
    return [f"{len(waiting)} migrations are to be applied"] if waiting else []


def build(*, worker: bool = True, companion: Background | None = None) -> Application:
    """The application as the server runs it, with the worker's threads unless told otherwise."""
    from django.core.wsgi import get_wsgi_application

    django = get_wsgi_application()
    from wordmouth.project.adapters import ADAPTERS
    from wordmouth.project.doors import Doors, end_threads

    background: Background | None = None
    if worker:
        from wordmouth.project.worker import Worker

        background = Worker()
    doors = Doors(
        {name: adapter.verifier for name, adapter in ADAPTERS.items()},
        wake=background.wake if background else _nobody,
    )
    return Application(doors, django, unready, end_threads, background, companion)


def _nobody() -> None:
    """Without a worker here, the one elsewhere finds the work by itself."""
