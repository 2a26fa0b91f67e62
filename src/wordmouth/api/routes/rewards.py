"""Operations on rewards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_rewards as views
from wordmouth.api.auth import store_of
from wordmouth.api.replies import reply
from wordmouth.api.requests import AccessRequest, RewardQuery
from wordmouth.api.shapes import Page
from wordmouth.api.shapes_rewards import Access, Reward
from wordmouth.stores.transactions import store_read

router = Router(tags=["Rewards"])


@router.get("rewards", response=Page[Reward], operation_id="listRewards", summary="List rewards")
def list_rewards(request: HttpRequest, query: Query[RewardQuery]) -> HttpResponse:
    """Rewards of advocates and friends, newest first."""
    with store_read(store_of(request)):
        return reply(views.page(query))


@router.post(
    "access",
    response=Access,
    operation_id="checkAccess",
    summary="May somebody see or buy it early",
)
def check_access(request: HttpRequest, body: AccessRequest) -> HttpResponse:
    """Whether a `wm_access` token, or the customer with an e-mail address, has early access: to
    anything, or to the `product` or `category` that is named. Nothing is written.

    A shop that checks the token itself learns here that the reward was taken back meanwhile.
    """
    with store_read(store_of(request)):
        return reply(views.access(body))
