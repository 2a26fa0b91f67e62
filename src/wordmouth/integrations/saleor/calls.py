"""Calls to the GraphQL API of one Saleor, whose no comes with status 200."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.integrations.rest import one_line
from wordmouth.integrations.saleor import wire
from wordmouth.integrations.saleor.questions import KEYS_PATH, PATH
from wordmouth.integrations.shop_calls import NotLetIn, SaidNo, ShopCalls, final
from wordmouth.kit.http import Answer, Http

T = TypeVar("T")

WHO = "Saleor"
NOT_LET_IN = frozenset(
    {"PermissionDenied", "ExpiredSignatureError", "InvalidTokenError", "JSONWebTokenError"}
)
FOR_EVER = frozenset({"GraphQLError", "GraphQLSyntaxError", "QueryCostError", "ValidationError"})
"""What will be answered to the same question always."""
BAD_QUESTION = 400
"""The status of a question that was not carried out at all; why is told as with 200."""
GONE, UNKNOWN = "NOT_FOUND", "Cannot query field"


class _Graph(ShopCalls):
    """Calls to an API that says why in GraphQL's own form."""

    def _failure(self, answer: Answer) -> Exception:
        if answer.status == BAD_QUESTION:
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                told = msgspec.json.decode(answer.body, type=wire.Envelope)
                if told.errors:
                    return _judged(told.errors)
        return super()._failure(answer)


class SaleorCalls:
    """Calls to one Saleor, whose API is at `base` + `/graphql/`; `token` is its app's."""

    def __init__(self, http: Http, base: str, token: str) -> None:
        parts = urlsplit(base)
        self._api = _Graph(http, WHO, base, {"authorization": f"Bearer {token}"})
        # The keys are for everybody: no token goes there.
        self._host = ShopCalls(http, WHO, f"{parts.scheme}://{parts.netloc}", {})

    def ask(self, question: str, kind: type[T], **variables: Any) -> T:
        """The data of an answer. Raises Unreachable, Refused."""
        return self.asked(question, kind, **variables)[0]

    def asked(self, question: str, kind: type[T], **variables: Any) -> tuple[T, Answer]:
        """The data of an answer and the answer itself. Raises Unreachable, Refused."""
        try:
            answer = self._api.post(PATH, {"query": question, "variables": variables})
        except SaidNo as no:
            raise Refused(f"{no.words} Is this the address of {WHO}'s API?") from no
        envelope = self._api.read(answer, wire.Envelope)
        if envelope.errors:
            raise _judged(envelope.errors)
        data = msgspec.structs.replace(answer, body=bytes(envelope.data))
        return self._api.read(data, kind), answer

    def keys(self) -> tuple[wire.Jwk, ...]:
        """The public keys that the shop signs with now. Raises Unreachable, Refused."""
        with final():
            return self._host.read(self._host.get(KEYS_PATH), wire.Jwks).keys


def _judged(errors: tuple[wire.Error, ...]) -> Exception:
    """What the errors of an answer mean. Those of the shop itself, such as a database that is away,
    have as many names as there are: they pass."""
    codes = {
        error.extensions.exception.code or ""
        for error in errors
        if error.extensions and error.extensions.exception
    }
    said = f"{WHO} said: {one_line('; '.join(error.message for error in errors))}."
    if denied := codes & NOT_LET_IN:
        # Elsewhere this is a status of HTTP, and people look for its number.
        return NotLetIn(f"{said} ({', '.join(sorted(denied))}, which is its 401.)")
    if UNKNOWN in said:
        return Refused(f"{said} Is it {WHO} 3.20 or newer?")
    return Refused(said) if codes & FOR_EVER else Unreachable(said)


def no_of(errors: tuple[wire.UserError, ...]) -> SaidNo:
    """Why a change was not made, with the status that says the same elsewhere where nothing was
    there to be changed."""
    words = [f"{each.field}: {each.message}" if each.field else each.message for each in errors]
    said = one_line("; ".join(each or "" for each in words))
    codes = [each.code or "" for each in errors]
    return SaidNo(404 if GONE in codes else 200, "".join(codes[:1]), f"{WHO} said: {said}.")
