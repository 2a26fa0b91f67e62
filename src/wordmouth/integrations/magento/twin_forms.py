"""What the fake twin of Magento says, field by field as its reference and its source have it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

PERSON = {"firstname": "Fr", "lastname": "Iend"}
_PLACE = {
    **PERSON,
    "street": ["Hauptstr 1"],
    "city": "Berlin",
    "postcode": "10115",
    "country_id": "DE",
    "telephone": "030 1",
    "email": "friend@example.com",
}


def moment(at: datetime) -> str:
    """A time as Magento writes it: UTC, without saying so."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def money(amount: float, currency: str, rate: float = 1) -> dict[str, Any]:
    """What an order of that worth says of it: in what the shop counts in, and in what the customer
    saw, which is `rate` times as much."""
    seen = round(amount * rate, 4)
    sums = {"grand_total": seen, "subtotal": seen, "total_due": seen}
    return {
        **sums,
        **{f"base_{name}": amount for name in sums},
        **dict.fromkeys(("discount_amount", "base_discount_amount"), 0),
        **dict.fromkeys(("shipping_amount", "base_shipping_amount"), 0),
        **dict.fromkeys(("tax_amount", "base_tax_amount"), 0),
        "base_currency_code": currency,
        "order_currency_code": currency if rate == 1 else "USD",
        "base_to_order_rate": rate,
        "items": [item(7, amount)],
    }


def order(number: int, currency: str, now: datetime) -> dict[str, Any]:
    """An order of 80.00 by a guest, that nobody has paid yet."""
    return {
        "entity_id": number,
        "increment_id": f"{number:09}",
        "state": "new",
        "status": "pending",
        "store_id": 1,
        "is_virtual": 0,
        "created_at": moment(now),
        "updated_at": moment(now),
        "customer_is_guest": 1,
        "customer_email": "friend@example.com",
        "customer_group_id": 0,
        "remote_ip": "192.0.2.7",
        "payment": {"method": "checkmo", "additional_information": ["Check"]},
        "status_histories": [],
        "billing_address": {**_PLACE, "address_type": "billing"},
        "extension_attributes": {
            "shipping_assignments": [
                {"shipping": {"address": {**_PLACE, "country_id": "EE"}, "method": "flatrate"}}
            ]
        },
        **money(80, currency),
    }


def item(number: int, total: float, qty: int = 1, **more: Any) -> dict[str, Any]:
    """A line that is worth so much, of so many pieces."""
    return {
        "item_id": number,
        "product_id": 10,
        "product_type": "simple",
        "sku": "TEE",
        "name": "Tee",
        "is_virtual": 0,
        "qty_ordered": qty,
        "base_price": round(total / qty, 4),
        "base_row_total": total,
        "row_total": total,
        "base_discount_amount": 0,
        "base_discount_tax_compensation_amount": 0,
        **more,
    }


def customer(number: int, email: str, now: datetime) -> dict[str, Any]:
    """Somebody with an account."""
    return {
        "id": number,
        "group_id": 1,
        "email": email,
        "firstname": "C",
        "lastname": "U",
        "store_id": 1,
        "website_id": 1,
        "created_at": moment(now),
        "updated_at": moment(now),
        "addresses": [],
    }


def product(number: int, now: datetime, **more: Any) -> dict[str, Any]:
    """Something that is sold."""
    return {
        "id": number,
        "sku": f"TEE-{number}",
        "name": "Tee",
        "price": 19.99,
        "status": 1,
        "type_id": "simple",
        "created_at": moment(now),
        "updated_at": moment(now),
        "custom_attributes": [
            {"attribute_code": "image", "value": "/t/e/tee.jpg"},
            {"attribute_code": "category_ids", "value": ["2", "3"]},
        ],
        **more,
    }


def view(number: int, website: int, currency: str) -> dict[str, Any]:
    """A store view."""
    return {
        "id": number,
        "code": f"view_{number}",
        "website_id": website,
        "locale": "en_US",
        "base_currency_code": currency,
        "default_display_currency_code": currency,
        "timezone": "Europe/Berlin",
        "base_url": "http://tea.example/",
        "secure_base_media_url": "https://tea.example/media/",
    }


def error(message: str, parameters: Any = None, errors: Any = None) -> dict[str, Any]:
    """What is wrong; what stands for `%1` or `%name` in it is told beside."""
    told: dict[str, Any] = {"message": message}
    if errors is not None:
        told["errors"] = errors
    return told if parameters is None else {**told, "parameters": parameters}


def chosen(found: Any, fields: str) -> Any:
    """Of an answer only the fields that are asked for. A list in which nothing is becomes null."""
    return _filtered(found, _wanted(fields))


def _wanted(fields: str) -> dict[str, Any]:
    """`a,b[c,d]` as a tree."""
    tree: dict[str, Any] = {}
    stack, name = [tree], ""
    for sign in fields + ",":
        if sign in "[],":
            if name:
                last = stack[-1].setdefault(name, {})
                name = ""
            if sign == "[":
                stack.append(last)
            elif sign == "]":
                stack.pop()
        else:
            name += sign
    return tree


def _filtered(found: Any, wanted: dict[str, Any]) -> Any:
    if not wanted or not isinstance(found, dict | list):
        return found
    if isinstance(found, list):
        return [_filtered(each, wanted) for each in found] or None
    return {name: _filtered(found[name], wanted[name]) for name in wanted if name in found}
