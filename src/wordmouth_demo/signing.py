"""Signatures of the generic format: Standard Webhooks both ways, and the customer token.

The receiver's own time check of the `standardwebhooks` library reads the wall clock; the demo has
a clock that can be moved, so times are checked here against the time the caller gives.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks.webhooks import Webhook

TOLERANCE = timedelta(seconds=300)


class BadSignature(Exception):
    """The message was not signed with the shared secret, or not within the last 300 seconds."""


def sign(secret: str, message_id: str, at: datetime, body: str) -> dict[str, str]:
    """Return the three Standard Webhooks headers for a body sent at that time."""
    stamp = at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(stamp.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, stamp, body),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise BadSignature unless the headers sign this body within 300 seconds of `now`."""
    message_id = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "").split()
    if not (message_id and stamp and signatures):
        raise BadSignature(
            "The headers webhook-id, webhook-timestamp and webhook-signature are required."
        )
    # Ten digits reach the year 2286 and cannot overflow a datetime.
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 10):
        raise BadSignature("The header webhook-timestamp must be whole seconds since 1970.")
    sent_at = datetime.fromtimestamp(int(stamp), tz=UTC)
    if abs(now - sent_at) > TOLERANCE:
        raise BadSignature("The timestamp is more than 300 seconds away from the shop's clock.")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadSignature("The body is not UTF-8.") from None
    expected = Webhook(secret).sign(message_id, sent_at, text).encode()
    if not any(hmac.compare_digest(expected, given.encode()) for given in signatures):
        raise BadSignature("The signature does not match the body.")


def customer_token(secret: str, claims: Mapping[str, object]) -> str:
    """Return the token by which the shop vouches for a customer (valid for 24 hours).

    `claims`: email, id, first_name, last_name, locale, iat (seconds since 1970).
    """
    payload = _base64url(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())
    key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    mac = hmac.new(key, b"wm-customer." + payload.encode(), hashlib.sha256).digest()
    return f"{payload}.{_base64url(mac)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
