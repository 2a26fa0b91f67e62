"""What Django's middleware adds to every answer, for the doors that stand in front of it."""

from __future__ import annotations

from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from typing import Any, cast

from csp.utils import build_policy
from django.conf import settings
from django.utils import translation

from wordmouth.kit import asgi


def of_every_answer() -> tuple[asgi.Header, ...]:
    """The headers of every answer of the site that differs by language alone."""
    named = {
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "content-security-policy": build_policy(),
        "x-content-type-options": "nosniff",
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "vary": "Accept-Language",
    }
    return tuple((name.encode(), str(value).encode()) for name, value in named.items())


def language_of(accepted: bytes, cookies: bytes) -> str:
    """The language that Django speaks with whoever sends these `accept-language` and `cookie`."""
    if len(settings.LANGUAGES) == 1:
        return str(settings.LANGUAGE_CODE)
    cookie = _cookie(cookies) if settings.LANGUAGE_COOKIE_NAME.encode() in cookies else ""
    return _negotiated(accepted.decode("latin-1")[:500], cookie)


def _cookie(cookies: bytes) -> str:
    try:
        found = SimpleCookie(cookies.decode("latin-1")).get(settings.LANGUAGE_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


@lru_cache(maxsize=1024)
def _negotiated(accepted: str, cookie: str) -> str:
    request = SimpleNamespace(
        META={"HTTP_ACCEPT_LANGUAGE": accepted},
        COOKIES={settings.LANGUAGE_COOKIE_NAME: cookie} if cookie else {},
    )
    return translation.get_language_from_request(cast(Any, request))
