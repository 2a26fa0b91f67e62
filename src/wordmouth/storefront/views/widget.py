"""The widget's script and its one question."""

from __future__ import annotations

from functools import cache

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wordmouth.kit import etags
from wordmouth.storefront.widget import KEPT_SECONDS, configuration


@cache
def _script() -> bytes:
    path = finders.find("storefront/widget.js")
    if not isinstance(path, str):
        raise FileNotFoundError("storefront/widget.js is not among the static files")
    with open(path, "rb") as file:
        return file.read()


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script that shops put on their pages."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def settings(request: HttpRequest, store_id: str) -> HttpResponse:
    """What the widget shows; `storefront.doors` answers the same before Django."""
    shown = configuration(store_id, get_language() or "en")
    known = etags.is_known(shown.etag, request.headers.get("If-None-Match", ""))
    if known and shown.status == 200:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(shown.body, status=shown.status, content_type="application/json")
    response["ETag"] = shown.etag
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    patch_vary_headers(response, ["Accept-Language"])
    return response
