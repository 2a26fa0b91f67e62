"""The token a friend carries: store, advocate's code, click and first touch, signed.

The token itself is the evidence, so attribution needs no stored visit.
"""

from __future__ import annotations

from datetime import UTC, datetime

from wordmouth.kit.signing import BadSignature, open_token, sign_token
from wordmouth.stores.vault import derived_key
from wordmouth.visits.facts import Token

PURPOSE = "wm-visit"
LONGEST = 600
"""No token of ours is longer; longer texts are not even looked at."""


def make(token: Token) -> str:
    """The token as text for addresses and cookies."""
    payload = f"{token.store_id}|{token.code}|{token.click}|{int(token.at.timestamp())}"
    return sign_token(derived_key("visits"), PURPOSE, payload.encode())


def open(text: str) -> Token:
    """The token that the text proves. Raises BadSignature."""
    if len(text) > LONGEST:
        raise BadSignature("the token is too long")
    payload = open_token(derived_key("visits"), PURPOSE, text)
    store_id, code, click, at = payload.decode().split("|")
    return Token(store_id=store_id, code=code, click=click, at=datetime.fromtimestamp(int(at), UTC))


def read(text: str, store_id: str) -> Token | None:
    """The token, if the text is a genuine one of this store."""
    if not text:
        return None
    try:
        token = open(text)
    except (BadSignature, ValueError):
        return None
    return token if token.store_id == store_id else None


__all__ = ["Token", "make", "open", "read"]
