"""Operations on rewards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_rewards as views
from wordmouth.api.auth import store_of
from wordmouth.api.replies import reply
from wordmouth.api.requests import RewardQuery
from wordmouth.api.shapes import Page, Reward
from wordmouth.stores.transactions import store_read

router = Router(tags=["Rewards"])


@router.get("rewards", response=Page[Reward], operation_id="listRewards", summary="List rewards")
def list_rewards(request: HttpRequest, query: Query[RewardQuery]) -> HttpResponse:
    """Rewards of advocates and friends, newest first."""
    with store_read(store_of(request)):
        return reply(views.page(query))
