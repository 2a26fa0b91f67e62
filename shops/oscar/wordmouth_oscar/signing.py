"""Signatures: Standard Webhooks for what is sent and received, and the customer token.

Both are a few lines of HMAC from the standard library, so that a shop takes on no further package
for them. The tests check them against the reference implementation.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping

SECRET_PREFIX = "whsec_"  # noqa: S105 - the form of a secret, none itself
TOLERANCE_SECONDS = 300


class BadSecret(ValueError):
    """The secret is not ``whsec_`` followed by base64."""


class BadSignature(Exception):
    """The message is not proven to come from the engine, or it is too old or too new."""


def secret_bytes(secret: str) -> bytes:
    """Return the key inside a ``whsec_...`` secret.

    Raises BadSecret if it does not have that form.
    """
    if not secret.startswith(SECRET_PREFIX):
        raise BadSecret(f"a secret starts with {SECRET_PREFIX}")
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret(f"what follows {SECRET_PREFIX} must be base64") from error
    if not key:
        raise BadSecret(f"nothing follows {SECRET_PREFIX}")
    return key


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the ``webhook-signature`` header for one message."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode("ascii")


def signed_headers(key: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three Standard Webhooks headers; timestamp in unix seconds."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, message_id, timestamp, body),
    }


def verify(keys: Iterable[bytes], headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Check the signature over the raw body; any of the keys may have made it.

    Raises BadSignature with the reason if a header is missing, the timestamp is more than
    300 seconds away from ``now`` (unix seconds), or no signature fits.
    """
    message_id = headers.get("webhook-id", "")
    sent_at = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not (message_id and sent_at and given):
        raise BadSignature("webhook-id, webhook-timestamp and webhook-signature are required")
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12):
        raise BadSignature("webhook-timestamp must be unix seconds")
    if abs(now - int(sent_at)) > TOLERANCE_SECONDS:
        raise BadSignature(f"webhook-timestamp is more than {TOLERANCE_SECONDS} seconds away")
    expected = [signature(key, message_id, int(sent_at), body).encode() for key in keys]
    for one in given.split(" "):
        if any(hmac.compare_digest(one.encode(), wanted) for wanted in expected):
            return
    raise BadSignature("no signature fits the message")


def customer_token(key: bytes, claims: Mapping[str, str | int | None]) -> str:
    """Return a token by which the engine knows this shop's customer without a mail.

    ``claims`` holds email, id, first_name, last_name, locale and iat (unix seconds).
    """
    raw = json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode()
    payload = _base64url(raw)
    digest = hmac.new(key, b"wm-customer." + payload.encode("ascii"), hashlib.sha256).digest()
    return f"{payload}.{_base64url(digest)}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
