"""Operations on advocates and their wallets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_advocates as views
from wordmouth.api.auth import store_of
from wordmouth.api.idempotency import perform
from wordmouth.api.replies import reply
from wordmouth.api.requests import AdvocateRequest, PageQuery, WalletQuery
from wordmouth.api.shapes import Advocate, Page, Wallet
from wordmouth.stores.transactions import store_read

router = Router(tags=["Advocates"])


@router.post(
    "advocates", response=Advocate, operation_id="createAdvocate", summary="Make an advocate"
)
def create_advocate(request: HttpRequest, body: AdvocateRequest) -> HttpResponse:
    """A customer becomes an advocate; the same e-mail again is the same advocate.

    409 `no_live_program` where there is no live programme to join.
    """
    store_id = store_of(request)
    return perform(request, store_id, lambda: views.enrol(store_id, body))


@router.get(
    "advocates", response=Page[Advocate], operation_id="listAdvocates", summary="List advocates"
)
def list_advocates(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    """Advocates, newest first."""
    with store_read(store_of(request)):
        return reply(views.page(query))


@router.get(
    "advocates/{advocate_id}",
    response=Advocate,
    operation_id="getAdvocate",
    summary="One advocate",
)
def get_advocate(request: HttpRequest, advocate_id: str) -> HttpResponse:
    """An advocate with link, visits and referrals by status."""
    with store_read(store_of(request)):
        return reply(views.one(advocate_id))


@router.get(
    "advocates/{advocate_id}/wallet",
    response=Wallet,
    operation_id="getWallet",
    summary="An advocate's wallet",
)
def get_wallet(request: HttpRequest, advocate_id: str, query: Query[WalletQuery]) -> HttpResponse:
    """Balances by purse and unit, now or at a past moment, and the newest movements behind them."""
    with store_read(store_of(request)):
        return reply(views.wallet(advocate_id, query))
