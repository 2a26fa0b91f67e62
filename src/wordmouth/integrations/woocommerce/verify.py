"""Proof that a delivery comes from the store's WooCommerce."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from wordmouth.inbox.ports import Ping, Verified
from wordmouth.kit.signing import BadSignature

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
_PING = re.compile(rb"webhook_id=\d{1,20}", re.ASCII)


class WooSignatures:
    """`X-WC-Webhook-Signature` is the base64 of HMAC-SHA256 over the raw body. There is no time in
    it, and no id that can be trusted: `X-WC-Webhook-Delivery-ID` is the same for everything that a
    webhook sends within a second. A delivery is known by its topic and content."""

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified | Ping:
        """Raises BadSignature. Before it uses a webhook, WooCommerce sends its number, unsigned:
        a ping."""
        given = headers.get(SIGNATURE, "")
        if not given:
            if _PING.fullmatch(body):
                return Ping()
            raise BadSignature(f"{SIGNATURE} is missing")
        for key in keys:
            expected = signature(key, body)
            if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
                topic = headers.get(TOPIC, "")
                digest = hashlib.sha256(topic.encode() + b"\0" + body).hexdigest()
                return Verified(dedupe=digest)
        raise BadSignature("no signature matches a secret of this store")


def signature(key: bytes, body: bytes) -> str:
    """The signature of a body."""
    return base64.b64encode(hmac.digest(key, body, "sha256")).decode()
