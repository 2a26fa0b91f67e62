"""Referrals: the table, one with its story, and the merchant's own decision."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wordmouth.dashboard import words
from wordmouth.dashboard.cases import Case, Row, case, rows
from wordmouth.dashboard.frame import desk, nowhere, page
from wordmouth.kit.errors import NotFound
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import services
from wordmouth.referrals.errors import NotRulable
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

PAGE = 50
LONGEST_REASON = 500
DECISIONS = ("approve", "reject")


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A way to narrow the table down."""

    name: str
    url: str
    here: bool


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The table; `older` leads on, where there is more."""

    filters: tuple[Filter, ...]
    rows: tuple[Row, ...]
    older: str


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One referral, and what is wrong with a decision that was entered."""

    case: Case
    problem: str = ""
    reason: str = ""


@require_safe
@desk
def table(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The newest referrals, of one status or of all."""
    wanted = request.GET.get("status", "")
    status = wanted if wanted in words.REFERRALS else None
    with store_read(store.id):
        found = referrals.page(
            status=status, limit=PAGE + 1, starting_after=request.GET.get("after") or None
        )
        shown_rows = rows(store, found[:PAGE])
    base = reverse("desk:referrals", args=[store.slug])
    kept = f"status={status}&" if status else ""
    older = f"{base}?{kept}after={found[PAGE - 1].id}" if len(found) > PAGE else ""
    filters = [Filter(name=_("All"), url=base, here=status is None)]
    filters += [
        Filter(name=words.label(one).text, url=f"{base}?status={one}", here=one == status)
        for one in words.REFERRALS
    ]
    shown = Table(filters=tuple(filters), rows=shown_rows, older=older)
    return page(request, store, "referrals", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def detail(request: HttpRequest, store: StoreFacts, referral_id: str) -> HttpResponse:
    """Its story and reasons; POST approves or rejects it."""
    try:
        if request.method == "POST":
            return _rule(request, store, referral_id)
        return _detail(request, store, referral_id)
    except NotFound:
        return nowhere(request)


def _detail(
    request: HttpRequest, store: StoreFacts, referral_id: str, problem: str = "", reason: str = ""
) -> HttpResponse:
    with store_read(store.id):
        shown = Detail(case=case(store, referral_id), problem=problem, reason=reason)
    status = 422 if problem else 200
    return page(request, store, "referrals", shown, template="referral", status=status)


def _rule(request: HttpRequest, store: StoreFacts, referral_id: str) -> HttpResponse:
    decision = request.POST.get("decision", "")
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    if decision not in DECISIONS:
        problem = _("Choose whether to approve or to reject.")
        return _detail(request, store, referral_id, problem, reason)
    if not reason:
        problem = _("Say why: the reason is kept with the decision.")
        return _detail(request, store, referral_id, problem)
    try:
        with store_write(store.id):
            by = request.user.get_username()
            services.rule(store.id, referral_id, decision, reason, by)
    except NotRulable as error:
        return _detail(request, store, referral_id, error.detail, reason)
    return HttpResponseRedirect(reverse("desk:referral", args=[store.slug, referral_id]))
