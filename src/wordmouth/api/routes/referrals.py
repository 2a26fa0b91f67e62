"""Operations on referrals."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_referrals as views
from wordmouth.api.auth import caller_of, store_of
from wordmouth.api.idempotency import perform
from wordmouth.api.replies import reply
from wordmouth.api.requests import ReferralQuery, RulingRequest
from wordmouth.api.shapes import Page, Referral
from wordmouth.stores.transactions import store_read

router = Router(tags=["Referrals"])


@router.get(
    "referrals", response=Page[Referral], operation_id="listReferrals", summary="List referrals"
)
def list_referrals(request: HttpRequest, query: Query[ReferralQuery]) -> HttpResponse:
    """Referrals, newest first, of one order, advocate or status."""
    with store_read(store_of(request)):
        return reply(views.page(query))


@router.get(
    "referrals/{referral_id}",
    response=Referral,
    operation_id="getReferral",
    summary="One referral",
)
def get_referral(request: HttpRequest, referral_id: str) -> HttpResponse:
    """What was decided about an order, why, and every step on the way."""
    with store_read(store_of(request)):
        return reply(views.one(referral_id))


@router.post(
    "referrals/{referral_id}/approve",
    response=Referral,
    operation_id="approveReferral",
    summary="Approve a referral",
)
def approve_referral(request: HttpRequest, referral_id: str, body: RulingRequest) -> HttpResponse:
    """Overrule the rules in favour of the advocate; what was voided counts whole again. The
    reason stays in the timeline."""
    return _rule(request, referral_id, "approve", body)


@router.post(
    "referrals/{referral_id}/reject",
    response=Referral,
    operation_id="rejectReferral",
    summary="Reject a referral",
)
def reject_referral(request: HttpRequest, referral_id: str, body: RulingRequest) -> HttpResponse:
    """Overrule the rules against the referral; rewards already given are taken back."""
    return _rule(request, referral_id, "reject", body)


def _rule(
    request: HttpRequest, referral_id: str, decision: str, body: RulingRequest
) -> HttpResponse:
    store_id, by = store_of(request), caller_of(request)
    return perform(
        request, store_id, lambda: views.rule(store_id, referral_id, decision, body.reason, by)
    )
