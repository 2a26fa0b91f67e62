"""The token by which a shop vouches for a customer who is signed in there or has just bought.

`base64url(json).base64url(hmac_sha256(secret, "wm-customer." + base64url(json)))`, both without
padding; the JSON has `email`, `iat` (unix seconds) and, where known, `id`, `first_name`,
`last_name`, `locale`. It lives 24 hours. The secret is the one of the shop's connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from wordmouth.kit.signing import BadSignature, open_token, secret_bytes
from wordmouth.people.snapshot import CustomerSnapshot

PURPOSE = "wm-customer"
LIVES = timedelta(hours=24)
AHEAD = timedelta(minutes=5)
LONGEST = 4000


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    iat: int
    id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = None


def read(token: str, secrets: Iterable[str], now: datetime) -> CustomerSnapshot:
    """The customer that the shop vouches for.

    Raises BadSignature, which says whether the token is changed, malformed or too old.
    """
    if len(token) > LONGEST:
        raise BadSignature("the token is too long")
    payload = _payload(token, secrets)
    try:
        made = datetime.fromtimestamp(payload.iat, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadSignature("iat is no time") from error
    if not -AHEAD <= now - made <= LIVES:
        raise BadSignature("the token is older than 24 hours or from the future")
    return CustomerSnapshot(
        id=payload.id,
        email=payload.email,
        first_name=payload.first_name or "",
        last_name=payload.last_name or "",
        locale=payload.locale or "",
    )


def _payload(token: str, secrets: Iterable[str]) -> _Payload:
    for secret in secrets:
        try:
            raw = open_token(secret_bytes(secret), PURPOSE, token)
        except BadSignature:
            continue
        try:
            return msgspec.json.decode(raw, type=_Payload, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadSignature(f"the token is malformed: {error}") from error
    raise BadSignature("the token was not made with a secret of this store, or was changed")
