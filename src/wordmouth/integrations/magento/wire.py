"""What Magento says, as it is written on the wire (REST V1). Unknown fields are ignored.

Amounts are numbers in major units with up to four decimals, in two currencies: `base_...` is what
the shop counts in. Times are UTC and do not say so. What is empty is left out, or null.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

Key = Annotated[int, Meta(ge=1, le=2**53)]
Text = Annotated[str, Meta(max_length=2000)]
Money = Annotated[Decimal, Meta(description="major units, a number")]


class Address(msgspec.Struct, frozen=True):
    """Who pays, or where to."""

    firstname: Text | None = None
    lastname: Text | None = None
    country_id: Text | None = None


class Shipping(msgspec.Struct, frozen=True):
    """Where to."""

    address: Address | None = None


class Assignment(msgspec.Struct, frozen=True):
    """A part of an order that is sent somewhere."""

    shipping: Shipping | None = None


class Beside(msgspec.Struct, frozen=True):
    """What stands beside an order or a credit memo: what of it was paid, or given back, with gift
    cards, store credit and points, which its total leaves out (Adobe Commerce); the visit by which
    the buyer came (our module)."""

    base_gift_cards_amount: Money | None = None
    base_customer_balance_amount: Money | None = None
    base_reward_currency_amount: Money | None = None
    shipping_assignments: tuple[Assignment, ...] | None = None
    wordmouth_token: Text | None = None


class Item(msgspec.Struct, frozen=True):
    """A line without tax, before its discount. What belongs to a bundle or stands for the variant
    that was chosen names its `parent_item_id`."""

    item_id: Key
    parent_item_id: int | None = None
    product_id: int | None = None
    product_type: Text | None = None
    sku: Text | None = None
    name: Text | None = None
    qty_ordered: float = 0
    qty_canceled: float | None = None
    qty_refunded: float | None = None
    qty_shipped: float | None = None
    is_virtual: int | bool | None = None
    base_price: Money | None = None
    base_row_total: Money | None = None
    base_discount_amount: Money | None = None
    base_discount_tax_compensation_amount: Money | None = None


class Order(msgspec.Struct, frozen=True):
    """An order. `state` is Magento's own, `status` what a shop calls it. `..._canceled` is what was
    taken out of it before it was paid."""

    entity_id: Key
    state: Text
    created_at: Text
    updated_at: Text
    base_currency_code: Text
    base_grand_total: Money
    increment_id: Text | None = None
    is_virtual: int | bool | None = None
    base_subtotal: Money | None = None
    base_discount_amount: Money | None = None
    base_discount_tax_compensation_amount: Money | None = None
    base_shipping_amount: Money | None = None
    base_shipping_discount_amount: Money | None = None
    base_shipping_discount_tax_compensation_amnt: Money | None = None
    base_tax_amount: Money | None = None
    base_total_paid: Money | None = None
    base_total_canceled: Money | None = None
    base_subtotal_canceled: Money | None = None
    base_discount_canceled: Money | None = None
    base_shipping_canceled: Money | None = None
    base_tax_canceled: Money | None = None
    coupon_code: Text | None = None
    customer_id: int | None = None
    customer_email: Text | None = None
    customer_firstname: Text | None = None
    customer_lastname: Text | None = None
    billing_address: Address | None = None
    items: Annotated[tuple[Item, ...], Meta(max_length=4000)] | None = None
    extension_attributes: Beside | None = None


class Invoice(msgspec.Struct, frozen=True):
    """Money that was asked for, or taken (`state` 2)."""

    order_id: Key
    created_at: Text
    state: int | None = None


class Shipment(msgspec.Struct, frozen=True):
    """A parcel."""

    order_id: Key
    created_at: Text


class RefundItem(msgspec.Struct, frozen=True):
    """What of a line went back."""

    order_item_id: Key
    qty: float | None = None
    base_row_total: Money | None = None
    base_discount_amount: Money | None = None
    base_discount_tax_compensation_amount: Money | None = None


class CreditMemo(msgspec.Struct, frozen=True):
    """Money that went back; `base_adjustment` is what was given or kept beside the goods."""

    entity_id: Key
    order_id: Key
    created_at: Text
    base_grand_total: Money
    state: int | None = None
    base_adjustment: Money | None = None
    items: Annotated[tuple[RefundItem, ...], Meta(max_length=4000)] | None = None
    extension_attributes: Beside | None = None


class WholeOrder(msgspec.Struct, frozen=True):
    """An order with what became of it, as it is put together when it is read."""

    order: Order
    invoices: tuple[Invoice, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    creditmemos: Annotated[tuple[CreditMemo, ...], Meta(max_length=1000)] = ()


class Customer(msgspec.Struct, frozen=True):
    """A customer with an account."""

    id: Key
    email: Text | None = None
    firstname: Text | None = None
    lastname: Text | None = None


class Attribute(msgspec.Struct, frozen=True):
    """A property of a product that a shop may have or not."""

    attribute_code: Text
    value: Any = None


class Product(msgspec.Struct, frozen=True):
    """A product; the price is in what the shop counts in."""

    id: Key
    sku: Text
    updated_at: Text
    name: Text | None = None
    price: Money | None = None
    type_id: Text | None = None
    custom_attributes: tuple[Attribute, ...] | None = None


class WholeProduct(msgspec.Struct, frozen=True):
    """A product with what the shop counts in and where its pictures are."""

    product: Product
    currency: Text
    media: Text = ""


class Listed(msgspec.Struct, frozen=True):
    """What is needed of a listed thing to read on. Customers and products write `id`."""

    updated_at: Text
    entity_id: int = 0
    id: int = 0
    state: Text | int | None = None

    @property
    def number(self) -> int:
        """Its number, by which things of one second are told apart."""
        return self.entity_id or self.id


class OfOrder(msgspec.Struct, frozen=True):
    """Something of an order."""

    entity_id: Key
    order_id: Key


class View(msgspec.Struct, frozen=True):
    """A store view: an order is placed in one, and it belongs to a website."""

    id: int
    website_id: int
    base_currency_code: Text = ""
    timezone: Text = ""
    secure_base_media_url: Text | None = None


class Website(msgspec.Struct, frozen=True):
    """A website; number 0 is the one for the staff."""

    id: int
    code: Text


class Group(msgspec.Struct, frozen=True):
    """A group of customers; number 0 is for those who are not signed in."""

    id: int


class Rule(msgspec.Struct, frozen=True):
    """A cart price rule: the terms of all coupons below it."""

    rule_id: Key
    name: Text = ""
    description: Annotated[str, Meta(max_length=65535)] | None = None
    is_active: bool = True
    website_ids: tuple[int, ...] = ()
    customer_group_ids: tuple[int, ...] = ()


class Coupon(msgspec.Struct, frozen=True):
    """A coupon, below its rule."""

    coupon_id: Key
    rule_id: Key
    code: Text
    times_used: int | None = None


class HintData(msgspec.Struct, frozen=True):
    """What a hint is about."""

    id: str | int


class Hint(msgspec.Struct, frozen=True):
    """A hint: that something changed, such as `order.changed`."""

    type: str
    data: msgspec.Raw = msgspec.Raw(b"{}")
