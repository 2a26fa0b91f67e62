"""Proof that a delivery comes from the store's Shopify app."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from wordmouth.inbox.ports import Ping, Verified
from wordmouth.kit.signing import BadSignature

SIGNATURE = "x-shopify-hmac-sha256"
TOPIC = "x-shopify-topic"
DELIVERY_ID = "x-shopify-webhook-id"
EVENT_ID = "x-shopify-event-id"
"""What the merchant did, which several deliveries may tell of. It is kept with the delivery."""


class ShopifySignatures:
    """`X-Shopify-Hmac-SHA256` is the base64 of HMAC-SHA256 over the raw body. There is no time in
    it. A delivery is known by `X-Shopify-Webhook-Id`, which stays the same when it is sent again;
    by topic and content where it has none."""

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified | Ping:
        """Raises BadSignature. Shopify tries no address before it uses it."""
        given = headers.get(SIGNATURE, "")
        if not given:
            raise BadSignature(f"{SIGNATURE} is missing")
        for key in keys:
            expected = signature(key, body)
            if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
                return Verified(dedupe=headers.get(DELIVERY_ID) or _digest(headers, body))
        raise BadSignature("no signature matches a client secret of this store's app")


def signature(key: bytes, body: bytes) -> str:
    """The signature of a body."""
    return base64.b64encode(hmac.digest(key, body, "sha256")).decode()


def _digest(headers: Mapping[str, str], body: bytes) -> str:
    return hashlib.sha256(headers.get(TOPIC, "").encode() + b"\0" + body).hexdigest()
