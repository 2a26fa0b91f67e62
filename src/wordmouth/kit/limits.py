"""How often something may be done: token buckets in this process, and who is asking. Pure."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict

from wordmouth.kit import clock

MOST_BUCKETS = 20_000


class Limit:
    """At most `burst` at once and `per_second` on average, for each key.

    Each process counts for itself: with several, the limit is as many times higher.
    """

    def __init__(self, *, burst: int, per_second: float) -> None:
        self.burst, self.per_second = burst, per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """Count one for `key`: 0 where it is allowed, else the seconds to wait."""
        now = clock.now().timestamp()
        with self._lock:
            tokens, at = self._buckets.pop(key, (float(self.burst), now))
            tokens = min(float(self.burst), tokens + max(now - at, 0.0) * self.per_second)
            allowed = tokens >= 1
            self._buckets[key] = (tokens - 1 if allowed else tokens, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - tokens) / self.per_second)

    def reset(self) -> None:
        """Forget all that was counted."""
        with self._lock:
            self._buckets.clear()


def client_address(peer: str, forwarded_for: str, hops: int) -> str:
    """The client's address: the peer's, or what `hops` trusted proxies in front say of it.

    With proxies it is that many entries from the right of X-Forwarded-For: everything further
    left may have been written by the client.
    """
    entries = [entry.strip() for entry in forwarded_for.split(",")]
    if hops and len(entries) >= hops and entries[-hops]:
        return entries[-hops]
    return peer
