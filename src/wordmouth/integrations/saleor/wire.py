"""What Saleor says, as it is written on the wire. Unknown fields are ignored.

Amounts are numbers in major units of the order's currency, times have a zone, and ids are Saleor's
own, such as `T3JkZXI6...`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

Key = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=5000)]
Time = Annotated[datetime, Meta(tz=True)]


class Camel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something whose fields are written in camel case."""


class Named(Camel, frozen=True):
    """A thing by its id."""

    id: Key


class Amount(Camel, frozen=True):
    """An amount in major units."""

    amount: Decimal


class Net(Camel, frozen=True):
    """An amount without tax."""

    net: Amount


class Taxed(Net, frozen=True):
    """An amount without and with tax."""

    gross: Amount


class Total(Taxed, frozen=True):
    """What is left to pay after gift cards, in a currency."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class Person(Camel, frozen=True):
    """Somebody with an account."""

    id: Key
    email: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    language_code: Text | None = None


class Country(Camel, frozen=True):
    """A country by its two letters."""

    code: Text = ""


class Address(Camel, frozen=True):
    """Only the country is used."""

    country: Country = Country()


class Category(Camel, frozen=True):
    """The category of a product."""

    name: Text = ""


class ProductType(Camel, frozen=True):
    """`GIFT_CARD` or `NORMAL`."""

    kind: Text = ""


class Product(Camel, frozen=True):
    """What was bought, as the catalogue has it now."""

    id: Key
    category: Category | None = None
    product_type: ProductType = ProductType()


class Variant(Camel, frozen=True):
    """The form of a product that was bought."""

    product: Product


class Line(Camel, frozen=True):
    """A line: `undiscounted...` before discounts, `total_price` after them. Without `variant` where
    the shop does not have it any more."""

    id: Key
    quantity: int
    undiscounted_unit_price: Net
    undiscounted_total_price: Net
    total_price: Net
    product_name: Text = ""
    product_sku: Text | None = None
    variant: Variant | None = None


class Fulfillment(Camel, frozen=True):
    """Goods on their way, or back."""

    status: Text
    created: Time


class Event(Camel, frozen=True):
    """Something that happened to an order."""

    type: Text | None = None
    date: Time | None = None


class MoneyEvent(Camel, frozen=True):
    """Something that happened to a payment, by the transactions API. What takes another event back
    has the same `psp_reference`."""

    id: Key
    created_at: Time
    amount: Amount
    type: Text | None = None
    psp_reference: Text = ""


class Transaction(Camel, frozen=True):
    """A payment by the transactions API."""

    events: tuple[MoneyEvent, ...] = ()


class Moved(Camel, frozen=True):
    """Money that moved, or was to move, by the older payments API."""

    id: Key
    kind: Text
    is_success: bool
    created: Time
    amount: Amount | None = None


class Payment(Camel, frozen=True):
    """A payment by the older API."""

    transactions: tuple[Moved, ...] | None = None


class GrantedLine(Camel, frozen=True):
    """What of a line a refund is for."""

    order_line: Named
    quantity: int = 0


class Granted(Camel, frozen=True):
    """A refund that the merchant granted, and the movements of money that came of it."""

    lines: tuple[GrantedLine, ...] | None = None
    transaction_events: tuple[Named, ...] | None = None


class Order(Camel, frozen=True):
    """An order, whole."""

    id: Key
    updated_at: Time
    created: Time
    status: Text
    total: Total
    subtotal: Taxed
    shipping_price: Taxed
    number: Text = ""
    charge_status: Text = ""
    voucher_code: Text | None = None
    user_email: Text | None = None
    language_code_enum: Text = ""
    metafields: dict[str, str] | None = None
    user: Person | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    gift_cards: tuple[Named, ...] = ()
    lines: Annotated[tuple[Line, ...], Meta(max_length=2000)] = ()
    fulfillments: tuple[Fulfillment, ...] = ()
    events: tuple[Event, ...] | None = None
    transactions: tuple[Transaction, ...] | None = None
    payments: tuple[Payment, ...] | None = None
    granted_refunds: tuple[Granted, ...] | None = None


class Price(Amount, frozen=True):
    """An amount in a currency of its own."""

    currency: Text


class ChannelListing(Camel, frozen=True):
    """What a product is in one channel: shown or not, and what its cheapest form costs."""

    is_published: bool
    discounted_price: Price | None = None


class Sku(Camel, frozen=True):
    """The form of a product that is shown first."""

    sku: Text | None = None


class Image(Camel, frozen=True):
    """A picture."""

    url: Text


class CatalogProduct(Camel, frozen=True):
    """A product of the catalogue."""

    id: Key
    updated_at: Time
    name: Text = ""
    category: Category | None = None
    default_variant: Sku | None = None
    thumbnail: Image | None = None
    channel_listings: tuple[ChannelListing, ...] | None = None


class Cause(Camel, frozen=True):
    """Saleor's own word for an error."""

    code: str | None = None


class Extensions(Camel, frozen=True):
    """What stands beside an error."""

    exception: Cause | None = None


class Error(Camel, frozen=True):
    """An error of a question, or of a part of it."""

    message: str = ""
    extensions: Extensions | None = None


class Told(Camel, frozen=True):
    """A delivery: of an order or of a customer. `errors` where a part could not be told."""

    order: msgspec.Raw = msgspec.Raw(b"null")
    user: Person | None = None
    errors: tuple[Error, ...] | None = None


class Envelope(Camel, frozen=True):
    """Every answer, with status 200 even where it says no."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: tuple[Error, ...] | None = None


class UserError(Camel, frozen=True):
    """Why a change was not made."""

    code: str | None = None
    message: str | None = None
    field: str | None = None


class PageInfo(Camel, frozen=True):
    """Whether there is more, and behind what."""

    has_next_page: bool
    end_cursor: str | None = None


class Edge(Camel, frozen=True):
    """A thing of a list."""

    node: msgspec.Raw


class Listed(Camel, frozen=True):
    """A part of a list."""

    edges: tuple[Edge, ...]
    page_info: PageInfo


class CodeNode(Camel, frozen=True):
    """A code of a voucher, and how often it was used."""

    code: str
    used: int | None = None


class CodeEdge(Camel, frozen=True):
    """One of them."""

    node: CodeNode


class Codes(Camel, frozen=True):
    """The first codes of a voucher; one of ours has one."""

    edges: tuple[CodeEdge, ...] = ()


class Voucher(Camel, frozen=True):
    """A voucher. Without `channel_listings` it is worth nothing anywhere."""

    id: Key
    name: str | None = None
    end_date: Time | None = None
    codes: Codes | None = None
    channel_listings: tuple[Named, ...] | None = None


class Channel(Camel, frozen=True):
    """A part of the shop with a currency of its own."""

    id: Key
    slug: str
    currency_code: str
    is_active: bool = True


class Permission(Camel, frozen=True):
    """Something that the app may do."""

    code: str


class HookEvent(Camel, frozen=True):
    """Something that a webhook is sent for."""

    event_type: str


class Hook(Camel, frozen=True):
    """A webhook of the app."""

    id: Key
    target_url: str
    is_active: bool
    subscription_query: str | None = None
    async_events: tuple[HookEvent, ...] = ()


class App(Camel, frozen=True):
    """The app whose token opens the API."""

    name: str | None = None
    permissions: tuple[Permission, ...] | None = None
    webhooks: tuple[Hook, ...] | None = None


class Jwk(msgspec.Struct, frozen=True, kw_only=True):
    """A key that the shop signs with, as RFC 7517 writes it."""

    kty: str
    n: str = ""
    e: str = ""


class Jwks(msgspec.Struct, frozen=True, kw_only=True):
    """All of them."""

    keys: tuple[Jwk, ...]
