"""What Shift4Shop says, as it is written on the wire (v1). Unknown fields are ignored."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

Key = Annotated[int, Meta(ge=1, le=2**53)]
Text = Annotated[str, Meta(max_length=2000)]
Money = Annotated[Decimal, Meta(description="major units, a number")]
NOTHING = Decimal(0)


class _Wire(msgspec.Struct, frozen=True, rename="pascal"):
    """Fields are written in Pascal's way."""


class Shipment(_Wire, frozen=True):
    """What the shipping of an order, or of a part of it, cost."""

    shipment_cost: Money | None = None


class Item(_Wire, frozen=True):
    """A line: the price of one piece, and what its options cost beside."""

    item_index_id: Key = msgspec.field(name="ItemIndexID")
    catalog_id: int | None = msgspec.field(name="CatalogID", default=None)
    item_id: Text | None = msgspec.field(name="ItemID", default=None)
    item_description: Annotated[str, Meta(max_length=65535)] | None = None
    item_quantity: float = 1
    item_unit_price: Money = NOTHING
    item_option_price: Money | None = None


class UsedPromotion(_Wire, frozen=True):
    """A promotion that an order used; it has a coupon or goes by itself."""

    coupon: Text | None = None


class Transaction(_Wire, frozen=True):
    """Money that moved, or was to."""

    transaction_index_id: Key = msgspec.field(name="TransactionIndexID")
    transaction_type: Text | None = None
    transaction_amount: Money = NOTHING
    transaction_date_time: Text | None = None
    transaction_captured: int | None = None


class Order(_Wire, frozen=True):
    """An order. Times are Eastern Time and do not say so."""

    order_id: Key = msgspec.field(name="OrderID")
    order_date: Text
    last_update: Text
    order_status_id: int = msgspec.field(name="OrderStatusID")
    order_amount: Money
    invoice_number_prefix: Text | None = None
    invoice_number: int | None = None
    customer_id: int | None = msgspec.field(name="CustomerID", default=None)
    billing_first_name: Text | None = None
    billing_last_name: Text | None = None
    billing_email: Text | None = None
    billing_country: Text | None = None
    billing_on_line_payment: bool | None = None
    order_discount: Money | None = None
    sales_tax: Money | None = None
    sales_tax2: Money | None = None
    sales_tax3: Money | None = None
    shipment_list: tuple[Shipment, ...] | None = None
    order_item_list: Annotated[tuple[Item, ...], Meta(max_length=2000)] | None = None
    promotion_list: tuple[UsedPromotion, ...] | None = None
    transaction_list: Annotated[tuple[Transaction, ...], Meta(max_length=1000)] | None = None


class WholeOrder(msgspec.Struct, frozen=True):
    """An order with the name of its status and the shop's currency, as it is put together when it
    is read."""

    order: Order
    status: Text
    currency: Text


class Listed(_Wire, frozen=True):
    """What is needed of a listed order to read on."""

    order_id: Key = msgspec.field(name="OrderID")
    last_update: Text
    order_status_id: int = msgspec.field(name="OrderStatusID")


class Customer(_Wire, frozen=True):
    """A customer with an account."""

    customer_id: Key = msgspec.field(name="CustomerID")
    email: Text | None = None
    billing_first_name: Text | None = None
    billing_last_name: Text | None = None


class Hint(_Wire, frozen=True):
    """What is used of a delivery: the numbers of what it is about."""

    order_id: int | None = msgspec.field(name="OrderID", default=None)
    customer_id: int | None = msgspec.field(name="CustomerID", default=None)


class Status(_Wire, frozen=True):
    """What a status is for; `status_text` is what the shop calls it."""

    order_status_id: int = msgspec.field(name="OrderStatusID")
    status_definition: Text = ""


class Standards(_Wire, frozen=True):
    """How the shop counts."""

    currency_code: Text = ""


class Settings(_Wire, frozen=True):
    """The shop itself."""

    store_standards: Standards = Standards()


class Event(_Wire, frozen=True):
    """What can be told, by the number that this shop has for it."""

    event_type: int
    event_name: Text


class Hook(_Wire, frozen=True):
    """A webhook."""

    id: Key
    url: Text
    event_type: int
    enabled: bool = False


class Promotion(_Wire, frozen=True):
    """A promotion, with a coupon or without."""

    promotion_id: Key = msgspec.field(name="PromotionID")
    promotion_name: Text = ""
    promotion_description: Annotated[str, Meta(max_length=65535)] | None = None
    promotion_coupon: Text | None = None
    promotion_enabled: int = 1
    promotion_end: Text | None = None
    promotion_uses: int | None = None
