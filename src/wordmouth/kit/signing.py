"""Signatures: HMAC-SHA256 in the two forms this product uses.

* Standard Webhooks (specification 1.0.0): `v1,base64(hmac(id.timestamp.body))`.
* Tokens: `base64url(payload).base64url(hmac(purpose.payload))`, for things we hand out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from wordmouth.kit import entropy

TOLERANCE_SECONDS = 300
_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")
SECRET_PREFIX = "whsec_"  # noqa: S105 - the public part of every secret


class BadSignature(Exception):
    """The signature is missing, malformed, stale or not ours; the text says which."""


def new_secret() -> str:
    """A new webhook secret in the form `whsec_<base64 of 32 bytes>`."""
    return SECRET_PREFIX + base64.b64encode(entropy.random_bytes(32)).decode()


def secret_bytes(secret: str) -> bytes:
    """The key bytes of a `whsec_` secret. Raises ValueError when it is malformed."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def b64url(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    text = binascii.b2a_base64(data, newline=False)
    return text.rstrip(b"=").translate(_FOR_ADDRESSES).decode()


def unb64url(text: str) -> bytes:
    """The bytes of `b64url`. Raises ValueError on any other text."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def sign_webhook(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of a body."""
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def webhook_headers(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three Standard Webhooks headers for an outgoing body."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign_webhook(secret_bytes(secret), message_id, timestamp, body),
    }


def verify_webhook(
    keys: Iterable[bytes], headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """Check a signed body against every live key and give back its `webhook-id`.

    `headers` has lower-case names. Raises BadSignature; 299 s old passes, 301 s does not.
    """
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not (message_id and stamp and given):
        raise BadSignature("webhook-id, webhook-timestamp or webhook-signature is missing")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise BadSignature("webhook-timestamp is not a number of seconds")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise BadSignature(f"webhook-timestamp is more than {TOLERANCE_SECONDS} s off")
    candidates = given.split()
    for key in keys:
        expected = sign_webhook(key, message_id, int(stamp), body)
        if any(_equal(expected, candidate) for candidate in candidates):
            return message_id
    raise BadSignature("no signature matches a secret of this store")


def _equal(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def sign_token(key: bytes, purpose: str, payload: bytes) -> str:
    """A token that carries `payload` in the open and proves that we made it for `purpose`."""
    text = b64url(payload)
    return f"{text}.{_token_mac(key, purpose, text)}"


def open_token(key: bytes, purpose: str, token: str) -> bytes:
    """The payload of a token. Raises BadSignature."""
    text, dot, mac = token.partition(".")
    if not dot or not _equal(_token_mac(key, purpose, text), mac):
        raise BadSignature("the token was not made here or was changed")
    try:
        return unb64url(text)
    except (ValueError, binascii.Error) as error:
        raise BadSignature("the token is malformed") from error


def _token_mac(key: bytes, purpose: str, text: str) -> str:
    mac = _begun(key).copy()
    mac.update(f"{purpose}.{text}".encode("utf-8", "replace"))
    return b64url(mac.digest())


@lru_cache(maxsize=64)
def _begun(key: bytes) -> hmac.HMAC:
    """What depends on the key alone: to begin costs more than to go on with a short text."""
    return hmac.new(key, digestmod="sha256")


def fingerprint(secret: str) -> str:
    """The hash under which a secret (an API key) is kept: SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
