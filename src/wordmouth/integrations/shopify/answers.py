"""The form of what the GraphQL Admin API answers. Unknown fields are ignored."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec


class Camel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something whose fields are written in camel case."""


class Throttle(Camel, frozen=True):
    """How many points are left, and how many come back each second."""

    currently_available: float = 0
    restore_rate: float = 0


class Cost(Camel, frozen=True):
    """What a question cost."""

    requested_query_cost: float = 0
    throttle_status: Throttle | None = None


class Extensions(Camel, frozen=True):
    """What stands beside an answer."""

    cost: Cost | None = None


class ErrorKind(Camel, frozen=True):
    """The word for an error."""

    code: str | None = None


class Error(Camel, frozen=True):
    """An error of a question, or of the part of it at `path`."""

    message: str = ""
    path: tuple[str | int, ...] | None = None
    extensions: ErrorKind | None = None


class Envelope(Camel, frozen=True):
    """Every answer, with status 200 even where it says no."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: tuple[Error, ...] | str | None = None
    extensions: Extensions | None = None


class UserError(Camel, frozen=True):
    """Why a mutation did nothing."""

    message: str = ""
    code: str | None = None


class Amount(Camel, frozen=True):
    """An amount in major units."""

    amount: Decimal = Decimal(0)


class Money(Camel, frozen=True):
    """An amount in the shop's own currency; what the customer saw is left alone."""

    shop_money: Amount = Amount()


class PageInfo(Camel, frozen=True):
    """Whether there is more, and behind what."""

    has_next_page: bool
    end_cursor: str | None = None


class Email(Camel, frozen=True):
    """An address of a customer."""

    email_address: str | None = None


class Person(Camel, frozen=True):
    """A customer; what the app may not know is null."""

    legacy_resource_id: str
    first_name: str | None = None
    last_name: str | None = None
    default_email_address: Email | None = None


class Named(Camel, frozen=True):
    """A thing by its global id, such as `gid://shopify/LineItem/17`."""

    id: str


class Product(Camel, frozen=True):
    """A product by its number."""

    legacy_resource_id: str


class TaxLine(Camel, frozen=True):
    """A tax."""

    price_set: Money


class Allocation(Camel, frozen=True):
    """The part of a discount that falls on a line."""

    allocated_amount_set: Money


class LineItem(Camel, frozen=True):
    """A line."""

    id: str
    original_unit_price_set: Money
    name: str = ""
    sku: str | None = None
    quantity: int = 1
    is_gift_card: bool = False
    product: Product | None = None
    tax_lines: tuple[TaxLine, ...] = ()
    discount_allocations: tuple[Allocation, ...] = ()


class LineItems(Camel, frozen=True):
    """A part of the lines."""

    nodes: tuple[LineItem, ...]
    page_info: PageInfo


class ShippingLine(Camel, frozen=True):
    """What sending costs."""

    original_price_set: Money
    discounted_price_set: Money
    tax_lines: tuple[TaxLine, ...] = ()


class ShippingLines(Camel, frozen=True):
    """All of them."""

    nodes: tuple[ShippingLine, ...]


class RefundItem(Camel, frozen=True):
    """What of a line went back."""

    line_item: Named
    subtotal_set: Money
    total_tax_set: Money
    quantity: int = 0


class RefundItems(Camel, frozen=True):
    """What went back."""

    nodes: tuple[RefundItem, ...]
    page_info: PageInfo


class Transaction(Camel, frozen=True):
    """Money that moved, or was to move."""

    kind: str
    status: str
    amount_set: Money
    gateway: str | None = None
    processed_at: datetime | None = None


class Transactions(Camel, frozen=True):
    """Those of a refund."""

    nodes: tuple[Transaction, ...]


class Refund(Camel, frozen=True):
    """A refund."""

    legacy_resource_id: str
    refund_line_items: RefundItems
    transactions: Transactions
    created_at: datetime | None = None


class Fulfillment(Camel, frozen=True):
    """Goods on their way."""

    status: str
    created_at: datetime
    display_status: str | None = None
    updated_at: datetime | None = None
    delivered_at: datetime | None = None


class Dispute(Camel, frozen=True):
    """The bank asks, or takes the money back."""

    initiated_as: str
    status: str


class Address(Camel, frozen=True):
    """Only the country is used."""

    country_code_v2: str | None = msgspec.field(default=None, name="countryCodeV2")


class Attribute(Camel, frozen=True):
    """What the shop's page wrote into the cart."""

    key: str
    value: str | None = None


class Visit(Camel, frozen=True):
    """The page at which a visit began."""

    landing_page: str | None = None


class Journey(Camel, frozen=True):
    """How the customer came."""

    first_visit: Visit | None = None


class Order(Camel, frozen=True):
    """An order, whole but for lines behind the first page."""

    legacy_resource_id: str
    name: str
    currency_code: str
    created_at: datetime
    updated_at: datetime
    total_price_set: Money
    line_items: LineItems
    email: str | None = None
    customer_locale: str | None = None
    test: bool = False
    taxes_included: bool = False
    processed_at: datetime | None = None
    cancelled_at: datetime | None = None
    display_financial_status: str | None = None
    display_fulfillment_status: str = ""
    discount_codes: tuple[str, ...] = ()
    total_tax_set: Money | None = None
    custom_attributes: tuple[Attribute, ...] = ()
    customer_journey_summary: Journey | None = None
    customer: Person | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping_lines: ShippingLines = ShippingLines(nodes=())
    refunds: tuple[Refund, ...] = ()
    fulfillments: tuple[Fulfillment, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    disputes: tuple[Dispute, ...] = ()


class WholeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order with the lines behind its first page, as it is put together when it is read."""

    order: Order
    lines: tuple[LineItem, ...] = ()


class Discount(Camel, frozen=True):
    """A discount; of kinds that we never make only the kind is told."""

    typename: str = msgspec.field(name="__typename")
    title: str = ""
    status: str = ""
    ends_at: datetime | None = None
    async_usage_count: int = 0


class DiscountNode(Camel, frozen=True):
    """A discount and its id."""

    id: str
    code_discount: Discount
