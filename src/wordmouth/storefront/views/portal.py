"""The advocate's own page: link, friends, rewards."""

from __future__ import annotations

from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services as advocate_services
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock
from wordmouth.storefront import sessions
from wordmouth.storefront.frame import Notice, frame_of, notice, page, storefront
from wordmouth.storefront.portal import portal_page
from wordmouth.storefront.views.landing import send_link
from wordmouth.stores import addresses
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write


@require_http_methods(["GET", "HEAD", "POST"])
@storefront
def portal(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The page, or the way in. POST uses a key from a mail up, or asks for a new mail."""
    if request.method == "POST":
        key = request.POST.get("key", "")
        return _open(request, store, key) if key else send_link(request, store)
    key = request.GET.get("key", "")
    advocate = signed_in(request, store)
    if key and advocate is None:
        return _with_key(request, store, key)
    if advocate is None:
        return page(request, store, "enter", {"again": "again" in request.GET})
    with store_read(store.id):
        shown = portal_page(store, advocate)
    return page(request, store, "portal", shown)


def signed_in(request: HttpRequest, store: StoreFacts) -> AdvocateFacts | None:
    """The advocate whose page this browser opened; None when it is nobody's."""
    advocate_id = sessions.advocate_of(request, store)
    if not advocate_id:
        return None
    with store_read(store.id):
        found = advocates.advocates([advocate_id]).get(advocate_id)
    return found if found is not None and found.status == "active" else None


def _with_key(request: HttpRequest, store: StoreFacts, key: str) -> HttpResponse:
    """A button instead of an open door: what scans mails follows links, but presses nothing."""
    with store_read(store.id):
        owner = advocates.owner_of_key(key, clock.now())
    shown = {"key": key} if owner else {"stale": True}
    response = page(request, store, "enter", shown, status=200 if owner else 410)
    response["Referrer-Policy"] = "same-origin"
    return response


def _open(request: HttpRequest, store: StoreFacts, key: str) -> HttpResponse:
    with store_write(store.id):
        advocate_id = advocate_services.use_portal_key(key)
    if advocate_id is None:
        return page(request, store, "enter", {"stale": True}, status=410)
    response = HttpResponseRedirect(frame_of(store).portal)
    sessions.enter(response, store, advocate_id)
    return response


@require_POST
@storefront
def leave(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """End the membership: the link stops working, what was earned stays."""
    advocate = signed_in(request, store)
    if advocate is not None:
        with store_write(store.id):
            advocate_services.leave(advocate.id)
    shown = Notice(
        title=_("You have left the programme"),
        text=_("Your link no longer works. Rewards that you have earned stay yours."),
        art="resting",
        action=_("To the programme"),
        url=frame_of(store).home,
    )
    response = notice(request, store, shown)
    sessions.leave(response, store)
    return response


@require_POST
@storefront
def sign_out(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Close the page in this browser."""
    response = HttpResponseRedirect(frame_of(store).home)
    sessions.leave(response, store)
    return response


@require_safe
@storefront
def qr_svg(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The link as a QR code to print, in any size."""
    return _qr(request, store, "svg", "image/svg+xml")


@require_safe
@storefront
def qr_png(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The link as a QR code to send, about 700 pixels wide."""
    return _qr(request, store, "png", "image/png")


def _qr(request: HttpRequest, store: StoreFacts, kind: str, content_type: str) -> HttpResponse:
    advocate = signed_in(request, store)
    if advocate is None:
        return HttpResponseRedirect(frame_of(store).portal)
    picture = BytesIO()
    link = addresses.referral_link(advocate.code)
    segno.make(link, error="m").save(picture, kind=kind, scale=20, border=4)
    response = HttpResponse(picture.getvalue(), content_type=content_type)
    name = f"{store.slug}-{advocate.code.lower()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
