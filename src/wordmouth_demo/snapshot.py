"""The shop's facts in the generic format: whole orders and products as JSON-ready mappings."""

import json
from datetime import UTC, datetime

from wordmouth_demo import money
from wordmouth_demo.catalog import Product
from wordmouth_demo.models import Customer, Order


def stamp(moment: datetime | None) -> str | None:
    """Write a time in RFC 3339 UTC; microseconds only where there are any."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def body(kind: str, data: dict[str, object], at: datetime) -> str:
    """Return the text of a delivery."""
    return json.dumps({"type": kind, "timestamp": stamp(at), "data": data}, ensure_ascii=False)


def order_data(order: Order) -> dict[str, object]:
    """Return the whole order as the shop sees it now."""
    return {
        "id": order.external_id,
        "number": order.number,
        "updated_at": stamp(order.updated_at),
        "placed_at": stamp(order.placed_at),
        "paid_at": stamp(order.paid_at),
        "fulfilled_at": stamp(order.fulfilled_at),
        "delivered_at": stamp(order.delivered_at),
        "cancelled_at": stamp(order.cancelled_at),
        "currency": order.currency,
        "totals": {
            "items": order.items,
            "discount": order.discount,
            "shipping": order.shipping,
            "tax": order.tax,
            "grand": order.grand,
        },
        "customer": _customer(order.customer),
        "discount_codes": [order.coupon.code] if order.coupon else [],
        "lines": _lines(order),
        "refunds": _refunds(order),
        "shipping_address": {
            "line1": order.line1,
            "postcode": order.postcode,
            "city": order.city,
            "country": order.country,
        },
        "client": {"ip": order.client_ip or None, "user_agent": order.user_agent or None},
        "attribution": {"token": order.attribution_token or None, "code": None},
        "is_test": False,
    }


def _customer(customer: Customer) -> dict[str, object]:
    return {
        "id": customer.number,
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "locale": customer.locale,
    }


def _refunds(order: Order) -> list[dict[str, object]]:
    return [
        {"id": refund.external_id, "amount": refund.amount, "at": stamp(refund.at)}
        for refund in order.refunds.order_by("pk")
    ]


def _lines(order: Order) -> list[dict[str, object]]:
    return [
        {
            "id": str(line.pk),
            "product_id": line.product_id,
            "sku": line.sku,
            "name": line.name,
            "category": line.category,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "total": line.total,
        }
        for line in order.lines.order_by("pk")
    ]


def product_data(product: Product, url: str, image_url: str, at: datetime) -> dict[str, object]:
    """Return an article of the assortment."""
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "description": product.text,
        "price": product.price,
        "currency": money.CURRENCY,
        "url": url,
        "image_url": image_url,
        "updated_at": stamp(at),
    }
