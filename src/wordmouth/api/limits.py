"""How often the public operations may be called: token buckets in this process.

Each process counts for itself, so with several web processes the limit is as many times
higher; a limit at the proxy in front is the place for an exact one (`docs/api.md`).
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest

from wordmouth.api.errors import RateLimited
from wordmouth.kit import clock

_MOST_BUCKETS = 20_000


class Limit:
    """At most `burst` at once and `per_second` on average, for each key."""

    def __init__(self, what: str, *, burst: int, per_second: float) -> None:
        self.what, self.burst, self.per_second = what, burst, per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one call for `key`. Raises RateLimited with the seconds to wait."""
        now = clock.now().timestamp()
        with self._lock:
            tokens, at = self._buckets.pop(key, (float(self.burst), now))
            tokens = min(self.burst, tokens + max(now - at, 0) * self.per_second)
            self._buckets[key] = (max(tokens - 1, 0) if tokens >= 1 else tokens, now)
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)
        if tokens < 1:
            wait = math.ceil((1 - tokens) / self.per_second)
            raise RateLimited(f"too many requests {self.what}; wait {wait} s", wait)

    def reset(self) -> None:
        """Forget all that was counted."""
        with self._lock:
            self._buckets.clear()


CODES_BY_ADDRESS = Limit("from this address", burst=120, per_second=4)
CLAIMS_BY_ADDRESS = Limit("from this address", burst=30, per_second=0.5)
CLAIMS_BY_CODE = Limit("for this code", burst=120, per_second=2)

ALL = (CODES_BY_ADDRESS, CLAIMS_BY_ADDRESS, CLAIMS_BY_CODE)


def client_address(request: HttpRequest) -> str:
    """The address of the client: the peer's, or what the trusted proxies in front say.

    With `WORDMOUTH_PROXY_HOPS=n`, the n-th entry from the right of X-Forwarded-For: everything
    further left may have been written by the client.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = int(settings.PROXY_HOPS)
    if hops == 0:
        return peer
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return forwarded[-hops] if len(forwarded) >= hops and forwarded[-hops] else peer
