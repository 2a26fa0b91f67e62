"""Calls to the API of one store's shop, in JSON, and what its answers mean.

An answer is one of three things: what was asked for, a no (`SaidNo`: the shop understood), or
nothing that can be relied on (`Unreachable`: try later). Pages instead of JSON, half answers,
redirects and refused credentials are the third: a shop that is being repaired answers all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.integrations.ports import BROKEN, CLOCK, OK, Finding
from wordmouth.integrations.rest import PASSING, one_line
from wordmouth.kit import clock
from wordmouth.kit.http import AddressRefused, Answer, Http, HttpFailed, retry_after

T = TypeVar("T")

MAX_ANSWER_BYTES = 8 * 1024 * 1024
CLOCKS_APART = timedelta(minutes=2)


class SaidNo(Exception):
    """The shop understood and did not do it: `code` is its own word for why, `words` a sentence."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.code = code
        self.words = words


@contextmanager
def final() -> Iterator[None]:
    """What the shop says no to is so for ever: raises Refused in place of SaidNo."""
    try:
        yield
    except SaidNo as no:
        raise Refused(no.words) from no


class NotLetIn(Unreachable):
    """The shop does not accept the credentials (any more), or not for this."""


class _Problem(msgspec.Struct, frozen=True):
    code: str | int | None = None
    message: str | None = None
    detail: str | None = None
    title: str | None = None


def shop_http(*, allow_private: bool = False) -> Http:
    """The way out to shops: bounded like every other, with room for long lists."""
    return Http(allow_private=allow_private, max_answer_bytes=MAX_ANSWER_BYTES)


class ShopCalls:
    """Calls to one shop. `who` names it in words; `base` is its API's address without a slash at
    the end; `headers` open it."""

    def __init__(self, http: Http, who: str, base: str, headers: Mapping[str, str]) -> None:
        self.who = who
        self._http = http
        self._base = base
        self._headers = {"accept": "application/json", **headers}

    def get(self, path: str, **query: str | int) -> Answer:
        """Ask for what is at `path`. Raises Unreachable, SaidNo."""
        return self.ask("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, document: Any) -> Answer:
        """Send a document. Raises Unreachable, SaidNo."""
        return self.ask("POST", path, document)

    def ask(self, method: str, path: str, document: Any = None) -> Answer:
        """Any method, with a document where one is given. Raises Unreachable, SaidNo."""
        body = None if document is None else msgspec.json.encode(document)
        headers = dict(self._headers)
        if body is not None:
            headers["content-type"] = "application/json"
        try:
            answer = self._http.send(method, self._base + path, body, headers)
        except (AddressRefused, HttpFailed) as error:
            raise Unreachable(f"{self.who} could not be asked. {error}") from error
        if 200 <= answer.status < 300:
            return answer
        raise self._failure(answer)

    def read(self, answer: Answer, kind: type[T]) -> T:
        """An answer as `kind`. Raises Unreachable: a page, or JSON of another form."""
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            what = "is not as agreed" if _is_json(answer) else "is a page and no JSON"
            raise Unreachable(f"The answer of {self.who} {what}.") from error

    def _failure(self, answer: Answer) -> Exception:
        code, words = _explained(answer)
        said = f"{self.who} answered {answer.status}{f': {words}' if words else ''}."
        if answer.status in (401, 403):
            return NotLetIn(said)
        if 400 <= answer.status < 500 and answer.status not in PASSING and _is_json(answer):
            return SaidNo(answer.status, code, said)
        return Unreachable(said, retry_after(answer, clock.now()))


def clock_finding(answer: Answer) -> Finding | None:
    """Whether the shop's clock and ours agree, by the Date of an answer; None where it has none."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    apart = abs(_aware(theirs) - clock.now())
    if apart <= CLOCKS_APART:
        return Finding(name=CLOCK, state=OK, text="The shop's clock and ours agree.")
    minutes = int(apart.total_seconds() // 60)
    return Finding(
        name=CLOCK,
        state=BROKEN,
        text=f"The shop's clock and ours are {minutes} minutes apart.",
        mend="Keep both by NTP: times of orders and of coupons are compared.",
    )


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _is_json(answer: Answer) -> bool:
    return "json" in answer.headers.get("content-type", "")


def _explained(answer: Answer) -> tuple[str, str]:
    """What a shop says about its no: its word for it and a sentence; empty where it says nothing
    that can be read."""
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", ""
    words = problem.message or problem.detail or problem.title or ""
    return str(problem.code or ""), one_line(words)
