"""Operations on what wallets buy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_redemptions as views
from wordmouth.api.auth import store_of
from wordmouth.api.idempotency import perform
from wordmouth.api.replies import reply
from wordmouth.api.requests import RedemptionQuery, RedemptionRequest
from wordmouth.api.shapes import Page
from wordmouth.api.shapes_rewards import Redemption
from wordmouth.stores.transactions import store_read

router = Router(tags=["Redemptions"])


@router.post(
    "redemptions",
    response={201: Redemption},
    operation_id="createRedemption",
    summary="Spend points or store credit",
)
def create_redemption(request: HttpRequest, body: RedemptionRequest) -> HttpResponse:
    """Buy an option of the programme, or turn store credit into a coupon of the same amount.

    409 `not_enough` where the wallet holds less than the price; 422 `bad_redemption` names the
    options there are.
    """
    store_id = store_of(request)
    return perform(request, store_id, lambda: views.redeem(store_id, body), status=201)


@router.get(
    "redemptions",
    response=Page[Redemption],
    operation_id="listRedemptions",
    summary="List redemptions",
)
def list_redemptions(request: HttpRequest, query: Query[RedemptionQuery]) -> HttpResponse:
    """What wallets bought, newest first."""
    with store_read(store_of(request)):
        return reply(views.page(query))


@router.get(
    "redemptions/{redemption_id}",
    response=Redemption,
    operation_id="getRedemption",
    summary="One redemption",
)
def get_redemption(request: HttpRequest, redemption_id: str) -> HttpResponse:
    """A redemption with the reward that was bought."""
    with store_read(store_of(request)):
        return reply(views.one(redemption_id))


@router.post(
    "redemptions/{redemption_id}/cancel",
    response=Redemption,
    operation_id="cancelRedemption",
    summary="Give a redemption back",
)
def cancel_redemption(request: HttpRequest, redemption_id: str) -> HttpResponse:
    """Take back what was bought, while it is unused, and give back what was paid.

    409 `redemption_used` where it was used or is out of date.
    """
    store_id = store_of(request)
    return perform(request, store_id, lambda: views.cancel(store_id, redemption_id))
