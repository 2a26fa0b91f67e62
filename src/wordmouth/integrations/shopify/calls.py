"""Calls to the GraphQL Admin API of one shop.

Its no comes with status 200. What opens it is a token that the app gets for its client id and
secret; it lasts a day, and a new one is got when it is needed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.integrations.rest import PASSING, one_line
from wordmouth.integrations.shop_calls import NotLetIn, SaidNo, ShopCalls
from wordmouth.integrations.shopify import answers
from wordmouth.integrations.shopify.questions import PATH, TOKEN_PATH
from wordmouth.kit import clock
from wordmouth.kit.http import AddressRefused, Answer, Http, HttpFailed, retry_after

T = TypeVar("T")

WHO = "Shopify"
EARLIER = timedelta(minutes=5)
"""A token is left alone so long before it runs out."""
NOTHING = b"null"
FORM = "application/x-www-form-urlencoded"
_WHY = re.compile(rb"(?:Oauth error |\"error\": ?\")([a-z_]{1,60})")
FROZEN = frozenset({402, 423})
"""What is answered for a shop that has not paid Shopify, or that Shopify has locked."""
MOST_TOKENS = 10_000


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int = 86399


class Tokens:
    """What opens the shops, by address and credentials, for as long as it does. For all threads."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._known: dict[tuple[str, str, str], tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def get(self, base: str, client_id: str, secret: str) -> str:
        """The token. Raises NotLetIn, Unreachable."""
        key = (base, client_id, secret)
        with self._lock:
            token, ends = self._known.get(key, ("", clock.now()))
        if clock.now() < ends - EARLIER:
            return token
        made = self._ask(base, client_id, secret)
        with self._lock:
            if len(self._known) >= MOST_TOKENS:
                self._known.clear()
            ends = clock.now() + timedelta(seconds=made.expires_in)
            self._known[key] = (made.access_token, ends)
        return made.access_token

    def forget(self, base: str, client_id: str, secret: str) -> None:
        """The token does not open the shop any more."""
        with self._lock:
            self._known.pop((base, client_id, secret), None)

    def _ask(self, base: str, client_id: str, secret: str) -> _Token:
        form = urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": secret,
            }
        )
        headers = {"accept": "application/json", "content-type": FORM}
        try:
            answer = self._http.post(base + TOKEN_PATH, form.encode(), headers)
        except (AddressRefused, HttpFailed) as error:
            raise Unreachable(f"{WHO} could not be asked. {error}") from error
        if 200 <= answer.status < 300:
            return ShopCalls(self._http, WHO, base, {}).read(answer, _Token)
        # Why is told in a page: `Oauth error app_not_installed: ...`.
        found = _WHY.search(answer.body)
        why = f" ({found[1].decode()})" if found else ""
        words = f"{WHO} answered {answer.status} when a token was asked for{why}."
        if 400 <= answer.status < 500 and answer.status not in PASSING:
            raise NotLetIn(words)
        raise Unreachable(words, retry_after(answer, clock.now()))


class ShopifyCalls:
    """Calls to one shop at `base`, such as `https://tea.myshopify.com`."""

    def __init__(
        self, http: Http, tokens: Tokens, base: str, client_id: str, secrets: Sequence[str]
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._opens = (base, client_id, secrets[0])
        self._base = base

    def ask(self, question: str, kind: type[T], **variables: Any) -> T:
        """The data of an answer. Raises Unreachable, Refused."""
        return self.asked(question, kind, **variables)[0]

    def asked(self, question: str, kind: type[T], **variables: Any) -> tuple[T, Answer]:
        """The data of an answer and the answer itself. Raises Unreachable, Refused."""
        document = {"query": question, "variables": variables}
        try:
            answer = self._sent(document)
        except NotLetIn:
            # A token may end before its time; a new one tells whether the app is let in.
            self._tokens.forget(*self._opens)
            answer = self._sent(document)
        envelope = self._read(answer, answers.Envelope)
        if envelope.errors:
            self._judge(envelope)
        data = msgspec.structs.replace(answer, body=bytes(envelope.data))
        return self._read(data, kind), answer

    def _sent(self, document: dict[str, Any]) -> Answer:
        shop = self._shop(self._tokens.get(*self._opens))
        try:
            return shop.post(PATH, document)
        except SaidNo as no:
            if no.status in FROZEN:
                raise Unreachable(f"{no.words} The shop is paused or locked at {WHO}.") from no
            raise Refused(f"{no.words} Is this the shop's own address at {WHO}?") from no

    def _shop(self, token: str) -> ShopCalls:
        return ShopCalls(self._http, WHO, self._base, {"x-shopify-access-token": token})

    def _read(self, answer: Answer, kind: type[T]) -> T:
        return self._shop("").read(answer, kind)

    def _judge(self, envelope: answers.Envelope) -> None:
        """What the errors of an answer mean; nothing where they only say that parts of it are
        withheld: protected customer data is null then."""
        errors = envelope.errors or ()
        if isinstance(errors, str):
            raise Unreachable(f"{WHO} said: {one_line(errors)}.")
        words = f"{WHO} said: {one_line('; '.join(error.message for error in errors))}."
        codes = {error.extensions.code if error.extensions else None for error in errors}
        if "THROTTLED" in codes:
            raise Unreachable(words, _pause(envelope))
        if codes == {"ACCESS_DENIED"}:
            if bytes(envelope.data) != NOTHING and all(
                len(error.path or ()) > 1 for error in errors
            ):
                return
            raise NotLetIn(words)
        if codes & {"INTERNAL_SERVER_ERROR", "TIMEOUT", "SHOP_INACTIVE"}:
            raise Unreachable(words)
        raise Refused(words)


def _pause(envelope: answers.Envelope) -> float | None:
    """Seconds until there are points enough for the question; None where it is not said."""
    cost = envelope.extensions.cost if envelope.extensions else None
    if cost is None or cost.throttle_status is None or cost.throttle_status.restore_rate <= 0:
        return None
    missing = cost.requested_query_cost - cost.throttle_status.currently_available
    return max(missing / cost.throttle_status.restore_rate, 1.0)


def words_of(errors: tuple[answers.UserError, ...]) -> str:
    """Why a mutation did nothing, in a sentence."""
    return f"{WHO} said: {one_line('; '.join(error.message for error in errors))}."
