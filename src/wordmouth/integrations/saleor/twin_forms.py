"""What the fake twin of Saleor says of a thing, in the words of its schema."""

from __future__ import annotations

import base64
from datetime import datetime
from decimal import Decimal
from typing import Any


def name_of(kind: str, number: object) -> str:
    """Saleor's id of a thing."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def time(at: datetime) -> str:
    """A time as Saleor writes it, with all its digits."""
    return at.isoformat(timespec="microseconds")


def money(amount: Decimal | str, currency: str) -> dict[str, Any]:
    """An amount, a number with or without decimals."""
    return {"currency": currency, "amount": float(amount)}


def taxed(net: str, currency: str, tax: str = "0") -> dict[str, Any]:
    """An amount without and with tax."""
    return {
        "currency": currency,
        "net": money(net, currency),
        "gross": money(Decimal(net) + Decimal(tax), currency),
        "tax": money(tax, currency),
    }


def order(name: str, number: int, currency: str, total: str, now: datetime) -> dict[str, Any]:
    """An order of two pieces for `total` together, that nobody has paid yet."""
    half = str(Decimal(total) / 2)
    address = {"country": {"code": "EE", "country": "Estonia"}}
    return {
        "id": name,
        "number": str(number),
        "created": time(now),
        "updatedAt": time(now),
        "status": "UNFULFILLED",
        "chargeStatus": "FULL" if Decimal(total) == 0 else "NONE",
        "isPaid": Decimal(total) == 0,
        "metadata": {},
        "user": None,
        "userEmail": "friend@example.com",
        "languageCodeEnum": "ET",
        "billingAddress": address,
        "shippingAddress": address,
        "fulfillments": [],
        "lines": [line(name_of("OrderLine", number), currency, total, half)],
        "events": [{"id": name_of("OrderEvent", number), "date": time(now), "type": "PLACED"}],
        "transactions": [],
        "payments": [],
        "grantedRefunds": [],
        "giftCards": [],
        "total": taxed(total, currency),
        "subtotal": taxed(total, currency),
        "shippingPrice": taxed("0", currency),
        "voucherCode": None,
    }


def line(name: str, currency: str, total: str, each: str, quantity: int = 2) -> dict[str, Any]:
    """One line for `total`."""
    return {
        "id": name,
        "productName": "Tee",
        "productSku": "TEE",
        "quantity": quantity,
        "unitPrice": taxed(each, currency),
        "undiscountedUnitPrice": taxed(each, currency),
        "totalPrice": taxed(total, currency),
        "undiscountedTotalPrice": taxed(total, currency),
        "variant": variant("NORMAL"),
    }


def variant(kind: str) -> dict[str, Any]:
    """The form of a product."""
    category = {"id": name_of("Category", 3), "name": "Drinks"}
    product_type = {"id": name_of("ProductType", 2), "kind": kind}
    product = {"id": name_of("Product", 10), "category": category, "productType": product_type}
    return {"id": name_of("ProductVariant", 11), "product": product}


def money_event(
    name: str, kind: str, amount: Decimal, currency: str, reference: str, now: datetime
) -> dict[str, Any]:
    """Something that happened to a payment."""
    return {
        "id": name,
        "type": kind,
        "createdAt": time(now),
        "pspReference": reference,
        "amount": money(amount, currency),
    }


def customer(name: str, email: str, now: datetime) -> dict[str, Any]:
    """Somebody with an account."""
    return {
        "id": name,
        "email": email,
        "firstName": "C",
        "lastName": "U",
        "languageCode": "PT_BR",
        "updatedAt": time(now),
    }


def product(name: str, title: str, price: str, now: datetime) -> dict[str, Any]:
    """A product that one channel shows and another does not."""
    listings = [
        {"id": "1", "isPublished": False, "discountedPrice": money("1", "USD")},
        {"id": "2", "isPublished": True, "discountedPrice": money(price, "EUR")},
    ]
    return {
        "id": name,
        "name": title,
        "updatedAt": time(now),
        "category": {"id": name_of("Category", 3), "name": "Drinks"},
        "productType": {"id": name_of("ProductType", 2), "kind": "NORMAL"},
        "defaultVariant": {"id": name_of("ProductVariant", 11), "sku": "TEE"},
        "thumbnail": {"url": "https://tea.example/thumbnail/tee.png"},
        "channelListings": listings,
    }
