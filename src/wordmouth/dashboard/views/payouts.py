"""Payouts: who can be paid now, the batches, the bank's answers, and the totals of a year."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wordmouth.dashboard.frame import desk, page, user_of
from wordmouth.dashboard.payments import (
    BatchRow,
    Offer,
    PayoutRow,
    batch_row,
    offer,
    payout_rows,
)
from wordmouth.dashboard.views.referrals import Filter
from wordmouth.kit import clock
from wordmouth.kit.errors import WordmouthError
from wordmouth.messages.voice import Voice
from wordmouth.payouts import collecting, queries, reports, services
from wordmouth.payouts.words import RAILS
from wordmouth.people import queries as people
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

BATCHES = 20
DOUBTS = 50
LARGEST_TABLE = 5_000_000
CSV = "text/csv; charset=utf-8"


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The page. `rail` is the way of paying that is looked at."""

    rails: tuple[Filter, ...]
    rail: str
    offer: Offer
    batches: tuple[BatchRow, ...]
    older: str
    doubts: tuple[PayoutRow, ...]
    year: int
    said: str
    problem: str
    faults: tuple[str, ...]


class YearRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one person was paid in one currency."""

    email: str
    paid: str
    count: int
    under_way: str
    papers: bool


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of a year; `before` and `after` lead to its neighbours."""

    year: int
    rows: tuple[YearRow, ...]
    table: str
    before: str
    after: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def overview(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Who can be paid now, and all batches; POST makes one, or notes somebody's tax papers."""
    if request.method != "POST":
        return _overview(request, store)
    act = {"make": _make, "papers": _papers}.get(request.POST.get("act", ""))
    if act is None:
        return _overview(request, store, problem=_("Choose what to do."))
    try:
        return HttpResponseRedirect(act(request, store))
    except WordmouthError as error:
        return _overview(request, store, problem=error.detail)


def _make(request: HttpRequest, store: StoreFacts) -> str:
    with store_write(store.id):
        made = services.make(
            store.id,
            _rail(request),
            request.POST.get("currency") or None,
            by=user_of(request),
        )
    return reverse("desk:batch", args=[store.slug, made.id])


def _papers(request: HttpRequest, store: StoreFacts) -> str:
    with store_write(store.id):
        services.note_papers(
            store.id, request.POST.get("advocate", ""), clock.now().year, by=user_of(request)
        )
    return f"{reverse('desk:payouts', args=[store.slug])}?rail={_rail(request)}"


def _rail(request: HttpRequest) -> str:
    given = request.POST.get("rail") or request.GET.get("rail", "")
    return given if given in RAILS else next(iter(RAILS))


def _overview(
    request: HttpRequest,
    store: StoreFacts,
    *,
    problem: str = "",
    faults: tuple[str, ...] = (),
    status: int = 422,
) -> HttpResponse:
    speaker, rail = Voice(store), _rail(request)
    base = reverse("desk:payouts", args=[store.slug])
    with store_read(store.id):
        found = queries.batches(BATCHES + 1, request.GET.get("after") or None)
        shown = Overview(
            rails=tuple(
                Filter(name=str(name), url=f"{base}?rail={key}", here=key == rail)
                for key, name in RAILS.items()
            ),
            rail=rail,
            offer=offer(collecting.preview(store.id, rail), speaker),
            batches=tuple(batch_row(store, one, speaker) for one in found[:BATCHES]),
            older=f"{base}?after={found[BATCHES - 1].id}" if len(found) > BATCHES else "",
            doubts=payout_rows(store, queries.page(in_doubt=True, limit=DOUBTS), speaker),
            year=clock.now().year,
            said=_said(request.GET.get("new", ""), request.GET.get("heard", "")),
            problem=problem,
            faults=faults,
        )
    return page(request, store, "payouts", shown, status=status if problem or faults else 200)


def _said(new: str, heard: str) -> str:
    if not (new.isdigit() and heard.isdigit() and len(new + heard) < 12):
        return ""
    told = ngettext("{count} answer read", "{count} answers read", int(heard))
    return f"{told.format(count=heard)}; {_('new: {count}').format(count=new)}."


@require_POST
@desk
def answers(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """A bank's table of answers."""
    given = request.FILES.get("table")
    if given is None or given.size is None or given.size > LARGEST_TABLE:
        return _overview(request, store, problem=_("Choose a table of at most 5 MB."))
    try:
        with store_write(store.id):
            heard = services.answer_table(store.id, given.read(), by=user_of(request))
    except WordmouthError as error:
        listed = error.extra.get("errors", [])
        faults = tuple(f"{one['path']}: {one['message']}" for one in listed[:20])
        return _overview(request, store, faults=faults or (error.detail,))
    new = sum(one.news for one in heard)
    base = reverse("desk:payouts", args=[store.slug])
    return HttpResponseRedirect(f"{base}?heard={len(heard)}&new={new}")


@require_safe
@desk
def year(request: HttpRequest, store: StoreFacts, year: int) -> HttpResponse:
    """What everybody was paid in a calendar year."""
    speaker = Voice(store)
    with store_read(store.id):
        totals = collecting.year_totals(_year(year))
        known = people.persons(one.person_id for one in totals)
    shown = Year(
        year=_year(year),
        rows=tuple(
            YearRow(
                email=known[one.person_id].email,
                paid=speaker.money(one.settled, one.currency),
                count=one.count,
                under_way=speaker.money(one.under_way, one.currency) if one.under_way else "",
                papers=one.papers,
            )
            for one in totals
        ),
        table=reverse("desk:payout-year-table", args=[store.slug, _year(year)]),
        before=reverse("desk:payout-year", args=[store.slug, _year(year - 1)]),
        after=reverse("desk:payout-year", args=[store.slug, _year(year + 1)])
        if year < clock.now().year
        else "",
    )
    return page(request, store, "payouts", shown, template="payout-year")


@require_safe
@desk
def year_table(request: HttpRequest, store: StoreFacts, year: int) -> HttpResponse:
    """The same as a table to take along."""
    with store_read(store.id):
        content = reports.year_table(_year(year))
    return download(f"paid-{store.slug}-{_year(year)}.csv", CSV, content)


def _year(given: int) -> int:
    return min(max(given, 2000), 2200)


def download(name: str, media: str, content: bytes) -> HttpResponse:
    """A file to keep, and not for anybody's cache."""
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
