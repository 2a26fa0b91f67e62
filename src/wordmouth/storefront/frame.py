"""What is the same on every page of a store: who it is, how it looks, where one can go."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from wordmouth.kit.errors import NotFound
from wordmouth.kit.limits import client_address
from wordmouth.messages.voice import Voice, plain_name
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import StoreFacts


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The store around a page. `brand_css` is empty where there is no store."""

    name: str
    letter: str
    shop_url: str
    home: str
    portal: str
    brand_css: str
    icon: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A page that says one thing: what `art` it shows and where to go from there."""

    title: str
    text: str
    art: str = "resting"
    action: str = ""
    url: str = ""


View = Callable[..., HttpResponse]


def frame_of(store: StoreFacts) -> Frame:
    """The store as a page's frame."""
    name = plain_name(store.name)
    home = reverse("storefront:landing", args=[store.slug])
    return Frame(
        name=name,
        letter=name[:1].upper(),
        shop_url=store.shop_url,
        home=home,
        portal=reverse("storefront:portal", args=[store.slug]),
        brand_css=f"{home}/brand.css",
        icon=f"{home}/icon.svg",
    )


def storefront(view: View) -> View:
    """The view gets the store instead of its slug; an unknown slug gets a page that says so."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            store = stores.store_by_slug(slug)
        except NotFound:
            return nowhere(request)
        return view(request, store, *args, **kwargs)

    return found


def page(
    request: HttpRequest,
    store: StoreFacts,
    template: str,
    shown: Any,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page, in the store's frame; never kept by a cache, since it belongs to one visitor."""
    context = {"frame": frame_of(store), "slug": store.slug, "page": shown, **more}
    response = render(request, f"storefront/{template}.html", context, status=status)
    add_never_cache_headers(response)
    return response


def notice(
    request: HttpRequest, store: StoreFacts, shown: Notice, *, status: int = 200
) -> HttpResponse:
    """A page that says one thing."""
    return page(request, store, "notice", shown, status=status)


def nowhere(request: HttpRequest) -> HttpResponse:
    """The page for an address that names no store."""
    shown = Notice(
        title=_("There is nothing here"),
        text=_("The address is not complete, or the shop has moved. Ask for the link again."),
        art="lost",
    )
    frame = Frame(name="", letter="", shop_url="", home="", portal="", brand_css="", icon="")
    return render(request, "storefront/notice.html", {"frame": frame, "page": shown}, status=404)


def resting(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The page of a store that has no live programme."""
    shown = Notice(
        title=_("The programme is taking a break"),
        text=_("{store} takes no new recommendations at the moment. Do look in again.").format(
            store=plain_name(store.name)
        ),
        action=_("To the shop") if store.shop_url else "",
        url=store.shop_url,
    )
    return notice(request, store, shown)


def too_often(request: HttpRequest, store: StoreFacts, wait: int) -> HttpResponse:
    """The page for whoever asks more often than people do."""
    shown = Notice(
        title=_("One moment, please"),
        text=_("That was a little often. Please try again in a minute."),
        art="resting",
    )
    response = notice(request, store, shown, status=429)
    response["Retry-After"] = str(wait)
    return response


def visitor(request: HttpRequest) -> str:
    """The visitor's network address, for limits."""
    return client_address(
        str(request.META.get("REMOTE_ADDR", "")),
        request.headers.get("X-Forwarded-For", ""),
        int(getattr(settings, "PROXY_HOPS", 0)),
    )


def voice(store: StoreFacts) -> Voice:
    """How the visitor is spoken to."""
    return Voice(store)
