"""Operations for whoever looks after the connection: deliveries and effects."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from wordmouth.api import views_operations as views
from wordmouth.api.auth import store_of
from wordmouth.api.replies import reply
from wordmouth.api.requests import DeliveryQuery, EffectQuery
from wordmouth.api.shapes import Delivery, Effect, Page
from wordmouth.stores.transactions import store_read

router = Router(tags=["Operations"])


@router.get(
    "deliveries",
    response=Page[Delivery],
    operation_id="listDeliveries",
    summary="List deliveries",
)
def list_deliveries(request: HttpRequest, query: Query[DeliveryQuery]) -> HttpResponse:
    """What the shop delivered, newest first, and what became of it."""
    with store_read(store_of(request)):
        return reply(views.deliveries(query))


@router.get(
    "deliveries/{delivery_id}",
    response=Delivery,
    operation_id="getDelivery",
    summary="One delivery",
)
def get_delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Whether a delivery is settled and, if it was refused, why."""
    with store_read(store_of(request)):
        return reply(views.delivery(delivery_id))


@router.get("effects", response=Page[Effect], operation_id="listEffects", summary="List effects")
def list_effects(request: HttpRequest, query: Query[EffectQuery]) -> HttpResponse:
    """What is to be done outside (coupons to make, mails to send), newest first."""
    with store_read(store_of(request)):
        return reply(views.effects(query))
