"""Proof that a delivery comes from the store's Shift4Shop: a secret in the address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs

from wordmouth.inbox.ports import QUERY, Verified
from wordmouth.kit.signing import BadSignature, secret_bytes

NAME = "key"
_PURPOSE = b"shift4shop deliveries"


class SecretAddress:
    """Shift4Shop signs nothing: who knows the address is believed to be the shop, and what is sent
    there is never more than a hint. A delivery is known by its content."""

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified:
        """Raises BadSignature: the address is not one that was made for this store."""
        given = parse_qs(headers.get(QUERY, "")).get(NAME, [""])[0]
        if not given:
            raise BadSignature(f"the address has no {NAME}")
        for key in keys:
            if hmac.compare_digest(key, given.encode("utf-8", "replace")):
                return Verified(dedupe=hashlib.sha256(body).hexdigest())
        raise BadSignature(f"the {NAME} in the address is none of this store's")


def address_key(secret: str) -> str:
    """What stands in the address for a secret; who reads it there does not learn the secret."""
    return hmac.digest(secret_bytes(secret), _PURPOSE, "sha256").hex()
