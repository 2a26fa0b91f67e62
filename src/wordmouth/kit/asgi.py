"""The little of HTTP that an address outside the web framework needs, over bare ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterable, MutableMapping
from itertools import cycle
from typing import Any

import msgspec

from wordmouth.kit.errors import WordmouthError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON: Header = (b"content-type", b"application/json")
PROBLEM: Header = (b"content-type", b"application/problem+json")
HTML: Header = (b"content-type", b"text/html; charset=utf-8")


class TooLarge(WordmouthError):
    """The body is longer than this address takes."""

    code, status, title = "too_large", 413, "The body is too large"


class MethodNotAllowed(WordmouthError):
    """The address exists, but not for this method."""

    code, status, title = "method_not_allowed", 405, "This method is not allowed here"


class TryAgain(WordmouthError):
    """Nothing was stored; the same request may succeed in `retry_after` seconds."""

    status = 503

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Overloaded(TryAgain):
    """More comes in than can be stored."""

    code, title = "overloaded", "Too busy at the moment"


class StoreBusy(TryAgain):
    """More comes in for one store than is its share; others are served."""

    code, status, title = "store_busy", 429, "Too much at once for this store"


class Unavailable(TryAgain):
    """The database cannot be written."""

    code, title = "unavailable", "Not available at the moment"


class ClientGone(Exception):
    """Whoever asked hung up before the request was complete."""


class Unfinished:
    """The bodies that have not come whole yet: all together they may have so many bytes.

    Without that, many slow senders of large bodies would fill the memory.
    """

    def __init__(self, most: int) -> None:
        self.left = most

    def hold(self, size: int) -> None:
        """So many more have come. Raises Overloaded."""
        if size > self.left:
            raise Overloaded("Too many large bodies are on their way; send it again.", 1)
        self.left -= size


UNFINISHED = Unfinished(64 * 1024 * 1024)

_PAUSES = cycle((0.5, 1.0, 0.7, 1.4, 0.9, 1.2))


async def pause() -> None:
    """Let whoever is refused wait about a second for being told so.

    Most ask again on the same connection as soon as they are answered. Without a pause the process
    would be busy with refusing, and everybody else would wait behind that.
    """
    await asyncio.sleep(next(_PAUSES))


def headers_of(scope: Scope) -> dict[str, str]:
    """The request's headers by lower-case name; of a repeated one, the first."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def some_headers(scope: Scope, names: Container[bytes]) -> dict[bytes, bytes]:
    """Those of the request's headers that have one of these lower-case names; of a repeated one,
    the first. The server has lowered the names."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in names and name not in found:
            found[name] = value
    return found


def asks_only(scope: Scope) -> bool:
    """Whether the request is GET or HEAD without a query and without a body."""
    return (
        scope["method"] in ("GET", "HEAD")
        and not scope["query_string"]
        and not any(_announces_body(name, value) for name, value in scope["headers"])
    )


def _announces_body(name: bytes, value: bytes) -> bool:
    return name == b"transfer-encoding" or (name == b"content-length" and value != b"0")


def joined_headers(scope: Scope) -> dict[bytes, bytes]:
    """The request's headers by lower-case name; repeated ones as one list, as WSGI has them."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        found[name] = found[name] + b"," + value if name in found else value
    return found


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, at most `limit` bytes.

    Raises TooLarge as soon as it is known to be longer, without reading the rest; Overloaded
    where too many others are on their way, and ClientGone.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value) > limit):
            raise _too_large(limit)
    parts: list[bytes] = []
    length = held = 0
    more = True
    try:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            part = message.get("body", b"")
            length += len(part)
            if length > limit:
                raise _too_large(limit)
            parts.append(part)
            more = message.get("more_body", False)
            if more:
                UNFINISHED.hold(len(part))
                held += len(part)
    finally:
        UNFINISHED.left += held
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body may have at most {limit} bytes ({limit // 1024} kB).")


async def respond(
    send: Send, status: int, headers: Iterable[Header], body: bytes = b"", *, head: bool = False
) -> None:
    """Answer with a whole body; to HEAD with its length alone."""
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, length]},
    )
    await send({"type": "http.response.body", "body": b"" if head else body})


async def respond_json(send: Send, status: int, data: object) -> None:
    """Answer with JSON."""
    await respond(send, status, [JSON], msgspec.json.encode(data))


async def respond_problem(send: Send, error: WordmouthError, allow: str = "") -> None:
    """Answer with an error as a problem document. `allow`: the methods that 405 names."""
    headers = [PROBLEM, (b"cache-control", b"no-store")]
    if isinstance(error, TryAgain):
        # Through its trace it would keep the body for as long as it waits.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        await pause()
        headers.append((b"retry-after", str(error.retry_after).encode()))
    if isinstance(error, TooLarge):
        # What was not read must not be taken for the next request.
        headers.append((b"connection", b"close"))
    if allow:
        headers.append((b"allow", allow.encode()))
    await respond(send, error.status, headers, msgspec.json.encode(error.problem()))
