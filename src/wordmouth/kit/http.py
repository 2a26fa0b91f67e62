"""HTTP to addresses that somebody else chose: bounded in time and size, public hosts only.

The host is resolved once per connection, every address it has is checked, and the connection
goes to an address that was checked: a name that resolves differently a moment later (rebinding)
gains nothing. Redirects are not followed. Content codings are not accepted, so that a small
answer cannot unfold into a large one.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore2
import msgspec

from wordmouth.kit.addresses import is_public

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
MAX_ANSWER_BYTES = 64 * 1024
PUBLIC_PORTS = frozenset({443, 8443})

Resolver = Callable[[str, int], list[str]]


class AddressRefused(Exception):
    """The address is none that may be called; the text says why."""


class HttpFailed(Exception):
    """There was no complete answer: no connection, too slow, too long, or not HTTP."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A complete answer; header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, in the system's order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds from a Retry-After header: a number of seconds or a date (RFC 9110 10.2.3)."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        date = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max((date - now).total_seconds(), 0.0)


@cache
def _trust() -> ssl.SSLContext:
    """Whom to believe who they are. Reading the system's list takes its time: at the first call."""
    return ssl.create_default_context()


class Http:
    """Calls out. One object serves all threads.

    `allow_private` lifts the restriction to https, usual ports and public addresses: for shops
    on the operator's own machine or network. `max_answer_bytes` bounds what is read.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolver: Resolver = resolve,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._allow_private = allow_private
        self._max_answer_bytes = max_answer_bytes
        self._resolver = resolver
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds

    def check(self, url: str) -> SplitResult:
        """The parts of an address that may be called. Raises AddressRefused; asks no resolver."""
        return _checked(url, self._allow_private)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body and give back the answer, whatever its status.

        Raises AddressRefused or HttpFailed; takes at most the total time plus what the
        system's resolver takes.
        """
        return self._ask("POST", url, body, {"content-length": str(len(body)), **headers})

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Ask for what is there and give back the answer, whatever its status; as `post`."""
        return self._ask("GET", url, None, headers)

    def send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Any other method, such as PUT or DELETE; as `post`."""
        length = {} if body is None else {"content-length": str(len(body))}
        return self._ask(method, url, body, {**length, **headers})

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = self.check(url)
        backend = _GuardedBackend(
            None if self._allow_private else is_public,
            self._resolver,
            self._connect_seconds,
            time.monotonic() + self._total_seconds,
        )
        lines = {
            "host": parts.netloc,
            "user-agent": "Wordmouth",
            "accept-encoding": "identity",
            "connection": "close",
            **headers,
        }
        try:
            with (
                httpcore2.ConnectionPool(
                    ssl_context=_trust(), network_backend=backend, max_connections=1
                ) as pool,
                pool.stream(method, url, headers=list(lines.items()), content=body) as response,
            ):
                return _read(response, self._max_answer_bytes)
        except (httpcore2.TimeoutException, httpcore2.NetworkError) as error:
            raise HttpFailed(_reason(error)) from error
        except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, ValueError) as error:
            raise HttpFailed("The answer is not HTTP.") from error


def _checked(url: str, allow_private: bool) -> SplitResult:
    if not url.isascii() or any(ord(sign) <= 32 or sign in "\\\x7f" for sign in url):
        raise AddressRefused(
            "An address takes plain ASCII without spaces, backslashes or control characters; "
            "write other hosts in their xn-- form."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(f"The address is malformed: {error}") from error
    allowed = ("https", "http") if allow_private else ("https",)
    if parts.scheme not in allowed:
        raise AddressRefused(f"An address begins with {' or '.join(f'{s}://' for s in allowed)}.")
    if not parts.hostname:
        raise AddressRefused("The address names no host.")
    if "@" in parts.netloc:
        raise AddressRefused("An address must not carry a user name or password.")
    if not allow_private and (port or 443) not in PUBLIC_PORTS:
        ports = ", ".join(map(str, sorted(PUBLIC_PORTS)))
        raise AddressRefused(f"Port {port} is not allowed; allowed are {ports}.")
    return parts


def _read(response: httpcore2.Response, limit: int) -> Answer:
    body = bytearray()
    for part in response.iter_stream():
        body += part
        if len(body) > limit:
            raise HttpFailed(f"The answer is longer than {limit} bytes.")
    headers = {
        name.decode("ascii", "replace").lower(): value.decode("latin-1")
        for name, value in response.headers
    }
    return Answer(status=response.status, headers=headers, body=bytes(body))


def _reason(error: Exception) -> str:
    words = str(error) or type(error).__name__
    if isinstance(error, httpcore2.ConnectTimeout | httpcore2.ConnectError):
        return f"No connection: {words}."
    if isinstance(error, httpcore2.TimeoutException):
        return "No complete answer in time."
    return f"The connection broke: {words}."


class _GuardedBackend(httpcore2.NetworkBackend):
    """Connects to checked addresses only and ends every wait at one deadline."""

    def __init__(
        self,
        allowed: Callable[[str], bool] | None,
        resolver: Resolver,
        connect_seconds: float,
        deadline: float,
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._connect_seconds = connect_seconds
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of the host that answers, all of them being allowed."""
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            seconds = min(self._connect_seconds, _left(self._deadline, httpcore2.ConnectTimeout))
            try:
                stream = self._sockets.connect_tcp(
                    address, port, seconds, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
                continue
            return _BoundedStream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} cannot be resolved") from error
        if self._allowed is not None:
            for address in addresses:
                if not self._allowed(address):
                    raise AddressRefused(f"{host} is at {address}, which is not a public address.")
        return addresses


def _left(deadline: float, late: type[Exception]) -> float:
    """Seconds until the deadline; raises `late` when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise late("out of time")
    return seconds


class _BoundedStream(httpcore2.NetworkStream):
    """A connection on which no wait outlasts the deadline, however slowly bytes drip in."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = _left(self._deadline, httpcore2.ConnectTimeout)
        secure = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _BoundedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
