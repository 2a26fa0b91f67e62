"""A store's colours and fonts as a small style sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wordmouth.kit.errors import NotFound
from wordmouth.stores import brand
from wordmouth.stores import queries as stores


@require_safe
def brand_css(request: HttpRequest, slug: str) -> HttpResponse:
    """The style sheet; an unknown store looks like one without a brand."""
    try:
        given = stores.store_by_slug(slug).brand
    except NotFound:
        given = {}
    response = HttpResponse(brand.css(brand.read(given)), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=60"
    return response
