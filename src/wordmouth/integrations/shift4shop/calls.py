"""Calls to the API of one Shift4Shop shop, and how it lists and says no."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from wordmouth.integrations.rest import one_line
from wordmouth.integrations.shop_calls import SaidNo, ShopCalls
from wordmouth.kit.http import Answer, Http

T = TypeVar("T")

WHO = "Shift4Shop"
USUAL = "https://apirest.3dcart.com"
PATH = "/3dCartWebAPI/v1"
PER_PAGE = 100


class _Problem(msgspec.Struct, frozen=True, rename="pascal"):
    message: str = ""


class S4SCalls(ShopCalls):
    """See `integrations.shop_calls.ShopCalls`. `shop_url` says which shop is meant."""

    def __init__(self, http: Http, base: str, shop_url: str, key: str, token: str) -> None:
        headers = {"SecureURL": shop_url.rstrip("/"), "PrivateKey": key, "Token": token}
        super().__init__(http, WHO, base, headers)

    def listed(self, path: str, kind: type[T], **query: str | int) -> list[T]:
        """A list; where there is nothing in it, Shift4Shop answers 404. Raises Unreachable,
        SaidNo."""
        try:
            answer = self.get(path, **query)
        except SaidNo as no:
            if no.status == 404:
                return []
            raise
        return self.read(answer, list[kind])  # type: ignore[valid-type]

    def _failure(self, answer: Answer) -> Exception:
        """What is wrong is written as a list."""
        error = super()._failure(answer)
        if isinstance(error, SaidNo) and (words := _words(answer)):
            return SaidNo(error.status, error.code, f"{WHO} answered {answer.status}: {words}.")
        return error


def _words(answer: Answer) -> str:
    try:
        problems = msgspec.json.decode(answer.body, type=list[_Problem])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return one_line(" ".join(problem.message for problem in problems))
