"""Calls to PayPal with an access token, which is kept until shortly before it ends."""

from __future__ import annotations

import base64
import threading
from datetime import datetime, timedelta
from typing import Any

import msgspec

from wordmouth.integrations.paypal.wire import Problem, Token
from wordmouth.integrations.rest import Calls, Denied, decoded, one_line, read
from wordmouth.kit import clock
from wordmouth.kit.http import Answer, Http
from wordmouth.kit.signing import fingerprint

WHO = "PayPal"
MARGIN = timedelta(seconds=60)


class PayPalAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Whose calls they are, and where they go."""

    api: str
    client_id: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"PayPalAccount(api={self.api!r}, client_id={self.client_id!r})"


class Tokens:
    """The access tokens of this process, by account; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def find(self, account: PayPalAccount) -> str | None:
        """A token that still opens, if there is one."""
        with self._lock:
            token, until = self._kept.get(_place(account), ("", clock.now()))
        return token if clock.now() < until else None

    def keep(self, account: PayPalAccount, token: Token) -> None:
        """Remember a token until shortly before it ends."""
        until = clock.now() + timedelta(seconds=token.expires_in) - MARGIN
        with self._lock:
            self._kept[_place(account)] = (token.access_token, until)

    def forget(self, account: PayPalAccount) -> None:
        """The token does not open any more."""
        with self._lock:
            self._kept.pop(_place(account), None)


def _place(account: PayPalAccount) -> str:
    return fingerprint("\0".join((account.api, account.client_id, account.secret)))


class Session:
    """The calls of one verb. Each may raise Silent or Denied."""

    def __init__(self, http: Http, tokens: Tokens, account: PayPalAccount) -> None:
        self._tokens = tokens
        self._account = account
        self._calls = Calls(http, WHO, account.api)

    def get(self, path: str) -> Answer:
        """Ask for `path`."""
        return self._call(path, None)

    def post(self, path: str, document: Any) -> Answer:
        """Send a document to `path`."""
        return self._call(path, msgspec.json.encode(document))

    def _call(self, path: str, body: bytes | None) -> Answer:
        try:
            return self._once(path, body, self.token())
        except Denied as denied:
            if denied.status != 401:
                raise
        # The token was withdrawn or ended early; with a 401 nothing was done.
        self._tokens.forget(self._account)
        return self._once(path, body, self.token())

    def _once(self, path: str, body: bytes | None, token: str) -> Answer:
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        if body is None:
            return self._calls.get(path, headers)
        return self._calls.post(path, body, {**headers, "content-type": "application/json"})

    def token(self) -> str:
        """A token that opens. Raises Silent; Denied where the credentials are not accepted."""
        known = self._tokens.find(self._account)
        if known is not None:
            return known
        pair = f"{self._account.client_id}:{self._account.secret}"
        headers = {
            "authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
        }
        answer = self._calls.post("/v1/oauth2/token", b"grant_type=client_credentials", headers)
        token = decoded(answer, Token, WHO)
        self._tokens.keep(self._account, token)
        return token.access_token


def words_of(denied: Denied) -> str:
    """Why PayPal refused, in one line."""
    problem = read(denied.body, Problem)
    return one_line(problem.words() if problem else "") or str(denied.status)
