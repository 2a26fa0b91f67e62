"""What a basket costs: pure arithmetic in cents, no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from wordmouth_demo import money
from wordmouth_demo.catalog import Product

SHIPPING = 400
FREE_SHIPPING_FROM = 5000
MAX_QUANTITY = 99


@dataclass(frozen=True)
class BasketLine:
    """An article and how many of it."""

    product: Product
    quantity: int

    @property
    def total(self) -> int:
        """Price of the line in cents."""
        return self.product.price * self.quantity


@dataclass(frozen=True)
class CouponTerms:
    """What a coupon takes off. `value`: whole percent, cents, or 0 for free shipping."""

    code: str
    kind: str
    value: int


@dataclass(frozen=True)
class Totals:
    """The sums of an order in cents; prices include tax, so `tax` is 0."""

    items: int
    discount: int
    shipping: int
    tax: int = 0

    @property
    def grand(self) -> int:
        """What the buyer pays."""
        return self.items - self.discount + self.shipping + self.tax


def items_sum(lines: Iterable[BasketLine]) -> int:
    """Return the price of all lines before any discount."""
    return sum(line.total for line in lines)


def totals(items: int, coupon: CouponTerms | None) -> Totals:
    """Return the sums for goods worth `items`; a discount never exceeds the goods."""
    if items == 0:
        return Totals(0, 0, 0)
    discount = 0
    if coupon is not None and coupon.kind == "percent_off":
        discount = min(items, money.share(items, coupon.value))
    elif coupon is not None and coupon.kind == "amount_off":
        discount = min(items, coupon.value)
    ships_free = coupon is not None and coupon.kind == "free_shipping"
    shipping = 0 if ships_free or items - discount >= FREE_SHIPPING_FROM else SHIPPING
    return Totals(items, discount, shipping)


def describe(kind: str, value: int) -> str:
    """Say in words what a coupon takes off."""
    if kind == "percent_off":
        return f"{value}% off"
    if kind == "amount_off":
        return f"{money.show(value)} off"
    return "free shipping"
