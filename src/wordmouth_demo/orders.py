"""Orders of the shop: placing them and everything that happens to them afterwards.

Every change is one transaction that also writes the new full snapshot into the outbox; sending is
the caller's next step (`deliveries.flush()`), after the commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from wordmouth_demo import coupons, deliveries, money, pricing, snapshot
from wordmouth_demo.models import ORDER_NUMBER_BASE, Customer, Order, OrderLine, Refund
from wordmouth_demo.pricing import BasketLine


class OrderProblem(Exception):
    """What was asked cannot be done with this order; the message says why."""


@dataclass(frozen=True)
class Buyer:
    """Who buys. The e-mail decides whether the shop knows them."""

    email: str
    first_name: str
    last_name: str = ""
    locale: str = "en"


@dataclass(frozen=True)
class Address:
    """Where the parcel goes; `country` is ISO 3166 alpha-2."""

    line1: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True)
class NewOrder:
    """A checkout as the buyer sent it."""

    lines: Sequence[BasketLine]
    buyer: Buyer
    address: Address
    coupon_code: str = ""
    attribution_token: str = ""
    client_ip: str = ""
    user_agent: str = ""
    paid_at_once: bool = True


def place(new: NewOrder, now: datetime) -> Order:
    """Place the order, use its coupon, keep the delivery.

    Raises CouponRefused when the coupon cannot be used and OrderProblem for an empty basket; then
    nothing is kept.
    """
    if not new.lines:
        raise OrderProblem("The basket is empty.")
    with transaction.atomic():
        items = pricing.items_sum(new.lines)
        coupon, terms = None, None
        if new.coupon_code:
            coupon, terms = coupons.redeem(new.coupon_code, items, new.buyer.email.lower(), now)
        sums = pricing.totals(items, terms)
        order = Order.objects.create(
            customer=_customer(new.buyer, now),
            coupon=coupon,
            currency=money.CURRENCY,
            items=sums.items,
            discount=sums.discount,
            shipping=sums.shipping,
            tax=sums.tax,
            grand=sums.grand,
            placed_at=now,
            paid_at=now if new.paid_at_once else None,
            updated_at=now,
            line1=new.address.line1,
            postcode=new.address.postcode,
            city=new.address.city,
            country=new.address.country,
            client_ip=new.client_ip[:45],
            user_agent=new.user_agent[:300],
            attribution_token=new.attribution_token,
        )
        OrderLine.objects.bulk_create(_line(order, line) for line in new.lines)
        _keep_delivery(order, now)
    return order


def pay(order_id: int, now: datetime) -> Order:
    """Note that the buyer has paid."""

    def change(order: Order) -> None:
        _need(order.cancelled_at is None, f"Order {order.number} was cancelled.")
        _need(order.paid_at is None, f"Order {order.number} is paid already.")
        order.paid_at = now

    return _change(order_id, now, change)


def ship(order_id: int, now: datetime) -> Order:
    """Note that the parcel has left."""

    def change(order: Order) -> None:
        _need(order.cancelled_at is None, f"Order {order.number} was cancelled.")
        _need(order.paid_at is not None, f"Order {order.number} is not paid yet.")
        _need(order.fulfilled_at is None, f"Order {order.number} was shipped already.")
        order.fulfilled_at = now

    return _change(order_id, now, change)


def deliver(order_id: int, now: datetime) -> Order:
    """Note that the parcel has arrived."""

    def change(order: Order) -> None:
        _need(order.fulfilled_at is not None, f"Order {order.number} was not shipped yet.")
        _need(order.delivered_at is None, f"Order {order.number} has arrived already.")
        order.delivered_at = now

    return _change(order_id, now, change)


def cancel(order_id: int, now: datetime) -> Order:
    """Cancel an order that has not left. Its coupon stays used."""

    def change(order: Order) -> None:
        _need(order.cancelled_at is None, f"Order {order.number} is cancelled already.")
        _need(
            order.fulfilled_at is None,
            f"Order {order.number} has been shipped: refund it instead.",
        )
        order.cancelled_at = now

    return _change(order_id, now, change)


def refund(order_id: int, amount: int | None, now: datetime) -> Order:
    """Give back `amount` cents, or all that is left when it is None."""

    def change(order: Order) -> None:
        _need(order.paid_at is not None, f"Order {order.number} is not paid: nothing to refund.")
        left = refundable(order)
        _need(left > 0, f"Order {order.number} is refunded in full already.")
        given = left if amount is None else amount
        _need(
            0 < given <= left,
            f"Between €0.01 and {money.show(left)} can be refunded on order {order.number}.",
        )
        Refund.objects.create(order=order, amount=given, at=now)

    return _change(order_id, now, change)


def send_again(order_id: int, now: datetime) -> int:
    """Keep a second delivery of the unchanged order and return its row id."""
    with transaction.atomic():
        return _keep_delivery(_locked(order_id), now)


def refundable(order: Order) -> int:
    """Return the cents that are paid and not given back yet."""
    if order.paid_at is None:
        return 0
    return order.grand - sum(refund.amount for refund in order.refunds.all())


def find(external_id: str) -> Order | None:
    """Return the order with that public id ("1001"), or None."""
    if not (external_id.isascii() and external_id.isdigit() and len(external_id) <= 12):
        return None
    return Order.objects.filter(pk=int(external_id) - ORDER_NUMBER_BASE).first()


def _need(true: bool, otherwise: str) -> None:
    if not true:
        raise OrderProblem(otherwise)


def _locked(order_id: int) -> Order:
    return Order.objects.select_for_update().get(pk=order_id)


def _change(order_id: int, now: datetime, change: Callable[[Order], None]) -> Order:
    with transaction.atomic():
        order = _locked(order_id)
        change(order)
        # Two changes in one tick of the clock must still have an order between them.
        order.updated_at = max(now, order.updated_at + timedelta(microseconds=1))
        order.save()
        _keep_delivery(order, now)
    return order


def _keep_delivery(order: Order, now: datetime) -> int:
    return deliveries.enqueue(
        "order.snapshot", snapshot.order_data(order), subject=order.number, now=now, order=order
    )


def _customer(buyer: Buyer, now: datetime) -> Customer:
    known = {
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "locale": buyer.locale,
    }
    return Customer.objects.update_or_create(
        email=buyer.email.lower(), defaults=known, create_defaults={**known, "created_at": now}
    )[0]


def _line(order: Order, line: BasketLine) -> OrderLine:
    return OrderLine(
        order=order,
        product_id=line.product.id,
        sku=line.product.sku,
        name=line.product.name,
        category=line.product.category,
        quantity=line.quantity,
        unit_price=line.product.price,
        total=line.total,
    )
