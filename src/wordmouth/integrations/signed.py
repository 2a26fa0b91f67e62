"""Requests of ours that the other side can prove: JSON by POST, signed by Standard Webhooks.

The other side answers in JSON, and says no with a problem document (RFC 9457).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import Unreachable
from wordmouth.kit import clock
from wordmouth.kit.http import AddressRefused, Answer, Http, HttpFailed, retry_after
from wordmouth.kit.signing import webhook_headers

LONGEST_WORDS = 300


class _Problem(msgspec.Struct, frozen=True):
    detail: str | None = None
    title: str | None = None


class Sender:
    """Sends to one address with one secret; `who` names the other side in words."""

    def __init__(self, http: Http, who: str, url: str, secret: str) -> None:
        self.who = who
        self._http = http
        self._url = url
        self._secret = secret

    def ask(self, kind: str, data: dict[str, Any], key: str) -> Answer:
        """Send `{"type": kind, "timestamp", "data"}` under the id `key`. Raises Unreachable."""
        now = clock.now()
        body = msgspec.json.encode({"type": kind, "timestamp": now, "data": data})
        headers = {
            "content-type": "application/json",
            "accept": "application/json, application/problem+json",
            **webhook_headers(self._secret, key, now, body),
        }
        try:
            return self._http.post(self._url, body, headers)
        except (AddressRefused, HttpFailed) as error:
            raise Unreachable(f"{self.who} could not be asked. {error}") from error

    def words(self, answer: Answer) -> str:
        """What an answer says that is not as wished for, in one sentence."""
        return f"{self.who} answered {answer.status}{_detail(answer)}."

    def unreachable(self, answer: Answer, now: datetime | None = None) -> Unreachable:
        """The answer as a reason to try again later."""
        return Unreachable(self.words(answer), retry_after(answer, now or clock.now()))


def is_json(answer: Answer) -> bool:
    """Whether the other side speaks itself: an unknown address answers 404 as well, with a page."""
    return "json" in answer.headers.get("content-type", "")


def _detail(answer: Answer) -> str:
    """What the other side says about it, short and in one line."""
    if not is_json(answer):
        return ""
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    text = problem.detail or problem.title or ""
    words = " ".join(text.replace("\0", "").split())[:LONGEST_WORDS]
    return f": {words.rstrip('.')}" if words else ""
