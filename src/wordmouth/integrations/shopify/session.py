"""Who asks from one of the app's extensions, in the checkout or in a customer's account.

Shopify hands an extension a session token: a JWT that is signed with the app's client secret
(HS256) and lives five minutes. `dest` is the shop, `aud` the app, and `sub` the customer, where one
is signed in and the app may know customers. The same secret signs tokens for staff; their `sub` is
no customer, and they are refused.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from wordmouth.integrations.accounts import options_of
from wordmouth.integrations.shopify.adapter import OLD_SECRET, SECRET, Options, Shopify
from wordmouth.kit.errors import Invalid
from wordmouth.kit.signing import BadSignature, b64url, unb64url
from wordmouth.stores.facts import ConnectionFacts

SKEW = timedelta(seconds=60)
"""So far may Shopify's clock be from ours."""
LONGEST = 4000
_CUSTOMER = re.compile(r"gid://shopify/Customer/([1-9][0-9]{0,19})")


class _Header(msgspec.Struct, frozen=True):
    alg: str


class _Claims(msgspec.Struct, frozen=True):
    """Times are unix seconds."""

    dest: str
    aud: str
    exp: float
    nbf: float = 0
    iat: float = 0
    sub: str | None = None


def customer(connection: ConnectionFacts, token: str, now: datetime) -> str:
    """The shop's id of the customer for whom an extension of this connection's app asks; empty
    where nobody is signed in. While the client secret is changed, the old one counts as well.

    Raises BadSignature, which says whether the token is malformed, changed, too old, or for another
    shop or app.
    """
    try:
        options = options_of(Options, connection.options, Shopify.name)
    except Invalid as error:
        raise BadSignature("the shop is not connected by an app") from error
    kept = (connection.credentials.get(name, "") for name in (SECRET, OLD_SECRET))
    claims = _claims(token, " ".join(kept).split())
    _check_times(claims, now)
    if claims.aud != options.client_id:
        raise BadSignature("the token is for another app")
    if claims.dest.lower().removeprefix("https://") != urlsplit(options.url).netloc.lower():
        raise BadSignature("the token is for another shop")
    if not claims.sub:
        return ""
    found = _CUSTOMER.fullmatch(claims.sub)
    if found is None:
        raise BadSignature("the token is nobody's who buys here")
    return found[1]


def _claims(token: str, secrets: Iterable[str]) -> _Claims:
    if len(token) > LONGEST or token.count(".") != 2:
        raise BadSignature("the token is missing or malformed")
    text, _, given = token.rpartition(".")
    proof = given.encode("utf-8", "replace")
    if not any(hmac.compare_digest(_mac(text, secret), proof) for secret in secrets):
        raise BadSignature("the token was not signed with the app's client secret")
    head, _, body = text.partition(".")
    try:
        if msgspec.json.decode(unb64url(head), type=_Header).alg != "HS256":
            raise BadSignature("the token is not signed by HS256")
        return msgspec.json.decode(unb64url(body), type=_Claims)
    except (ValueError, msgspec.DecodeError) as error:
        raise BadSignature(f"the token is malformed: {error}") from error


def _check_times(claims: _Claims, now: datetime) -> None:
    seconds, skew = now.timestamp(), SKEW.total_seconds()
    if claims.exp + skew <= seconds:
        raise BadSignature("the token is too old")
    if max(claims.nbf, claims.iat) - skew > seconds:
        raise BadSignature("the token is from the future")


def _mac(text: str, secret: str) -> bytes:
    made = hmac.digest(secret.encode(), text.encode("utf-8", "replace"), "sha256")
    return b64url(made).encode()
