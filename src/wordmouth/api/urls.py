"""The addresses under /api/v1/, each behind the door."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from wordmouth import __version__
from wordmouth.api import openapi
from wordmouth.api.auth import ApiKey
from wordmouth.api.door import door, unknown_address
from wordmouth.api.problems import problem_response
from wordmouth.api.reading import StrictParser
from wordmouth.api.replies import JSON, with_etag
from wordmouth.api.routes import (
    advocates,
    operations,
    orders,
    payouts,
    programs,
    public,
    redemptions,
    referrals,
    rewards,
)
from wordmouth.api.surface import Declared, Operations, operations_of

api = NinjaAPI(
    title="Wordmouth",
    version=__version__,
    description="The referral engine's API; `docs/api.md` explains it with examples.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
)
for raised in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(raised, problem_response)
api.add_router("", public.router)
for private in (advocates, orders, referrals, rewards, redemptions, payouts, programs, operations):
    api.add_router("", private.router, auth=ApiKey())


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, written once per process."""
    return openapi.whole_document(api, settings.SITE_URL)


def get_openapi(request: HttpRequest) -> HttpResponse:
    """`GET openapi.json`: this API, for machines."""
    body = msgspec.json.encode(document())
    return with_etag(request, HttpResponse(body, content_type=JSON), 300)


def _operations(route: str) -> Operations:
    return operations_of(document(), openapi.route_to_path(route))


def _only_get() -> Operations:
    nothing: frozenset[str] = frozenset()
    return {"GET": Declared(queries=nothing, media=nothing, fields=(), public=True)}


def _no_operations() -> Operations:
    return {}


def _patterns() -> list[URLPattern]:
    """Ninja's addresses, without its own start page."""
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    return [pattern for pattern in found if pattern.name != "api-root"]


def _behind_door(pattern: URLPattern) -> URLPattern:
    route = str(pattern.pattern)
    view = door(pattern.callback, cache(partial(_operations, route)))
    return path(route, view, name=pattern.name)


unknown = door(unknown_address, _no_operations)
"""The view of every address under /api/ that does not exist."""

app_name = "api"
urlpatterns = [
    path("openapi.json", door(get_openapi, _only_get), name="openapi"),
    *(_behind_door(pattern) for pattern in _patterns()),
    re_path(r"", unknown, name="unknown"),
]
