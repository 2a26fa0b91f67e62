"""Calls to the API of one BigCommerce shop, with the two things that are its own: how it says no,
and how much may be asked."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from wordmouth.fulfilment.ports import Unreachable
from wordmouth.integrations.rest import one_line
from wordmouth.integrations.shop_calls import SaidNo, ShopCalls
from wordmouth.kit.http import Answer, Http

T = TypeVar("T")

WHO = "BigCommerce"
LEFT, RESET = "x-rate-limit-requests-left", "x-rate-limit-time-reset-ms"
RESERVE = 5
"""So many calls of the present half minute are left to whoever else asks with this account."""


class _V2Problem(msgspec.Struct, frozen=True):
    message: str = ""


class BigCalls(ShopCalls):
    """See `integrations.shop_calls.ShopCalls`. Nothing more is asked in this half minute when
    BigCommerce said that hardly anything may be."""

    def __init__(self, http: Http, base: str, token: str) -> None:
        super().__init__(http, WHO, base, {"x-auth-token": token})
        self._pause: float | None = None

    def ask(self, method: str, path: str, document: Any = None) -> Answer:
        """Any method, with a document where one is given. Raises Unreachable, SaidNo."""
        if self._pause is not None:
            pause, self._pause = self._pause, None
            raise Unreachable(f"{self.who} lets us ask no more at present.", pause)
        answer = super().ask(method, path, document)
        left = answer.headers.get(LEFT, "")
        if left.isdecimal() and int(left[:9]) < RESERVE:
            self._pause = _seconds(answer) or 0.0
        return answer

    def listed(self, answer: Answer, kind: type[T]) -> list[T]:
        """A list of v2, which has no body where there is nothing in it (204)."""
        return [] if answer.status == 204 else self.read(answer, list[kind])  # type: ignore[valid-type]

    def _failure(self, answer: Answer) -> Exception:
        """v2 writes what is wrong as a list, and says in a header of its own when to return."""
        error = super()._failure(answer)
        if isinstance(error, SaidNo) and (words := _v2_words(answer)):
            return SaidNo(error.status, error.code, f"{WHO} answered {answer.status}: {words}.")
        if answer.status == 429 and isinstance(error, Unreachable) and error.retry_after is None:
            return Unreachable(str(error), _seconds(answer))
        return error


def _seconds(answer: Answer) -> float | None:
    """How long the present half minute lasts."""
    told = answer.headers.get(RESET, "")
    return int(told[:9]) / 1000 if told.isdecimal() else None


def _v2_words(answer: Answer) -> str:
    try:
        problems = msgspec.json.decode(answer.body, type=list[_V2Problem])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return one_line(" ".join(problem.message for problem in problems))
