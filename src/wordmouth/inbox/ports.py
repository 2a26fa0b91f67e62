"""What a shop adapter must be able to do for the delivery door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

FETCHED = "wordmouth-fetched"
"""Header of a delivery that the engine itself read at the shop: the kind of thing in its body."""
HISTORY_BEFORE = "wordmouth-history-before"
"""Header beside it: what the shop's customers did before that moment is history (ISO 8601)."""
QUERY = ":query"
"""Under this name a verifier is given the query of the address that was called. No sender can use
it as a header, and it is not kept: some shops can prove themselves only by a secret in it."""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery whose sender is proven. `dedupe` is the same whenever the same delivery is
    told again."""

    dedupe: str


class Ping(msgspec.Struct, frozen=True, kw_only=True):
    """A shop that tries whether anybody is there: it is answered 200 and nothing is stored."""


class DeliveryVerifier(Protocol):
    """Proves over the raw bytes that a delivery comes from the store's shop."""

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified | Ping:
        """Raises kit.signing.BadSignature. `headers` have lower-case names; `keys` are all live
        secrets' bytes (several while rotating)."""
        ...
