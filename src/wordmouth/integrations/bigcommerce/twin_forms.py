"""What the fake twin of BigCommerce says, field by field as its reference describes it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}
_NONE = "0.0000"
_BILLING = {
    "first_name": "Fr",
    "last_name": "Iend",
    "company": "",
    "street_1": "1 Main St",
    "city": "Austin",
    "state": "Texas",
    "zip": "78751",
    "country": "United States",
    "country_iso2": "US",
    "phone": "",
    "email": "friend@example.com",
}


def mail_time(at: datetime) -> str:
    """A time as v2 writes it."""
    return format_datetime(at.astimezone(UTC))


def iso_time(at: datetime) -> str:
    """A time as v3 writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def amount(given: str | Decimal) -> str:
    """An amount as v2 writes it: with four decimals, whatever the currency has."""
    return f"{Decimal(given):.4f}"


def order(number: int, currency: str, now: datetime) -> dict[str, Any]:
    """An order of 80.00 that a guest has begun to pay."""
    return {
        "id": number,
        "customer_id": 0,
        "date_created": mail_time(now),
        "date_modified": mail_time(now),
        "date_shipped": "",
        "status_id": 0,
        "status": "Incomplete",
        **priced("80", currency),
        "items_total": 2,
        "items_shipped": 0,
        "payment_method": "Credit Card",
        "payment_provider_id": None,
        "payment_status": "",
        "refunded_amount": _NONE,
        "order_is_digital": False,
        "ip_address": "192.0.2.7",
        "geoip_country_iso2": "US",
        "staff_notes": "",
        "customer_message": "",
        "shipping_address_count": 1,
        "is_deleted": False,
        "billing_address": dict(_BILLING),
        "order_source": "www",
        "channel_id": 1,
        "products": _elsewhere(number, "products"),
        "shipping_addresses": _elsewhere(number, "shipping_addresses"),
        "coupons": _elsewhere(number, "coupons"),
    }


def priced(total: str, currency: str, shown: str = "") -> dict[str, Any]:
    """The sums of an order without shipping and tax. `shown` is the currency of the shop's pages,
    where that is another one than what is paid in."""
    money = amount(total)
    beside = ("shipping_cost", "handling_cost", "wrapping_cost")
    sums = {f"{cost}_{how}": _NONE for cost in beside for how in ("ex_tax", "inc_tax", "tax")}
    return {
        "subtotal_ex_tax": money,
        "subtotal_inc_tax": money,
        "subtotal_tax": _NONE,
        **sums,
        "total_ex_tax": money,
        "total_inc_tax": money,
        "total_tax": _NONE,
        "discount_amount": _NONE,
        "coupon_discount": _NONE,
        "store_credit_amount": _NONE,
        "gift_certificate_amount": _NONE,
        "currency_code": shown or currency,
        "default_currency_code": currency,
        "currency_exchange_rate": "1.0000000000",
    }


def line(number: int, total: str) -> dict[str, Any]:
    """Two pieces for so much together."""
    money, each = amount(total), amount(Decimal(total) / 2)
    return {
        "id": number,
        "product_id": 10,
        "variant_id": 10,
        "name": "Tee",
        "sku": "TEE",
        "type": "physical",
        "base_price": each,
        "price_ex_tax": each,
        "price_inc_tax": each,
        "price_tax": _NONE,
        "base_total": money,
        "total_ex_tax": money,
        "total_inc_tax": money,
        "total_tax": _NONE,
        "quantity": 2,
        "is_refunded": False,
        "quantity_refunded": 0,
        "refund_amount": _NONE,
        "applied_discounts": [],
    }


def used_coupon(number: int, code: str) -> dict[str, Any]:
    """A coupon that an order used."""
    return {"id": number, "coupon_id": number, "code": code, "amount": "10.0000", "type": 1}


def refund(
    number: int, of: int, told: str, now: datetime, items: list[dict[str, Any]], *, declined: bool
) -> dict[str, Any]:
    """A refund; amounts are numbers in v3."""
    money = float(told)
    way = {
        "id": number,
        "provider_id": "stripe",
        "amount": money,
        "offline": False,
        "is_declined": declined,
        "declined_message": "Insufficient funds" if declined else "",
    }
    return {
        "id": number,
        "order_id": of,
        "user_id": 1,
        "created": iso_time(now),
        "reason": "",
        "total_amount": money,
        "total_tax": 0,
        "uses_merchant_override_values": False,
        "payments": [way],
        "items": items,
    }


def customer(number: int, email: str, now: datetime) -> dict[str, Any]:
    """Somebody with an account."""
    return {
        "id": number,
        "email": email,
        "first_name": "C",
        "last_name": "U",
        "company": "",
        "phone": "",
        "customer_group_id": 0,
        "date_created": iso_time(now),
        "date_modified": iso_time(now),
    }


def coupon(number: int, told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A coupon with what was told of it."""
    return {
        "id": number,
        "min_purchase": _NONE,
        "expires": "",
        "enabled": True,
        "num_uses": 0,
        "max_uses": 0,
        "max_uses_per_customer": 0,
        "restricted_to": {},
        "shipping_methods": [],
        "date_created": mail_time(now),
        **told,
    }


def hook(number: int, told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A webhook with what was told of it."""
    stamp = int(now.timestamp())
    return {
        "id": number,
        "client_id": "client",
        "store_hash": "abc123",
        "headers": None,
        "created_at": stamp,
        **told,
        "updated_at": stamp,
    }


def _elsewhere(number: int, what: str) -> dict[str, str]:
    path = f"/orders/{number}/{what}"
    return {"url": f"https://api.bigcommerce.com/stores/abc123/v2{path}", "resource": path}
