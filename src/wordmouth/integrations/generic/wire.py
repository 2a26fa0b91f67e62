"""The generic format as it is written on the wire (`docs/generic-format.md`).

Bounds are here, as types; unknown fields are ignored. A field that is absent (UNSET) says
nothing, one that is null says "not so".
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

MAX_MINOR = 10**15
"""More minor units than any order has; small enough for every database and for JSON readers."""

Id = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,120}$")]
Short = Annotated[str, Meta(max_length=120)]
Long = Annotated[str, Meta(max_length=300)]
Category = Annotated[str, Meta(max_length=200)]
Address = Annotated[str, Meta(max_length=1000)]
Token = Annotated[str, Meta(max_length=2000)]
Email = Annotated[str, Meta(max_length=254)]
Locale = Annotated[str, Meta(max_length=12)]
Country = Annotated[str, Meta(pattern=r"^([A-Za-z]{2})?$")]
Currency = Annotated[str, Meta(pattern=r"^[A-Za-z]{3}$")]
Amount = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
SignedAmount = Annotated[int, Meta(ge=-MAX_MINOR, le=MAX_MINOR)]
Quantity = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Time = Annotated[datetime, Meta(tz=True)]


class Envelope(msgspec.Struct, frozen=True):
    """Every delivery: what it is and the thing itself."""

    type: Short
    data: msgspec.Raw


class Totals(msgspec.Struct, frozen=True):
    """Sums in minor units."""

    grand: Amount
    items: Amount | None = None
    discount: Amount | None = None
    shipping: Amount | None = None
    tax: Amount | None = None
    gift_card: Amount | None = None


class Customer(msgspec.Struct, frozen=True):
    """Who somebody is; any part may be missing."""

    id: Short | None = None
    email: Email | None = None
    first_name: Short | None = None
    last_name: Short | None = None
    locale: Locale | None = None


class Line(msgspec.Struct, frozen=True):
    """One line of an order. Its amounts may be negative: some shops write a discount as a line."""

    id: Short | None = None
    product_id: Short | None = None
    sku: Short | None = None
    name: Long | None = None
    category: Category | None = None
    quantity: Quantity | None = None
    unit_price: SignedAmount | None = None
    total: SignedAmount | None = None
    gift_card: bool | None = None


class RefundLine(msgspec.Struct, frozen=True):
    """What of a line went back, by the line's id."""

    id: Id
    quantity: Quantity | None = None
    amount: Amount | None = None


class Refund(msgspec.Struct, frozen=True):
    """Money given back, by its own id."""

    id: Id
    amount: Amount
    at: Time | None = None
    lines: Annotated[tuple[RefundLine, ...], Meta(max_length=2000)] | None = None


class ShippingAddress(msgspec.Struct, frozen=True):
    """Only the country is used."""

    country: Country | None = None


class Attribution(msgspec.Struct, frozen=True):
    """Where the buyer came from, as the shop remembers it."""

    token: Token | None = None
    code: Short | None = None


class Order(msgspec.Struct, frozen=True):
    """`order.snapshot`: the whole order as the shop sees it at `updated_at`."""

    id: Id
    updated_at: Time
    currency: Currency
    totals: Totals
    number: Short | UnsetType | None = UNSET
    placed_at: Time | UnsetType | None = UNSET
    paid_at: Time | UnsetType | None = UNSET
    fulfilled_at: Time | UnsetType | None = UNSET
    delivered_at: Time | UnsetType | None = UNSET
    cancelled_at: Time | UnsetType | None = UNSET
    charged_back_at: Time | UnsetType | None = UNSET
    customer: Customer | None = None
    discount_codes: Annotated[tuple[Short, ...], Meta(max_length=50)] | UnsetType | None = UNSET
    lines: Annotated[tuple[Line, ...], Meta(max_length=2000)] | UnsetType | None = UNSET
    refunds: Annotated[tuple[Refund, ...], Meta(max_length=1000)] | None = None
    shipping_address: ShippingAddress | UnsetType | None = UNSET
    attribution: Attribution | UnsetType | None = UNSET
    is_test: bool | UnsetType | None = UNSET


class Product(msgspec.Struct, frozen=True):
    """`product.snapshot`: a product as the shop sees it at `updated_at`."""

    id: Id
    updated_at: Time
    name: Long | None = None
    sku: Short | None = None
    category: Category | None = None
    price: Amount | None = None
    currency: Currency | None = None
    url: Address | None = None
    image_url: Address | None = None
