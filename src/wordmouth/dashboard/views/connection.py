"""The store's shops: which are connected and how they are; connecting and disconnecting one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from wordmouth.dashboard import connections
from wordmouth.dashboard.connections import Form, Row
from wordmouth.dashboard.frame import desk, nowhere, page
from wordmouth.integrations import condition, following, shops
from wordmouth.integrations.shop_calls import shop_http
from wordmouth.integrations.shops import Missing
from wordmouth.kit.addresses import is_public
from wordmouth.kit.errors import Invalid, WordmouthError
from wordmouth.kit.http import AddressRefused
from wordmouth.kit.signing import new_secret
from wordmouth.outbox import queries as outbox
from wordmouth.stores import queries as stores
from wordmouth.stores import services
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read

LONGEST = 1000
"""Of an entry of the form, in signs."""

Answer = HttpResponseRedirect | Form
Act = Callable[[HttpRequest, StoreFacts, str], Answer]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All kinds of shop: those that are connected, and the others."""

    connected: tuple[Row, ...]
    others: tuple[Row, ...]
    said: str


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What is told before a shop is disconnected."""

    title: str
    back: str
    waiting: int


@require_safe
@desk
def overview(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Which shops are connected, and which could be."""
    connected, others = connections.rows(store)
    gone = request.GET.get("done") == "disconnected"
    shown = Overview(
        connected=connected, others=others, said=_("It is disconnected.") if gone else ""
    )
    return page(request, store, "connection", shown)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk
def shop(request: HttpRequest, store: StoreFacts, adapter: str) -> HttpResponse:
    """One kind of shop; POST connects it, looks at it, or changes how it is connected."""
    if adapter not in (*shops.providers(), *shops.plugins()):
        return nowhere(request)
    form = _told(request, store, adapter)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            answer = act(request, store, adapter) if act else _failed(_("Choose what to do."))
        except WordmouthError as error:
            answer = _failed(error.detail)
        if isinstance(answer, HttpResponseRedirect):
            return answer
        form = answer
    shown = connections.shop(store, adapter, form)
    status = 422 if form.problems else 200
    return page(request, store, "connection", shown, template="shop", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def disconnect(request: HttpRequest, store: StoreFacts, adapter: str) -> HttpResponse:
    """What it means to disconnect a shop; POST does it."""
    if not connections.is_connected(stores.connection(store.id, adapter)):
        return nowhere(request)
    if request.POST.get("act") == "disconnect":
        shops.disconnect(store.id, adapter)
        base = reverse("desk:connection", args=[store.slug])
        return HttpResponseRedirect(f"{base}?done=disconnected")
    with store_read(store.id):
        waiting = outbox.standing(condition.SHOP_EFFECTS).waiting
    shown = Leaving(
        title=connections.title_of(adapter),
        back=reverse("desk:shop", args=[store.slug, adapter]),
        waiting=waiting,
    )
    return page(request, store, "connection", shown, template="disconnect")


def _failed(problem: str) -> Form:
    return Form(problems={"": problem})


def _done(store: StoreFacts, adapter: str, what: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:shop', args=[store.slug, adapter])}?done={what}")


def _told(request: HttpRequest, store: StoreFacts, adapter: str) -> Form:
    """What is said at first: what was done just now, here or in the shop, which leads back with
    `success`."""
    granted = request.GET.get("success", "")
    if granted == "0":
        return _failed(_("The shop was told not to hand out a key; nothing was changed."))
    if granted and not connections.is_connected(stores.connection(store.id, adapter)):
        return _failed(_("The shop has handed out no key that opens it; nothing was changed."))
    said = {
        "connected": _("It is connected. Its history is read now; this page follows."),
        "asked": _("It is looked at now; what is broken is mended where that is possible."),
        "saved": _("Saved."),
    }
    return Form(said=said.get("connected" if granted else request.GET.get("done", ""), ""))


def _connect(request: HttpRequest, store: StoreFacts, adapter: str) -> Answer:
    """Try the shop out and keep it, or say beside which entry something is wrong."""
    provider = shops.providers().get(adapter)
    if provider is None:
        made = services.add_shop(store.id, adapter)
        return Form(secret=made, said=_("It can be connected now."))
    given = {each.name: _entry(request, each.name) for each in shops.asked(provider)}
    try:
        shops.connect(store.id, provider, given)
    except Missing as missing:
        return Form(given=given, problems={missing.name: _("This is needed.")})
    except Invalid as error:
        return Form(given=given, problems={_about(error.detail, given): error.detail})
    return _done(store, adapter, "connected")


def _entry(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:LONGEST]


def _about(detail: str, given: Mapping[str, str]) -> str:
    """The entry of which a problem speaks: it quotes it, or names the place where it leads. Empty
    where it speaks of none."""
    for name, text in given.items():
        place = urlsplit(text).hostname if "://" in text else None
        if text and (f"'{text}" in detail or (place and place in detail)):
            return name
    return ""


def _check(request: HttpRequest, store: StoreFacts, adapter: str) -> Answer:
    connection = stores.connection(store.id, adapter)
    if adapter not in shops.providers() or not connections.is_connected(connection):
        return _failed(_("There is nothing to look at: connect the shop first."))
    following.begin(store.id, adapter)
    return _done(store, adapter, "asked")


def _secret(request: HttpRequest, store: StoreFacts, adapter: str) -> Answer:
    made = new_secret()
    services.update_connection(store.id, adapter, add_secret=made)
    return Form(secret=made)


def _coupons(request: HttpRequest, store: StoreFacts, adapter: str) -> Answer:
    url = _entry(request, "coupon_url")
    if adapter in shops.providers():
        return _failed(_("The coupons of this shop are made by its API."))
    if problem := _refused(url) if url else "":
        return Form(given={"coupon_url": url}, problems={"coupon_url": problem})
    services.update_connection(store.id, adapter, coupon_url=url)
    return _done(store, adapter, "saved")


def _refused(url: str) -> str:
    """Why an address may not be called, as far as that shows without asking a resolver; empty where
    it may."""
    try:
        host = shop_http(allow_private=settings.ALLOW_PRIVATE_SHOPS).check(url).hostname or ""
        private = not (settings.ALLOW_PRIVATE_SHOPS or is_public(host))
    except AddressRefused as error:
        return str(error)
    except ValueError:  # a name; where it leads is looked at whenever it is called
        return ""
    return _("{host} is not a public address.").format(host=host) if private else ""


ACTS: Mapping[str, Act] = {
    "connect": _connect,
    "check": _check,
    "secret": _secret,
    "coupons": _coupons,
}
