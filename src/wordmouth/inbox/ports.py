"""What a shop adapter must be able to do for the delivery door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery whose sender is proven. `dedupe` is the same whenever the same delivery is
    told again."""

    dedupe: str


class DeliveryVerifier(Protocol):
    """Proves over the raw bytes that a delivery comes from the store's shop."""

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified:
        """Raises kit.signing.BadSignature. `headers` have lower-case names; `keys` are all live
        secrets' bytes (several while rotating)."""
        ...
