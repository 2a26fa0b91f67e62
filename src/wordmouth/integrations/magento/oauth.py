"""Signatures of calls to Magento: OAuth 1.0a (RFC 5849) with HMAC-SHA256.

An access token alone opens the API only where a switch allows it, which has been off since 2.4.4; a
signature opens it everywhere.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

METHOD = "HMAC-SHA256"
_USUAL_PORTS = {"http": ":80", "https": ":443"}


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What an integration was given when it was activated."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


def authorization(keys: Keys, method: str, url: str, nonce: str, at: datetime) -> str:
    """The header that opens one call: of this method, to this address with its query. A nonce is
    good for one call."""
    told = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": METHOD,
        "oauth_timestamp": str(int(at.timestamp())),
        "oauth_token": keys.access_token,
        "oauth_version": "1.0",
    }
    told["oauth_signature"] = signature(keys, method, url, told)
    return "OAuth " + ", ".join(f'{name}="{escaped(text)}"' for name, text in told.items())


def signature(keys: Keys, method: str, url: str, told: Mapping[str, str]) -> str:
    """The signature of a call, over its query and what the header tells beside the signature."""
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *told.items()]
    normal = "&".join(f"{name}={text}" for name, text in sorted(_escaped_pairs(pairs)))
    host = parts.netloc.lower().removesuffix(_USUAL_PORTS.get(parts.scheme, ""))
    place = f"{parts.scheme}://{host}{parts.path}"
    base = "&".join(escaped(text) for text in (method, place, normal))
    secret = f"{escaped(keys.consumer_secret)}&{escaped(keys.access_token_secret)}"
    return base64.b64encode(hmac.digest(secret.encode(), base.encode(), "sha256")).decode()


def escaped(text: str) -> str:
    """A text in the one way to write it that RFC 5849 allows: a space is %20."""
    return quote(text, safe="")


def _escaped_pairs(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(escaped(name), escaped(text)) for name, text in pairs]
