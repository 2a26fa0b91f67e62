"""Calls to a service that moves money or makes gift cards, and what their answers mean.

Two things must never be mixed up there: a service that says no (`Denied`: it understood and did
nothing) and a service whose answer is missing or makes no sense (`Silent`: it may have done it).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from wordmouth.kit import clock
from wordmouth.kit.http import AddressRefused, Answer, Http, HttpFailed, retry_after

T = TypeVar("T")

CALL_SECONDS = 10.0
"""How long one call may take."""
LAST_CALL_AFTER = 14.0
"""No call begins later than this after the first, so that a verb ends within 24 seconds."""
MAX_ANSWER_BYTES = 2 * 1024 * 1024
PASSING = frozenset({408, 425, 429})
"""What a service answers when it did not look at the request at all."""


class Silent(Exception):
    """There is no answer that can be relied on: what was asked for may have been done or not.
    `retry_after` in seconds, where the service asked for a pause."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class Denied(Exception):
    """The service understood and did not do it; `body` says why in its own form."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body


def money_http(*, allow_private: bool = False) -> Http:
    """The way out for such services: bounded like every other, with room for long lists."""
    return Http(
        allow_private=allow_private,
        total_seconds=CALL_SECONDS,
        max_answer_bytes=MAX_ANSWER_BYTES,
    )


class Calls:
    """The calls of one verb to one service, which share one stretch of time. `who` names the
    service in words; `base` is its address without a slash at the end."""

    def __init__(self, http: Http, who: str, base: str) -> None:
        self.who = who
        self._http = http
        self._base = base
        self._begun = time.monotonic()

    @property
    def late(self) -> bool:
        """Whether no further call may begin."""
        return time.monotonic() - self._begun > LAST_CALL_AFTER

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Ask for `path`. Raises Silent, Denied."""
        return self._judged(path, None, headers)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body` to `path`. Raises Silent, Denied."""
        return self._judged(path, body, headers)

    def _judged(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self.late:
            raise Silent(f"{self.who} is slow: there was no time left to ask further.")
        url = self._base + path
        try:
            if body is None:
                answer = self._http.get(url, headers)
            else:
                answer = self._http.post(url, body, headers)
        except (AddressRefused, HttpFailed) as error:
            raise Silent(f"{self.who} could not be asked. {error}") from error
        if 200 <= answer.status < 300:
            return answer
        if 400 <= answer.status < 500 and answer.status not in PASSING:
            raise Denied(answer.status, answer.body)
        pause = retry_after(answer, clock.now())
        raise Silent(f"{self.who} answered {answer.status}.", pause)


def decoded(answer: Answer, kind: type[T], who: str) -> T:
    """The answer as `kind`. Raises Silent: an answer of another form proves nothing."""
    found = read(answer.body, kind)
    if found is None:
        raise Silent(f"The answer of {who} is not as agreed.")
    return found


def read(body: bytes, kind: type[T]) -> T | None:
    """A body as `kind`; None where it has another form."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def one_line(text: str, limit: int = 300) -> str:
    """What a service says, short, in one line and without a full stop at its end."""
    return " ".join(text.replace("\0", "").split())[:limit].rstrip(". ")
