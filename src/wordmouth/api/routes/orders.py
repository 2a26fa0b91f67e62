"""Operations on orders."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from wordmouth.api import views_orders as views
from wordmouth.api.auth import store_of
from wordmouth.api.idempotency import perform
from wordmouth.api.replies import reply
from wordmouth.api.shapes import Accepted, Order
from wordmouth.stores.transactions import store_read

router = Router(tags=["Orders"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/OrderSnapshot"}}},
    }
}


@router.put(
    "orders/{path:external_id}",
    response={202: Accepted},
    operation_id="putOrder",
    summary="Tell an order",
    openapi_extra=_BODY,
)
def put_order(request: HttpRequest, external_id: str) -> HttpResponse:
    """The whole order as the shop sees it now, instead of a signed delivery.

    It is checked at once, stored, and settled in a moment. The same snapshot again changes
    nothing and answers the same delivery. Fields that are not known are kept and ignored.
    """
    store_id = store_of(request)
    snapshot = views.checked(external_id, request.body)
    return perform(
        request, store_id, lambda: views.receive(store_id, external_id, snapshot), status=202
    )


@router.get(
    "orders/{path:external_id}", response=Order, operation_id="getOrder", summary="One order"
)
def get_order(request: HttpRequest, external_id: str) -> HttpResponse:
    """The order as all that was told of it adds up, without personal data."""
    with store_read(store_of(request)):
        return reply(views.one(external_id))
