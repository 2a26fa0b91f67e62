"""One batch and one payout: who stands behind it, what became of it, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wordmouth.dashboard import words
from wordmouth.dashboard.frame import desk, nowhere, page, user_of
from wordmouth.dashboard.payments import (
    BatchRow,
    Moment,
    PayoutRow,
    batch_row,
    doubt,
    history,
    payout_rows,
    story,
)
from wordmouth.dashboard.views.payouts import download
from wordmouth.dashboard.words import Label
from wordmouth.kit.errors import NotFound, WordmouthError
from wordmouth.messages.voice import Voice
from wordmouth.payouts import files, orders, queries, services
from wordmouth.payouts.facts import BatchFacts
from wordmouth.payouts.sepa import end_to_end_id
from wordmouth.payouts.states import BATCH_MOVES, FILE_RAILS, FINAL_ANSWERS, SETTLED
from wordmouth.payouts.words import METHODS
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

PAGE = 100
LONGEST_REASON = 500


class BatchPage(msgspec.Struct, frozen=True, kw_only=True):
    """A batch. `acts` are what can be done with it now: approve, export, send, cancel."""

    row: BatchRow
    second: bool
    history: tuple[Moment, ...]
    payouts: tuple[PayoutRow, ...]
    older: str
    acts: tuple[str, ...]
    file: str
    problem: str


class PayoutPage(msgspec.Struct, frozen=True, kw_only=True):
    """A payout. `doubt` says why a person has to rule on it, `rulings` what they can say, `waits`
    why that is not all."""

    row: PayoutRow
    label: Label
    batch: str
    number: str
    method: str
    reference: str
    story: tuple[Moment, ...]
    doubt: str
    rulings: tuple[str, ...]
    waits: str
    problem: str
    reason: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def batch(request: HttpRequest, store: StoreFacts, batch_id: str) -> HttpResponse:
    """Its payouts and who stands behind it; POST approves, exports, sends or cancels it."""
    try:
        if request.method != "POST":
            return _batch(request, store, batch_id)
        return _act(request, store, batch_id)
    except NotFound:
        return nowhere(request)


def _act(request: HttpRequest, store: StoreFacts, batch_id: str) -> HttpResponse:
    with store_read(store.id):
        queries.batch(batch_id)
    act = request.POST.get("act", "")
    verbs: dict[str, Callable[..., BatchFacts]] = {
        "approve": services.approve,
        "cancel": services.cancel,
        "send": services.send,
    }
    try:
        if act == "export":
            services.export(store.id, batch_id, by=user_of(request))
        elif act in verbs:
            with store_write(store.id):
                verbs[act](store.id, batch_id, by=user_of(request))
        else:
            return _batch(request, store, batch_id, _("Choose what to do."))
    except WordmouthError as error:
        return _batch(request, store, batch_id, error.detail)
    return HttpResponseRedirect(reverse("desk:batch", args=[store.slug, batch_id]))


def _batch(
    request: HttpRequest, store: StoreFacts, batch_id: str, problem: str = ""
) -> HttpResponse:
    speaker = Voice(store)
    with store_read(store.id):
        found = queries.batch(batch_id)
        payouts = queries.page(
            batch_id=batch_id, limit=PAGE + 1, starting_after=request.GET.get("after") or None
        )
        rows = payout_rows(store, payouts[:PAGE], speaker)
    here = reverse("desk:batch", args=[store.slug, batch_id])
    shown = BatchPage(
        row=batch_row(store, found, speaker),
        second=found.needs_second,
        history=history(found, speaker),
        payouts=rows,
        older=f"{here}?after={payouts[PAGE - 1].id}" if len(payouts) > PAGE else "",
        acts=("cancel",) if found.problem else _acts(found),
        file=reverse("desk:batch-file", args=[store.slug, batch_id]) if found.file_name else "",
        problem=problem,
    )
    return page(request, store, "payouts", shown, template="batch", status=409 if problem else 200)


def _acts(found: BatchFacts) -> tuple[str, ...]:
    next_ones = BATCH_MOVES[found.state]
    go = "export" if found.rail in FILE_RAILS else "send"
    acts = (("approve", "approved"), (go, "sent"), ("cancel", "cancelled"))
    return tuple(act for act, state in acts if state in next_ones)


@require_safe
@desk
def file(request: HttpRequest, store: StoreFacts, batch_id: str) -> HttpResponse:
    """The file of a batch that was exported: always the same."""
    try:
        with store_read(store.id):
            queries.batch(batch_id)
            sheet = files.kept(batch_id)
    except NotFound:
        return nowhere(request)
    return download(sheet.name, sheet.media, sheet.content)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def payout(request: HttpRequest, store: StoreFacts, payout_id: str) -> HttpResponse:
    """Its story; POST rules on one that is in doubt."""
    try:
        if request.method == "POST":
            return _rule(request, store, payout_id)
        return _payout(request, store, payout_id)
    except NotFound:
        return nowhere(request)


def _payout(
    request: HttpRequest, store: StoreFacts, payout_id: str, problem: str = "", reason: str = ""
) -> HttpResponse:
    speaker = Voice(store)
    with store_read(store.id):
        found = queries.payout(payout_id)
        (row,) = payout_rows(store, [found], speaker)
        open_order = orders.is_on_the_way(payout_id)
        shown = PayoutPage(
            row=row,
            label=words.label(found.state),
            batch=reverse("desk:batch", args=[store.slug, found.batch_id]),
            number=end_to_end_id(found.id),
            method=str(METHODS[found.method]),
            reference=found.reference,
            story=story(payout_id, speaker),
            doubt=doubt(found),
            rulings=(SETTLED,) if open_order else FINAL_ANSWERS,
            waits=orders.ON_THE_WAY if open_order else "",
            problem=problem,
            reason=reason,
        )
    status = 422 if problem else 200
    return page(request, store, "payouts", shown, template="payout", status=status)


def _rule(request: HttpRequest, store: StoreFacts, payout_id: str) -> HttpResponse:
    state = request.POST.get("state", "")
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    if state not in FINAL_ANSWERS:
        problem = _("Choose what became of it.")
        return _payout(request, store, payout_id, problem, reason)
    if not reason:
        problem = _("Say how you found out: it is kept with the payout.")
        return _payout(request, store, payout_id, problem)
    try:
        with store_write(store.id):
            services.rule(store.id, payout_id, state, reason, by=user_of(request))
    except NotFound:
        raise
    except WordmouthError as error:
        return _payout(request, store, payout_id, error.detail, reason)
    return HttpResponseRedirect(reverse("desk:payout", args=[store.slug, payout_id]))
