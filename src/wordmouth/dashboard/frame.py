"""What is the same on every page of the desk: who is signed in, which store, where one is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from wordmouth.kit.limits import client_address
from wordmouth.stores import addresses
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import StoreFacts

View = Callable[..., HttpResponse]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the menu."""

    name: str
    url: str
    here: bool


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The desk around a page."""

    store: str
    slug: str
    user: str
    landing: str
    menu: tuple[Place, ...]
    several: bool


def desk(view: View) -> View:
    """The view gets the store, if the user is one of its members.

    Another store looks like one that does not exist: nobody learns who is a customer here.
    """

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated or request.user.pk is None:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        mine = stores.stores_of_user(request.user.pk)
        store = next((one for one in mine if one.slug == slug), None)
        if store is None:
            return nowhere(request)
        return view(request, store, *args, **kwargs)

    return guarded


def page(
    request: HttpRequest,
    store: StoreFacts,
    place: str,
    shown: Any,
    *,
    template: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page `place` (or another `template` at that place) in the desk's frame."""
    context = {"frame": _frame(request, store, place), "page": shown}
    response = render(request, f"desk/{template or place}.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _frame(request: HttpRequest, store: StoreFacts, place: str) -> Frame:
    names = {
        "overview": _("Overview"),
        "referrals": _("Referrals"),
        "program": _("Programme"),
        "payouts": _("Payouts"),
        "connection": _("Connection"),
        "deliveries": _("Deliveries"),
        "effects": _("Effects"),
    }
    menu = [
        Place(name=name, url=reverse(f"desk:{key}", args=[store.slug]), here=key == place)
        for key, name in names.items()
    ]
    return Frame(
        store=store.name,
        slug=store.slug,
        user=request.user.get_username(),
        landing=addresses.landing(store.slug),
        menu=tuple(menu),
        several=len(stores.stores_of_user(request.user.pk or 0)) > 1,
    )


def user_of(request: HttpRequest) -> str:
    """Who did it, for the record."""
    return f"user {request.user.get_username()}"


def nowhere(request: HttpRequest) -> HttpResponse:
    """The page for a store that is not there, or not there for this user."""
    return render(request, "desk/nowhere.html", {}, status=404)


def visitor(request: HttpRequest) -> str:
    """The visitor's network address, for limits."""
    return client_address(
        str(request.META.get("REMOTE_ADDR", "")),
        request.headers.get("X-Forwarded-For", ""),
        settings.PROXY_HOPS,
    )
