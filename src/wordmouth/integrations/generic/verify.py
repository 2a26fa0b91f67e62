"""Proof that a delivery in the generic format comes from the store's shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wordmouth.inbox.ports import Verified
from wordmouth.kit.signing import BadSignature, verify_webhook

MAX_ID = 200


class StandardWebhooks:
    """Standard Webhooks 1.0.0; the sender's `webhook-id` is the same when it tells again."""

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified:
        """Raises BadSignature: missing, malformed, stale, or not by a secret of the store."""
        message_id = verify_webhook(keys, headers, body, now)
        if len(message_id) > MAX_ID:
            raise BadSignature(f"webhook-id is longer than {MAX_ID} characters")
        return Verified(dedupe=message_id)
