"""How often the public operations may be called (`docs/api.md` has the figures)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from wordmouth.api.errors import RateLimited
from wordmouth.kit import limits

CODES_BY_ADDRESS = limits.Limit(burst=120, per_second=4)
CLAIMS_BY_ADDRESS = limits.Limit(burst=30, per_second=0.5)
CLAIMS_BY_CODE = limits.Limit(burst=120, per_second=2)

ALL = (CODES_BY_ADDRESS, CLAIMS_BY_ADDRESS, CLAIMS_BY_CODE)


def check(limit: limits.Limit, key: str, what: str) -> None:
    """Count one call. Raises RateLimited, which names `what` there was too much of."""
    wait = limit.take(key)
    if wait:
        raise RateLimited(f"too many requests {what}; wait {wait} s", wait)


def client_address(request: HttpRequest) -> str:
    """The client's address, as far as trusted proxies (`WORDMOUTH_PROXY_HOPS`) tell it."""
    return limits.client_address(
        str(request.META.get("REMOTE_ADDR", "")),
        request.headers.get("X-Forwarded-For", ""),
        int(settings.PROXY_HOPS),
    )
