"""The widget's script and its one question."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wordmouth.kit.errors import NotFound
from wordmouth.messages.voice import only_offer
from wordmouth.programs import queries as programs
from wordmouth.programs.facts import ProgramFacts
from wordmouth.storefront import offers
from wordmouth.storefront.frame import voice
from wordmouth.stores import addresses, brand
from wordmouth.stores import queries as stores
from wordmouth.stores.brand import Palette
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read


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
    """What the widget shows: words, colours, where it leads. Public and the same for everybody."""
    try:
        store = stores.store(store_id)
    except NotFound:
        response: HttpResponse = JsonResponse({"live": False}, status=404)
    else:
        with store_read(store.id):
            program = programs.open_program()
        response = JsonResponse(_settings(store, program) if program else {"live": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=60"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _settings(store: StoreFacts, program: ProgramFacts) -> dict[str, Any]:
    document, look = program.version.document, brand.read(store.brand)
    offer = only_offer(document)
    speaker = voice(store)
    friend = speaker.wording(document).for_friend(offer) if offer else None
    return {
        "live": True,
        "url": addresses.landing(store.slug),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "words": {
            "button": offers.headline(document, offer, speaker),
            "welcome": friend or _("A friend sent you: welcome."),
            "code": _("Your code"),
            "copy": _("Copy"),
            "copied": _("Copied"),
            "close": _("Close"),
            "region": _("Recommend to a friend"),
        },
        "theme": {
            "light": _colours(look.light),
            "dark": _colours(look.dark),
            "radius": look.radius,
            "font": look.font,
        },
    }


def _colours(palette: Palette) -> dict[str, str]:
    return {
        "accent": palette.accent,
        "on": palette.on_accent,
        "ink": palette.ink,
        "surface": palette.raised,
        "line": palette.line,
    }
