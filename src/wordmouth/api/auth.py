"""Who calls: an API key opens one store."""

from __future__ import annotations

import re

from django.http import HttpRequest
from ninja.security import HttpBearer

from wordmouth.stores import services as stores
from wordmouth.stores.facts import KeyFacts

_KEY = re.compile(r"wm_(live|test)_[A-Za-z0-9_-]{16,100}")


class ApiKey(HttpBearer):
    """`Authorization: Bearer wm_live_...` or `wm_test_...`."""

    def authenticate(self, request: HttpRequest, token: str) -> KeyFacts | None:
        """The key's facts, or None for one that is malformed, unknown or revoked."""
        return stores.authenticate(token) if _KEY.fullmatch(token) else None


def store_of(request: HttpRequest) -> str:
    """The id of the store whose key came with a private request."""
    return _key_of(request).store_id


def caller_of(request: HttpRequest) -> str:
    """Who did it, for the record: the key, never its secret."""
    return f"API key {_key_of(request).id}"


def _key_of(request: HttpRequest) -> KeyFacts:
    key: KeyFacts = request.auth  # type: ignore[attr-defined]
    return key
