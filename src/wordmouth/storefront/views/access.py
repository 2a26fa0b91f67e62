"""What an entitlement to early access opens, until when, and the way in."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wordmouth.catalog import queries as catalog
from wordmouth.fulfilment import access as early
from wordmouth.fulfilment.entitlements import Opened
from wordmouth.kit import clock
from wordmouth.messages.voice import plain_name
from wordmouth.storefront.frame import Notice, frame_of, notice, page, storefront, voice
from wordmouth.stores import addresses
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read


class AccessPage(msgspec.Struct, frozen=True, kw_only=True):
    """What is opened. `goods` are names of products, or of one category."""

    name: str
    goods: tuple[str, ...]
    category: bool
    until: str
    shop: str


@require_safe
@storefront
def access(request: HttpRequest, store: StoreFacts, token: str) -> HttpResponse:
    """The page; who has its address has the entitlement, so it is not passed on by a referrer."""
    with store_read(store.id):
        opened = early.by_token(token, clock.now())
        shown = _shown(store, token, opened) if opened else None
    response = page(request, store, "access", shown) if shown else _closed(request, store)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _shown(store: StoreFacts, token: str, opened: Opened) -> AccessPage:
    entitlement = opened.entitlement
    known = catalog.products(entitlement.products)
    names = (known[one].name or one if one in known else one for one in entitlement.products)
    goods = (entitlement.category,) if entitlement.category else tuple(names)
    return AccessPage(
        name=plain_name(opened.name),
        goods=goods,
        category=entitlement.category is not None,
        until=voice(store).day(entitlement.until),
        shop=addresses.shop(store.shop_url, access=token) if store.shop_url else "",
    )


def _closed(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Whatever is wrong with a token, it says the same."""
    shown = Notice(
        title=_("This way in is closed"),
        text=_(
            "It is open to everybody by now, or the link was changed or taken back. "
            "Your own page has the newest one."
        ),
        art="lost",
        action=_("To the shop") if store.shop_url else _("To my page"),
        url=store.shop_url or frame_of(store).portal,
    )
    return notice(request, store, shown, status=404)
