"""What a store's widget shows, for the door in front of Django and for the view behind it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from wordmouth.kit import etags
from wordmouth.kit.errors import NotFound
from wordmouth.messages.voice import only_offer
from wordmouth.programs import queries as programs
from wordmouth.programs.facts import ProgramFacts
from wordmouth.storefront import offers
from wordmouth.storefront.frame import voice
from wordmouth.stores import addresses, brand, versions
from wordmouth.stores import queries as stores
from wordmouth.stores.brand import Palette
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read

KEPT_SECONDS = 60
"""How long a browser may keep it before asking again."""


class Configuration(msgspec.Struct, frozen=True):
    """The answer to the widget's one question, written already: 200, or 404 for no such store.

    `stamp` is the version that it has, for a cache.
    """

    status: int
    body: bytes
    etag: str
    stamp: tuple[str, int] | None


def configuration(store_id: str, language: str) -> Configuration:
    """Words, colours and where it leads, in a language. Public and the same for everybody."""
    stamp = versions.stamp_of(store_id)
    try:
        store = stores.store(store_id)
    except NotFound:
        return _written(404, {"live": False}, stamp)
    with store_read(store.id), translation.override(language):
        program = programs.open_program()
        shown = _shown(store, program, language) if program else {"live": False}
    return _written(200, shown, stamp)


def _written(status: int, shown: dict[str, Any], stamp: tuple[str, int] | None) -> Configuration:
    body = msgspec.json.encode(shown)
    return Configuration(status=status, body=body, etag=etags.etag_of(body), stamp=stamp)


def _shown(store: StoreFacts, program: ProgramFacts, language: str) -> dict[str, Any]:
    document, look = program.version.document, brand.read(store.brand)
    offer = only_offer(document)
    speaker = voice(store)
    friend = speaker.wording(document).for_friend(offer) if offer else None
    return {
        "live": True,
        "url": addresses.landing(store.slug),
        "lang": language,
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
