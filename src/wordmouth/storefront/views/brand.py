"""A store's colours and fonts as a small style sheet, and its sign."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from wordmouth.kit.errors import NotFound
from wordmouth.messages.voice import plain_name
from wordmouth.stores import brand
from wordmouth.stores import queries as stores


@require_safe
def icon(request: HttpRequest, slug: str) -> HttpResponse:
    """The store's first letter on its accent, for the browser's tab."""
    try:
        store = stores.store_by_slug(slug)
    except NotFound:
        return HttpResponse(status=404)
    look = brand.read(store.brand).light
    letter = escape(plain_name(store.name)[:1].upper())
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="8" fill="{look.accent}"/>'
        f'<text x="16" y="22.5" fill="{look.on_accent}" font-family="Georgia, serif" '
        f'font-size="19" font-weight="700" text-anchor="middle">{letter}</text></svg>'
    )
    response = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


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
