"""What WooCommerce says, as it is written on the wire (wc/v3). Unknown fields are ignored."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

Key = Annotated[int, Meta(ge=1, le=2**53)]
Text = Annotated[str, Meta(max_length=2000)]
Money = Annotated[Decimal, Meta(description="written as text, in major units")]


class MetaData(msgspec.Struct, frozen=True):
    """A note of the shop's or of a plug-in's."""

    key: str
    value: Any = None


class Billing(msgspec.Struct, frozen=True):
    """Who pays, and where."""

    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""
    country: Text = ""


class Shipping(msgspec.Struct, frozen=True):
    """Only the country is used."""

    country: Text = ""


class LineItem(msgspec.Struct, frozen=True):
    """A line: sums without tax, `total` after discounts. `price` is a number, everything else
    text."""

    id: Key
    name: Text | None = None
    product_id: int | None = None
    sku: Text | None = None
    quantity: float = 1
    subtotal: Money | None = None
    total: Money | None = None
    price: float | str | None = None


class CouponLine(msgspec.Struct, frozen=True):
    """A coupon that the order used."""

    code: Text = ""


class RefundSum(msgspec.Struct, frozen=True):
    """A refund as the order names it: `total` is negative."""

    id: Key
    total: Money


class Order(msgspec.Struct, frozen=True):
    """An order. Times ending in `_gmt` are UTC without saying so."""

    id: Key
    status: Text
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    total: Money
    number: Text = ""
    date_created_gmt: str | None = None
    date_modified_gmt: str | None = None
    date_paid_gmt: str | None = None
    date_completed_gmt: str | None = None
    discount_total: Money = Decimal(0)
    shipping_total: Money = Decimal(0)
    total_tax: Money = Decimal(0)
    customer_id: int = 0
    billing: Billing | None = None
    shipping: Shipping | None = None
    coupon_lines: tuple[CouponLine, ...] = ()
    line_items: Annotated[tuple[LineItem, ...], Meta(max_length=2000)] = ()
    refunds: Annotated[tuple[RefundSum, ...], Meta(max_length=1000)] = ()
    meta_data: tuple[MetaData, ...] = ()


class RefundItem(msgspec.Struct, frozen=True):
    """What of a line went back; sums and quantity are negative. The line that is meant stands in
    a note."""

    quantity: float = 0
    total: Money | None = None
    meta_data: tuple[MetaData, ...] = ()


class Refund(msgspec.Struct, frozen=True):
    """A refund by itself; `amount` is positive."""

    id: Key
    amount: Money
    date_created_gmt: str | None = None
    line_items: tuple[RefundItem, ...] = ()


class WholeOrder(msgspec.Struct, frozen=True):
    """An order with its refunds, as it is put together when it is read by the API."""

    order: Order
    refunds: tuple[Refund, ...] = ()


class Customer(msgspec.Struct, frozen=True):
    """A customer with an account."""

    id: Key
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""


class Image(msgspec.Struct, frozen=True):
    """A picture."""

    src: Text = ""


class Product(msgspec.Struct, frozen=True):
    """A product; `price` is what it costs now, empty where it cannot be bought by itself."""

    id: Key
    name: Text = ""
    sku: Text = ""
    price: Text = ""
    permalink: Text = ""
    date_modified_gmt: str | None = None
    date_created_gmt: str | None = None
    images: tuple[Image, ...] = ()


class WholeProduct(msgspec.Struct, frozen=True):
    """A product with what the shop counts in."""

    product: Product
    currency: Text


class Named(msgspec.Struct, frozen=True):
    """A thing of which only the number is told."""

    id: Key


class Action(msgspec.Struct, frozen=True):
    """What a webhook of the topic `action...` tells: something happened to the thing `arg`."""

    arg: Key


class ErrorObject(msgspec.Struct, frozen=True):
    """An error of the API in the place of a thing: WooCommerce signs and sends those as well."""

    code: str
    message: str
    data: Any = None


class Listed(msgspec.Struct, frozen=True):
    """What is needed of a listed thing to read on."""

    id: Key
    date_modified_gmt: str | None = None
    refunds: tuple[Named, ...] = ()


class Webhook(msgspec.Struct, frozen=True):
    """A webhook; its secret is never told."""

    id: Key
    name: str = ""
    status: str = ""
    topic: str = ""
    delivery_url: str = ""


class Coupon(msgspec.Struct, frozen=True):
    """A coupon."""

    id: Key
    code: str
    usage_count: int = 0
    date_expires_gmt: str | None = None
    status: str = "publish"
    meta_data: tuple[MetaData, ...] = ()


class Currency(msgspec.Struct, frozen=True):
    """The shop's currency."""

    code: str
