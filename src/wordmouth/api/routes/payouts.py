"""Operations on payouts: payees, batches, what came of them. Files for banks, which hold whole
accounts, are for people: at the desk and by commands."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_payouts as views
from wordmouth.api.auth import caller_of, store_of
from wordmouth.api.idempotency import perform
from wordmouth.api.replies import reply
from wordmouth.api.requests import PageQuery
from wordmouth.api.requests_payouts import (
    AnswersRequest,
    BatchRequest,
    PayeeRequest,
    PayoutQuery,
    PayoutRulingRequest,
    PreviewQuery,
    YearQuery,
)
from wordmouth.api.shapes import Page
from wordmouth.api.shapes_payouts import (
    Forgotten,
    HeardAnswers,
    Payee,
    Payout,
    PayoutBatch,
    PayoutPreview,
    TaxPapers,
    YearTotals,
)
from wordmouth.kit import clock
from wordmouth.payouts import services
from wordmouth.payouts.facts import BatchFacts
from wordmouth.stores.transactions import store_read

router = Router(tags=["Payouts"])


@router.put(
    "advocates/{advocate_id}/payee",
    response=Payee,
    operation_id="putPayee",
    summary="Say where an advocate is paid",
)
def put_payee(request: HttpRequest, advocate_id: str, body: PayeeRequest) -> HttpResponse:
    """Checked at once, kept encrypted and shown masked from then on. Payouts that were made before
    go where they were meant to go. 422 `bad_account` says what is nearest to a valid one."""
    store_id, by = store_of(request), caller_of(request)
    return perform(request, store_id, lambda: views.set_payee(store_id, advocate_id, body, by))


@router.get(
    "advocates/{advocate_id}/payee",
    response=Payee,
    operation_id="getPayee",
    summary="Where an advocate is paid",
)
def get_payee(request: HttpRequest, advocate_id: str) -> HttpResponse:
    """Masked. 404 where nobody has said it."""
    with store_read(store_of(request)):
        return reply(views.payee(advocate_id))


@router.delete(
    "advocates/{advocate_id}/payee",
    response=Forgotten,
    operation_id="forgetPayee",
    summary="Forget where an advocate is paid",
)
def forget_payee(request: HttpRequest, advocate_id: str) -> HttpResponse:
    """Also where past payouts went; of those under way it is forgotten when their batch is
    over."""
    return perform(request, store_of(request), lambda: views.forget_payee(advocate_id))


@router.put(
    "advocates/{advocate_id}/tax-papers/{year}",
    response=TaxPapers,
    operation_id="putTaxPapers",
    summary="Note an advocate's tax papers",
)
def put_tax_papers(request: HttpRequest, advocate_id: str, year: int) -> HttpResponse:
    """The store has the papers of this advocate's person for a calendar year."""
    store_id, by = store_of(request), caller_of(request)
    return perform(request, store_id, lambda: views.note_papers(store_id, advocate_id, year, by))


@router.get(
    "payout-preview",
    response=PayoutPreview,
    operation_id="previewPayouts",
    summary="Who would be paid now",
)
def preview_payouts(request: HttpRequest, query: Query[PreviewQuery]) -> HttpResponse:
    """What a batch made now would pay to whom, and who would not be paid and why."""
    with store_read(store_of(request)):
        return reply(views.preview(store_of(request), query))


@router.post(
    "payout-batches",
    response=PayoutBatch,
    operation_id="createPayoutBatch",
    summary="Make a batch",
)
def create_payout_batch(request: HttpRequest, body: BatchRequest) -> HttpResponse:
    """Collect everybody who can be paid, and reserve their cash.

    409 `rail_not_ready` where the rail is not set up, `nothing_to_pay` where nobody can be paid.
    """
    store_id, by = store_of(request), caller_of(request)
    return perform(request, store_id, lambda: views.make(store_id, body, by))


@router.get(
    "payout-batches",
    response=Page[PayoutBatch],
    operation_id="listPayoutBatches",
    summary="List batches",
)
def list_payout_batches(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """Batches, newest first."""
    with store_read(store_of(request)):
        return reply(views.batches(query))


@router.get(
    "payout-batches/{batch_id}",
    response=PayoutBatch,
    operation_id="getPayoutBatch",
    summary="One batch",
)
def get_payout_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Who made and approved it, and how many of its payouts are in each state."""
    with store_read(store_of(request)):
        return reply(views.batch(batch_id))


@router.post(
    "payout-batches/{batch_id}/approve",
    response=PayoutBatch,
    operation_id="approvePayoutBatch",
    summary="Approve a batch",
)
def approve_payout_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """409 `second_person_needed` where two users must stand behind it: a key is no user;
    `program_stopped` where it pays people of a programme that is stopped."""
    return _move(request, batch_id, services.approve)


@router.post(
    "payout-batches/{batch_id}/cancel",
    response=PayoutBatch,
    operation_id="cancelPayoutBatch",
    summary="Cancel a batch",
)
def cancel_payout_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """One that was not sent; the cash is the advocates' again."""
    return _move(request, batch_id, services.cancel)


@router.post(
    "payout-batches/{batch_id}/send",
    response=PayoutBatch,
    operation_id="sendPayoutBatch",
    summary="Send a batch",
)
def send_payout_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Have PayPal or Stripe carry out an approved batch, in the background. 409 `program_stopped`
    where it pays people of a programme that is stopped."""
    return _move(request, batch_id, services.send)


@router.get("payouts", response=Page[Payout], operation_id="listPayouts", summary="List payouts")
def list_payouts(request: HttpRequest, query: Query[PayoutQuery]) -> HttpResponse:
    """Payouts with all that happened to them, newest first."""
    with store_read(store_of(request)):
        return reply(views.payouts(query))


@router.get("payouts/{payout_id}", response=Payout, operation_id="getPayout", summary="One payout")
def get_payout(request: HttpRequest, payout_id: str) -> HttpResponse:
    """A payout with all that happened to it."""
    with store_read(store_of(request)):
        return reply(views.payout(payout_id))


@router.post(
    "payouts/{payout_id}/rule",
    response=Payout,
    operation_id="rulePayout",
    summary="Rule on a payout in doubt",
)
def rule_payout(request: HttpRequest, payout_id: str, body: PayoutRulingRequest) -> HttpResponse:
    """Say what became of it, having looked at the bank. 409 `payout_decided` where nothing is in
    doubt, `payout_on_the_way` where it may still be paid and is said not to have been."""
    store_id, by = store_of(request), caller_of(request)
    return perform(request, store_id, lambda: views.rule(store_id, payout_id, body, by))


@router.post(
    "payout-answers",
    response=HeardAnswers,
    operation_id="createPayoutAnswers",
    summary="Tell what a bank said",
)
def create_payout_answers(request: HttpRequest, body: AnswersRequest) -> HttpResponse:
    """Each answer counts once; told again it is no news."""
    store_id, by = store_of(request), caller_of(request)
    return perform(request, store_id, lambda: views.hear(store_id, body, by))


@router.get(
    "payout-totals",
    response=YearTotals,
    operation_id="listPayoutTotals",
    summary="What everybody was paid in a year",
)
def list_payout_totals(request: HttpRequest, query: Query[YearQuery]) -> HttpResponse:
    """By person and currency, over all their memberships, by the day it was settled."""
    with store_read(store_of(request)):
        return reply(views.year_totals(query.year or clock.now().year))


def _move(request: HttpRequest, batch_id: str, verb: Callable[..., BatchFacts]) -> HttpResponse:
    store_id, by = store_of(request), caller_of(request)
    return perform(request, store_id, lambda: views.move(verb, store_id, batch_id, by))
