"""A test order: a private link to buy by, and the order's way followed live."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services
from wordmouth.dashboard.frame import desk, nowhere, page
from wordmouth.dashboard.tracing import Trace, trace
from wordmouth.kit import clock
from wordmouth.kit.errors import WordmouthError
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.stores import addresses
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

LONGEST = 254
"""Of an e-mail address."""


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """The form before a test."""

    email: str
    problem: str


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A test under way."""

    link: str
    code: str
    trace: Trace


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def begin(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """What a test order is; POST makes the merchant an advocate and begins."""
    email, problem = request.POST.get("email", "").strip()[:LONGEST], ""
    if request.method == "POST":
        try:
            with store_write(store.id):
                advocate = services.enrol(store.id, CustomerSnapshot(email=email or None))
            return HttpResponseRedirect(_address(store, advocate.code, clock.now()))
        except WordmouthError as error:
            problem = error.detail
    shown = Begin(email=email, problem=problem)
    return page(
        request,
        store,
        "connection",
        shown,
        template="test-order",
        status=422 if problem else 200,
    )


@require_safe
@desk
def follow(request: HttpRequest, store: StoreFacts, code: str, since: int) -> HttpResponse:
    """How far the test has come that began `since` (in unix seconds)."""
    with store_read(store.id):
        advocate = advocates.by_codes([code]).get(code)
    if advocate is None or since > clock.now().timestamp():
        return nowhere(request)
    shown = Trial(
        link=addresses.referral_link(code),
        code=code,
        trace=trace(store, advocate, datetime.fromtimestamp(since, UTC)),
    )
    return page(request, store, "connection", shown, template="test-order-followed")


def _address(store: StoreFacts, code: str, since: datetime) -> str:
    began = int(since.timestamp())
    return reverse("desk:test-order-followed", args=[store.slug, code, began])
