"""What the fake twin of WooCommerce says, field by field as a real one does.

Checked against what a real shop was recorded to say (`tests/recorded/`).
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from wordmouth.kit.money import exponent

_BILLING = {
    "first_name": "Fr",
    "last_name": "Iend",
    "company": "",
    "address_1": "Hauptstr 1",
    "address_2": "",
    "city": "Berlin",
    "state": "DE-BE",
    "postcode": "10115",
    "country": "DE",
    "email": "friend@example.com",
    "phone": "",
}


def encoded(document: Any) -> bytes:
    """JSON as PHP writes it: slashes are escaped."""
    return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()


def error(code: str, message: str, status: int) -> dict[str, Any]:
    """An error of the API, which may stand in the place of a thing."""
    return {"code": code, "message": message, "data": {"status": status}}


_PLAIN_ORDER: dict[str, Any] = {
    "parent_id": 0,
    "status": "pending",
    "version": "9.9.5",
    "prices_include_tax": False,
    "customer_id": 0,
    "payment_method": "cod",
    "payment_method_title": "COD",
    "transaction_id": "",
    "customer_ip_address": "192.0.2.7",
    "customer_user_agent": "Mozilla/5.0",
    "created_via": "store-api",
    "customer_note": "",
    "cart_hash": "",
    "meta_data": [],
    "tax_lines": [],
    "shipping_lines": [],
    "fee_lines": [],
    "coupon_lines": [],
    "refunds": [],
    "is_editable": False,
    "needs_payment": True,
    "needs_processing": True,
    "currency_symbol": "",
    "_links": {},
}
_SUMS = (
    "discount_total",
    "discount_tax",
    "shipping_total",
    "shipping_tax",
    "cart_tax",
    "total_tax",
)


def order(number: int, currency: str, now: str) -> dict[str, Any]:
    """An order of 80.00 for two pieces, that nobody has paid yet."""
    return {
        **deepcopy(_PLAIN_ORDER),
        **dict.fromkeys(_SUMS, amount("0", currency)),
        "id": number,
        "number": str(number),
        "currency": currency,
        "total": amount("80", currency),
        "order_key": f"wc_order_{number}",
        "billing": dict(_BILLING),
        "shipping": {name: told for name, told in _BILLING.items() if name != "email"},
        "line_items": [line(number * 10, currency)],
        "payment_url": f"https://shop.example/checkout/order-pay/{number}/",
        **_times("date_created", now),
        **_times("date_modified", now),
        **_times("date_completed", None),
        **_times("date_paid", None),
    }


def line(number: int, currency: str) -> dict[str, Any]:
    """Two pieces of 40.00 each."""
    money = amount("80", currency)
    return {
        "id": number,
        "name": "Tee",
        "product_id": 10,
        "variation_id": 0,
        "quantity": 2,
        "tax_class": "",
        "subtotal": money,
        "subtotal_tax": amount("0", currency),
        "total": money,
        "total_tax": amount("0", currency),
        "taxes": [],
        "meta_data": [],
        "sku": "TEE",
        "price": 40,
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def changed(known: dict[str, Any], changes: dict[str, Any], now: str) -> dict[str, Any]:
    """The order after changes of its fields (`billing` part by part), with the times that a status
    sets: paid when it is processed or completed, and never taken back."""
    made = deepcopy(known)
    for name, value in changes.items():
        made[name] = {**made[name], **value} if isinstance(value, dict) else value
    if made["status"] in ("processing", "completed") and not made["date_paid_gmt"]:
        made |= _times("date_paid", now)
    if made["status"] == "completed" and not made["date_completed_gmt"]:
        made |= _times("date_completed", now)
    return made | _times("date_modified", now)


def refund(number: int, amount_: str, now: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A refund by itself."""
    return {
        "id": number,
        "amount": amount_,
        "reason": "",
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": [],
        "line_items": lines,
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        **_times("date_created", now),
        "_links": {},
    }


def customer(number: int, email: str, now: str) -> dict[str, Any]:
    """Somebody with an account."""
    nothing = dict.fromkeys(_BILLING, "")
    return {
        "id": number,
        "email": email,
        "first_name": "C",
        "last_name": "U",
        "role": "customer",
        "username": email,
        "billing": nothing,
        "shipping": {name: told for name, told in nothing.items() if name != "email"},
        "is_paying_customer": False,
        "avatar_url": "",
        "meta_data": [],
        **_times("date_created", now),
        **_times("date_modified", now),
        "_links": {},
    }


def product(number: int, now: str) -> dict[str, Any]:
    """A shirt for 40.00 that is for sale."""
    return {
        "id": number,
        "name": "Tee",
        "slug": f"tee-{number}",
        "permalink": f"https://shop.example/product/tee-{number}/",
        "type": "simple",
        "status": "publish",
        "catalog_visibility": "visible",
        "description": "",
        "sku": f"TEE-{number}",
        "price": "40.00",
        "regular_price": "40.00",
        "sale_price": "",
        "stock_status": "instock",
        "parent_id": 0,
        "categories": [{"id": 3, "name": "Clothing", "slug": "clothing"}],
        "images": [{"id": 5, "src": "https://shop.example/tee.jpg", "name": "tee", "alt": ""}],
        "meta_data": [],
        **_times("date_created", now),
        **_times("date_modified", now),
        "_links": {},
    }


def edited(known: dict[str, Any], changes: dict[str, Any], now: str) -> dict[str, Any]:
    """The product after changes of its fields."""
    return {**known, **changes, **_times("date_modified", now)}


def coupon(number: int, code: str, now: str) -> dict[str, Any]:
    """A coupon as it is where nothing is said of it."""
    return {
        "id": number,
        "code": code,
        "amount": "0.00",
        "status": "publish",
        "discount_type": "fixed_cart",
        "description": "",
        "usage_count": 0,
        "individual_use": False,
        "product_ids": [],
        "excluded_product_ids": [],
        "usage_limit": None,
        "usage_limit_per_user": None,
        "limit_usage_to_x_items": None,
        "free_shipping": False,
        "product_categories": [],
        "excluded_product_categories": [],
        "exclude_sale_items": False,
        "minimum_amount": "0.00",
        "maximum_amount": "0.00",
        "email_restrictions": [],
        "used_by": [],
        "meta_data": [],
        **_times("date_created", now),
        **_times("date_modified", now),
        **_times("date_expires", None),
        "_links": {},
    }


_NOT_WRITTEN = frozenset({"id", "code", "usage_count", "used_by", "date_expires_gmt", "_links"})


def change_coupon(coupon: dict[str, Any], told: dict[str, Any], now: str) -> None:
    """What is told of a coupon is written, but for what cannot be: `date_expires_gmt` among it."""
    for name, value in told.items():
        if name == "meta_data":
            notes = {note["key"]: note for note in [*coupon["meta_data"], *value]}
            coupon["meta_data"] = list(notes.values())
        elif name == "date_expires":
            coupon.update(_times("date_expires", _in_gmt(value) if value else None))
        elif name in coupon and name not in _NOT_WRITTEN:
            coupon[name] = value
    coupon.update(_times("date_modified", now))


def amount(text: str, currency: str) -> str:
    """An amount as the shop writes it: with the decimals of its currency."""
    return f"{Decimal(text):.{exponent(currency)}f}"


def _times(name: str, at: str | None) -> dict[str, str | None]:
    """A moment in the shop's time (here the same) and in UTC, without a word about zones."""
    return {name: at, f"{name}_gmt": at}


def _in_gmt(text: str) -> str:
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
