"""What BigCommerce says, as it is written on the wire: orders and coupons in v2, everything else in
v3. Unknown fields are ignored."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

Key = Annotated[int, Meta(ge=1, le=2**53)]
Text = Annotated[str, Meta(max_length=2000)]
Money = Annotated[Decimal, Meta(description="major units; text with four decimals in v2")]
NOTHING = Decimal(0)


class Billing(msgspec.Struct, frozen=True):
    """Who pays, and where."""

    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""
    country_iso2: Text = ""


class Order(msgspec.Struct, frozen=True):
    """An order (v2). Times are written as in mails. Amounts are of `default_currency_code`, in
    which the buyer pays; `currency_code` is only what the shop's pages showed."""

    id: Key
    status_id: int
    date_created: Text
    date_modified: Text
    date_shipped: Text | None = None
    customer_id: int = 0
    payment_status: Text | None = None
    payment_method: Text | None = None
    default_currency_code: str | None = None
    currency_code: str | None = None
    subtotal_ex_tax: Money = NOTHING
    shipping_cost_ex_tax: Money = NOTHING
    handling_cost_ex_tax: Money = NOTHING
    wrapping_cost_ex_tax: Money = NOTHING
    total_inc_tax: Money = NOTHING
    total_tax: Money = NOTHING
    discount_amount: Money = NOTHING
    coupon_discount: Money = NOTHING
    gift_certificate_amount: Money = NOTHING
    refunded_amount: Money = NOTHING
    billing_address: Billing | None = None


class Discount(msgspec.Struct, frozen=True):
    """What a promotion, a coupon or the staff took off a line."""

    amount: Money = NOTHING


class Product(msgspec.Struct, frozen=True):
    """A line of an order: sums without tax, before the discounts that are listed with it."""

    id: Key
    product_id: int | None = None
    name: Text | None = None
    sku: Text | None = None
    type: Text | None = None
    quantity: float = 1
    price_ex_tax: Money = NOTHING
    total_ex_tax: Money = NOTHING
    applied_discounts: tuple[Discount, ...] = ()


class UsedCoupon(msgspec.Struct, frozen=True):
    """A coupon that an order used."""

    code: Text = ""


class RefundItem(msgspec.Struct, frozen=True):
    """What a refund is for: `PRODUCT` (a line, by its id), `ORDER` (an amount of the whole),
    `SHIPPING`, `HANDLING`, `TAX`, `GIFT_WRAPPING`, `FEE`."""

    item_type: str
    item_id: int = 0
    quantity: int | None = None
    requested_amount: Money | None = None


class RefundPayment(msgspec.Struct, frozen=True):
    """One way by which the money goes back; the provider may decline it."""

    amount: Money = NOTHING
    is_declined: bool = False


class Refund(msgspec.Struct, frozen=True):
    """A refund (v3)."""

    id: Key
    total_amount: Money
    created: str | None = None
    items: tuple[RefundItem, ...] = ()
    payments: tuple[RefundPayment, ...] = ()


class WholeOrder(msgspec.Struct, frozen=True):
    """An order with what is listed elsewhere, as it is put together when it is read."""

    order: Order
    products: Annotated[tuple[Product, ...], Meta(max_length=2000)] = ()
    coupons: tuple[UsedCoupon, ...] = ()
    refunds: Annotated[tuple[Refund, ...], Meta(max_length=1000)] = ()


class Listed(msgspec.Struct, frozen=True):
    """What is needed of a listed order to read the rest of it, and to read on."""

    id: Key
    status_id: int
    date_modified: str
    refunded_amount: Money = NOTHING


class Customer(msgspec.Struct, frozen=True):
    """A customer with an account (v3)."""

    id: Key
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""


class ListedCustomer(msgspec.Struct, frozen=True):
    """What is needed of a listed customer to read on."""

    id: Key
    date_modified: str


class ListedCustomers(msgspec.Struct, frozen=True):
    """Customers, as v3 wraps lists."""

    data: list[ListedCustomer]


class Named(msgspec.Struct, frozen=True):
    """A thing of which only the number is used."""

    id: Key


class Hint(msgspec.Struct, frozen=True):
    """A delivery: what happened (`scope`) to which thing, which has a number in some
    scopes and none in others."""

    scope: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class Hook(msgspec.Struct, frozen=True):
    """A webhook."""

    id: Key
    scope: str = ""
    destination: str = ""
    is_active: bool = False


class Hooks(msgspec.Struct, frozen=True):
    """Webhooks, as v3 wraps lists."""

    data: list[Hook]


class Raws(msgspec.Struct, frozen=True):
    """Any list of v3, its things as they were written."""

    data: list[msgspec.Raw]


class Coupon(msgspec.Struct, frozen=True):
    """A coupon (v2)."""

    id: Key
    code: str
    name: str = ""
    enabled: bool = True
    num_uses: int = 0
    expires: str | None = None


class Store(msgspec.Struct, frozen=True):
    """The shop itself (v2). `currency` is the one that coupons are counted in."""

    name: str = ""
    currency: str = ""
