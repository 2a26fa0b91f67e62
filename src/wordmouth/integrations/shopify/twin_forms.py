"""What the fake twin of Shopify says of a thing, as webhooks write it and as GraphQL does."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from wordmouth.kit.money import exponent

SHOP_ZONE = timezone(timedelta(hours=1))
"""Webhooks write times as the shop's clocks show them, GraphQL in UTC."""


_ADDRESS = {"country_code": "EE", "first_name": "Fr", "last_name": "Iend"}
_VISIT = {
    "browser_ip": "192.0.2.7",
    "client_details": {"user_agent": "Mozilla/5.0"},
    "customer_locale": "et",
    "landing_site": None,
    "referring_site": None,
}


def rest_time(at: datetime | None) -> str | None:
    """A time as REST writes it."""
    return at.astimezone(SHOP_ZONE).isoformat(timespec="seconds") if at else None


def graph_time(text: str | None) -> str | None:
    """A time of REST as GraphQL writes it."""
    at = datetime.fromisoformat(text).astimezone(UTC) if text else None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def amount(text: str, currency: str) -> str:
    """An amount as REST writes it: with the decimals of its currency."""
    return f"{Decimal(text):.{exponent(currency)}f}"


def _set(text: str, currency: str) -> dict[str, Any]:
    money = {"amount": text, "currency_code": currency}
    return {"shop_money": money, "presentment_money": dict(money)}


def order(number: int, currency: str, total: str, now: datetime) -> dict[str, Any]:
    """An order of two pieces for `total` together, that nobody has paid yet."""
    at = rest_time(now)
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "order_number": number,
        "email": "friend@example.com",
        "contact_email": "friend@example.com",
        "currency": currency,
        "presentment_currency": currency,
        "created_at": at,
        "updated_at": at,
        "processed_at": at,
        "cancelled_at": None,
        "cancel_reason": None,
        "closed_at": None,
        "financial_status": "pending",
        "fulfillment_status": None,
        **_sums(amount(total, currency), currency),
        "test": False,
        "note_attributes": [],
        "payment_gateway_names": ["manual"],
        "discount_codes": [],
        "customer": None,
        "billing_address": dict(_ADDRESS),
        "shipping_address": dict(_ADDRESS),
        **_VISIT,
        "line_items": [line(number * 10, currency, total)],
        "shipping_lines": [],
        "refunds": [],
        "fulfillments": [],
    }


def _sums(money: str, currency: str) -> dict[str, Any]:
    none = amount("0", currency)
    return {
        "total_price": money,
        "total_price_set": _set(money, currency),
        "subtotal_price": money,
        "total_line_items_price": money,
        "total_discounts": none,
        "total_tax": none,
        "taxes_included": False,
        "current_total_price": money,
    }


def line(number: int, currency: str, total: str, quantity: int = 1) -> dict[str, Any]:
    """One line for `total`."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{number}",
        "name": "Tee",
        "title": "Tee",
        "product_id": 10,
        "variant_id": 11,
        "sku": "TEE",
        "quantity": quantity,
        "price": amount(str(Decimal(total) / quantity), currency),
        "total_discount": amount("0", currency),
        "gift_card": False,
        "tax_lines": [],
        "discount_allocations": [],
    }


def customer(number: int, email: str, now: datetime) -> dict[str, Any]:
    """Somebody whom the shop knows."""
    at = rest_time(now)
    return {
        "id": number,
        "email": email,
        "first_name": "C",
        "last_name": "U",
        "created_at": at,
        "updated_at": at,
        "state": "disabled",
        "tags": "",
        "currency": "EUR",
    }


def refund(number: int, order: dict[str, Any], back: str, now: datetime) -> dict[str, Any]:
    """Money that goes back, without goods."""
    moved = {
        "id": number + 1,
        "order_id": order["id"],
        "kind": "refund",
        "status": "success",
        "gateway": "manual",
        "amount": amount(back, order["currency"]),
        "currency": order["currency"],
        "processed_at": rest_time(now),
    }
    return {
        "id": number,
        "order_id": order["id"],
        "created_at": rest_time(now),
        "processed_at": rest_time(now),
        "note": None,
        "refund_line_items": [],
        "order_adjustments": [],
        "transactions": [moved],
    }


def graph_order(
    rest: dict[str, Any], transactions: list[dict[str, Any]], disputes: list[dict[str, Any]]
) -> dict[str, Any]:
    """The same order as GraphQL writes it."""
    status = rest["fulfillment_status"]
    return {
        "id": rest["admin_graphql_api_id"],
        "legacyResourceId": str(rest["id"]),
        "name": rest["name"],
        "email": rest["email"],
        "customerLocale": rest["customer_locale"],
        "test": rest["test"],
        "currencyCode": rest["currency"],
        "taxesIncluded": rest["taxes_included"],
        "createdAt": graph_time(rest["created_at"]),
        "updatedAt": graph_time(rest["updated_at"]),
        "processedAt": graph_time(rest["processed_at"]),
        "cancelledAt": graph_time(rest["cancelled_at"]),
        "displayFinancialStatus": rest["financial_status"].upper(),
        "displayFulfillmentStatus": {
            "fulfilled": "FULFILLED",
            "partial": "PARTIALLY_FULFILLED",
        }.get(status, "UNFULFILLED"),
        "discountCodes": [each["code"] for each in rest["discount_codes"]],
        "paymentGatewayNames": rest["payment_gateway_names"],
        "totalPriceSet": _money(rest["total_price"]),
        "totalTaxSet": _money(rest["total_tax"]),
        "customAttributes": [
            {"key": each["name"], "value": each["value"]} for each in rest["note_attributes"]
        ],
        "customerJourneySummary": _journey(rest["landing_site"]),
        "customer": rest["customer"] and graph_customer(rest["customer"]),
        "shippingAddress": _address(rest["shipping_address"]),
        "billingAddress": _address(rest["billing_address"]),
        "lineItems": [_graph_line(each) for each in rest["line_items"]],
        "shippingLines": {"nodes": [_graph_shipping(each) for each in rest["shipping_lines"]]},
        "refunds": [_graph_refund(each) for each in rest["refunds"]],
        "fulfillments": [_graph_fulfillment(each) for each in rest["fulfillments"]],
        "transactions": [_graph_transaction(each) for each in transactions],
        "disputes": disputes,
    }


def graph_customer(rest: dict[str, Any]) -> dict[str, Any]:
    """The same customer as GraphQL writes it."""
    return {
        "id": f"gid://shopify/Customer/{rest['id']}",
        "legacyResourceId": str(rest["id"]),
        "firstName": rest["first_name"],
        "lastName": rest["last_name"],
        "defaultEmailAddress": {"emailAddress": rest["email"]} if rest["email"] else None,
        "updatedAt": graph_time(rest.get("updated_at")),
    }


def _graph_line(rest: dict[str, Any]) -> dict[str, Any]:
    product = {"legacyResourceId": str(rest["product_id"])} if rest["product_id"] else None
    allocated = rest["discount_allocations"]
    return {
        "id": rest["admin_graphql_api_id"],
        "name": rest["name"],
        "sku": rest["sku"],
        "quantity": rest["quantity"],
        "isGiftCard": rest["gift_card"],
        "product": product,
        "originalUnitPriceSet": _money(rest["price"]),
        "taxLines": _taxes(rest),
        "discountAllocations": [
            {"allocatedAmountSet": _money(each["amount"])} for each in allocated
        ],
    }


def _graph_shipping(rest: dict[str, Any]) -> dict[str, Any]:
    return {
        "originalPriceSet": _money(rest["price"]),
        "discountedPriceSet": _money(rest["discounted_price"]),
        "taxLines": _taxes(rest),
    }


def _graph_refund(rest: dict[str, Any]) -> dict[str, Any]:
    items = [
        {
            "quantity": each["quantity"],
            "lineItem": {"id": f"gid://shopify/LineItem/{each['line_item_id']}"},
            "subtotalSet": _money(str(each["subtotal"])),
            "totalTaxSet": _money(str(each["total_tax"])),
        }
        for each in rest["refund_line_items"]
    ]
    return {
        "legacyResourceId": str(rest["id"]),
        "createdAt": graph_time(rest["created_at"]),
        "refundLineItems": {
            "nodes": items,
            "pageInfo": {"hasNextPage": False, "endCursor": None},
        },
        "transactions": {"nodes": [_graph_transaction(each) for each in rest["transactions"]]},
    }


def _graph_transaction(rest: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": rest["kind"].upper(),
        "status": rest["status"].upper(),
        "gateway": rest["gateway"],
        "processedAt": graph_time(rest["processed_at"]),
        "amountSet": _money(rest["amount"]),
    }


def _graph_fulfillment(rest: dict[str, Any]) -> dict[str, Any]:
    arrived = rest["shipment_status"] == "delivered"
    return {
        "status": rest["status"].upper(),
        "displayStatus": "DELIVERED" if arrived else "FULFILLED",
        "createdAt": graph_time(rest["created_at"]),
        "updatedAt": graph_time(rest["updated_at"]),
        "deliveredAt": graph_time(rest["updated_at"]) if arrived else None,
    }


def _journey(landing: str | None) -> dict[str, Any] | None:
    """GraphQL writes the whole address of the page."""
    if landing is None:
        return None
    return {"firstVisit": {"landingPage": f"https://tea.example{landing}"}}


def _address(rest: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"countryCodeV2": rest["country_code"]} if rest else None


def _taxes(rest: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"priceSet": _money(each["price"])} for each in rest["tax_lines"]]


def _money(text: str) -> dict[str, Any]:
    """GraphQL writes at least one decimal and no zeros at the end, whatever the currency."""
    whole, _, rest = text.partition(".")
    return {"shopMoney": {"amount": f"{whole}.{rest.rstrip('0') or '0'}"}}


def only(document: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """Of a thing the fields that a subscription names, such as `email` or `customer.id`."""
    wanted: dict[str, list[str]] = {}
    for field in fields:
        name, _, part = field.partition(".")
        wanted.setdefault(name, []).append(part)
    return {name: _parts(value, wanted[name]) for name, value in document.items() if name in wanted}


def _parts(value: Any, parts: list[str]) -> Any:
    if isinstance(value, list) and parts != [""]:
        return [_parts(each, parts) for each in value]
    if isinstance(value, dict) and parts != [""]:
        return {name: part for name, part in value.items() if name in parts}
    return value


def place(*parts: str) -> str:
    """A place in a list, which only Shopify can read."""
    return base64.b64encode("|".join(parts).encode()).decode()
