"""What Shopify's webhooks say, as it is written on the wire. Unknown fields are ignored.

Amounts are text in the shop's own currency, times have a zone. What the app may not know of a
customer (protected customer data) is null or missing.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta

Key = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Text = Annotated[str, Meta(max_length=5000)]
Time = Annotated[datetime, Meta(tz=True)]
ZERO = Decimal(0)


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with an account, or whom an order made known."""

    id: Key | None = None
    email: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Only the country is used."""

    country_code: Text | None = None


class TaxLine(msgspec.Struct, frozen=True, kw_only=True):
    """A tax on a line or on its shipping."""

    price: Decimal = ZERO


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a discount that falls on a line."""

    amount: Decimal = ZERO


class LineItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line: `price` is that of one piece before discounts."""

    id: Key
    name: Text | None = None
    product_id: int | None = None
    sku: Text | None = None
    quantity: int = 1
    price: Decimal = ZERO
    gift_card: bool = False
    tax_lines: tuple[TaxLine, ...] = ()
    discount_allocations: tuple[Allocation, ...] = ()


class ShippingLine(msgspec.Struct, frozen=True, kw_only=True):
    """What sending costs; `discounted_price` after discounts on it."""

    price: Decimal = ZERO
    discounted_price: Decimal | None = None
    tax_lines: tuple[TaxLine, ...] = ()


class RefundItem(msgspec.Struct, frozen=True, kw_only=True):
    """What of a line went back; `subtotal` after discounts."""

    line_item_id: Key
    quantity: int = 0
    subtotal: Decimal = ZERO
    total_tax: Decimal = ZERO


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """Money that moved, or was to move, in a currency of its own."""

    kind: Text = ""
    status: Text = ""
    amount: Decimal = ZERO
    currency: Text | None = None


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund. Without transactions no money moved: goods were only taken out of the order."""

    id: Key
    created_at: Time | None = None
    refund_line_items: tuple[RefundItem, ...] = ()
    transactions: tuple[Transaction, ...] = ()


class Fulfillment(msgspec.Struct, frozen=True, kw_only=True):
    """Goods on their way. `shipment_status` is the carrier's word."""

    status: Text | None = None
    shipment_status: Text | None = None
    created_at: Time | None = None
    updated_at: Time | None = None


class NoteAttribute(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop's page wrote into the cart."""

    name: Text = ""
    value: str | int | float | bool | None = None


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A discount code that the order used."""

    code: Text = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order. `total_price` and `line_items` stay what they were when money or goods go back."""

    id: Key
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    total_price: Decimal
    updated_at: Time
    created_at: Time
    name: Text = ""
    email: Text | None = None
    processed_at: Time | None = None
    cancelled_at: Time | None = None
    financial_status: Text | None = None
    fulfillment_status: Text | None = None
    total_tax: Decimal | None = None
    taxes_included: bool = False
    test: bool = False
    customer: Customer | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    discount_codes: tuple[Code, ...] = ()
    line_items: Annotated[tuple[LineItem, ...], Meta(max_length=2000)] = ()
    shipping_lines: tuple[ShippingLine, ...] = ()
    refunds: Annotated[tuple[Refund, ...], Meta(max_length=1000)] = ()
    fulfillments: tuple[Fulfillment, ...] = ()
    note_attributes: tuple[NoteAttribute, ...] = ()
    landing_site: Text | None = None
    customer_locale: Text | None = None
    payment_gateway_names: tuple[Text, ...] = ()


class OfOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery about something of an order: a refund, a dispute, where a parcel is."""

    order_id: Key | None = None
    status: Text | None = None


class Privacy(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about personal data; of everybody's nobody is named."""

    customer: Customer | None = None


def names(kind: type[msgspec.Struct]) -> list[str]:
    """The fields of a thing as a subscription names those that it wants: `email`, and of things
    within it `customer.id`; what is within those comes whole."""
    found = []
    for field in msgspec.structs.fields(kind):
        inner = _struct_in(field.type)
        parts = msgspec.structs.fields(inner) if inner else ()
        found += [f"{field.encode_name}.{part.encode_name}" for part in parts] or [
            field.encode_name
        ]
    return found


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """The struct that a type is made of, such as that in `tuple[LineItem, ...]`."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    return next((found for part in get_args(kind) if (found := _struct_in(part))), None)
