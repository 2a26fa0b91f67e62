"""From what BigCommerce says to our snapshots.

A delivery is only a hint. What an order is now stands in its `status_id` and in `payment_status`;
when that became so is not told, but for the shipping: it is then the order's last change. That it
arrived is no status of its own: `Completed` may be said of it at any time after it was sent, and a
refund takes that word away again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.bigcommerce import wire
from wordmouth.integrations.bodies import read_json
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, Parsed, Ref
from wordmouth.integrations.shop_facts import (
    LONGEST_CODE,
    LONGEST_NAME,
    codes,
    in_utc,
    minor,
    moment,
    person,
)
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import Line, OrderSnapshot, Refund, RefundLine, Totals

SCOPES = {
    "store/order/created": ORDER,
    "store/order/updated": ORDER,
    "store/order/refund/created": ORDER,
    "store/customer/created": CUSTOMER,
    "store/customer/updated": CUSTOMER,
}
"""What we ask to be told, and the kind of thing whose number is in it. A changed status is told as
`updated` too."""
ENDED = "store/app/uninstalled"
"""Told when the account is taken off the shop, or the shop is closed."""

INCOMPLETE, SHIPPED, PARTLY_SHIPPED, REFUNDED, CANCELLED, DECLINED = 0, 2, 3, 4, 5, 6
AWAITING_PICKUP, AWAITING_SHIPMENT, COMPLETED, AWAITING_FULFILMENT = 8, 9, 10, 11
DISPUTED, PARTLY_REFUNDED = 13, 14
DONE = frozenset({SHIPPED, COMPLETED})
ON_ITS_WAY = frozenset({PARTLY_SHIPPED, AWAITING_PICKUP, AWAITING_SHIPMENT, AWAITING_FULFILMENT})
AFTERWARDS = frozenset({REFUNDED, DISPUTED, PARTLY_REFUNDED})
"""What an order becomes only after it was paid."""
CALLED_OFF = frozenset({CANCELLED, DECLINED})
MONEY_IS_THERE = frozenset({"captured", "paid", "partially refunded", "refunded"})
MONEY_WILL_NOT_COME = frozenset({"declined", "void", "void pending"})
MONEY_IS_PROMISED = frozenset({"authorized", "capture pending", "held for review", "pending"})
TEST_GATEWAY = "test payment gateway"
GIFT = "giftcertificate"


def parse(headers: Mapping[str, str], body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    fetched = headers.get(FETCHED)
    if fetched is not None:
        return _READ[fetched](body)
    hint = read_json(body, wire.Hint)
    if hint.scope == ENDED:
        return Parsed(closed="The shop at BigCommerce was closed, or has removed the account.")
    kind = SCOPES.get(hint.scope)
    if kind is None:
        return Parsed()
    number = read_json(bytes(hint.data), wire.Named).id
    return Parsed(refetch=(Ref(kind=kind, id=str(number)),))


def _order(body: bytes) -> Parsed:
    """An order; none while somebody is still at the till, or left it."""
    whole = read_json(body, wire.WholeOrder)
    return Parsed() if whole.order.status_id == INCOMPLETE else Parsed(orders=(_snapshot(whole),))


def _customer(body: bytes) -> Parsed:
    given = read_json(body, wire.Customer)
    return Parsed(customers=(person(given.id, given.email, given.first_name, given.last_name),))


_READ: dict[str, Callable[[bytes], Parsed]] = {ORDER: _order, CUSTOMER: _customer}


def _snapshot(whole: wire.WholeOrder) -> OrderSnapshot:
    order = whole.order
    currency = order.default_currency_code or order.currency_code or ""
    if not is_currency(currency):
        problem = f"is {currency!r}, which is not one of ISO 4217"
        raise BadDelivery([("order.default_currency_code", problem)])
    changed = _required(order.date_modified, "order.date_modified")
    refunds = _refunds(whole, currency)
    payer = order.billing_address or wire.Billing()
    return OrderSnapshot(
        id=str(order.id),
        number=f"#{order.id}",
        updated_at=changed,
        currency=currency,
        totals=_totals(order, currency),
        placed_at=_required(order.date_created, "order.date_created"),
        paid_at=_paid(order, changed),
        fulfilled_at=_fulfilled(order, changed),
        cancelled_at=changed if _is_called_off(order, currency, refunds) else None,
        charged_back_at=changed if order.status_id == DISPUTED else None,
        customer=person(order.customer_id, payer.email, payer.first_name, payer.last_name),
        discount_codes=codes(coupon.code for coupon in whole.coupons),
        lines=tuple(_line(line, currency) for line in whole.products),
        refunds=refunds,
        country=payer.country_iso2.strip().upper()[:2],
        is_test=(order.payment_method or "").strip().casefold() == TEST_GATEWAY,
    )


def _paid(order: wire.Order, changed: datetime) -> datetime | None:
    """Whether the money is there: the status of the payment knows best, where there is one."""
    payment = (order.payment_status or "").strip().casefold()
    if payment in MONEY_IS_THERE:
        return changed
    if payment in MONEY_WILL_NOT_COME:
        return None
    if order.status_id in DONE | AFTERWARDS:
        return changed
    is_promised = payment in MONEY_IS_PROMISED
    return changed if order.status_id in ON_ITS_WAY and not is_promised else None


def _fulfilled(order: wire.Order, changed: datetime) -> datetime | None:
    """When all of it was sent: that alone has a time of its own, which stays."""
    if order.status_id == PARTLY_SHIPPED:
        return None
    shipped = _at(order.date_shipped, "order.date_shipped")
    return shipped or (changed if order.status_id in DONE else None)


def _is_called_off(order: wire.Order, currency: str, refunds: tuple[Refund, ...]) -> bool:
    """Cancelled or declined; or said to be refunded without the refunds that would make it so."""
    if order.status_id == REFUNDED:
        given_back = sum(refund.amount for refund in refunds)
        return minor(order.total_inc_tax, currency) > given_back
    return order.status_id in CALLED_OFF


def _required(text: str, name: str) -> datetime:
    found = _at(text, name)
    if found is None:
        raise BadDelivery([(name, "is required")])
    return found


def _at(text: str | None, name: str) -> datetime | None:
    return moment(text, name, read_time) if text else None


def read_time(text: str) -> datetime:
    """A time of BigCommerce's in UTC, written as in mails by v2 and as in ISO 8601 by v3. Raises
    ValueError."""
    try:
        return in_utc(text)
    except ValueError:
        return in_utc(parsedate_to_datetime(text).isoformat())


def _totals(order: wire.Order, currency: str) -> Totals:
    beside = order.shipping_cost_ex_tax + order.handling_cost_ex_tax + order.wrapping_cost_ex_tax
    return Totals(
        grand=minor(order.total_inc_tax, currency),
        items=minor(order.subtotal_ex_tax, currency),
        discount=minor(order.discount_amount + order.coupon_discount, currency),
        shipping=minor(beside, currency),
        tax=minor(order.total_tax, currency),
        gift_card=minor(order.gift_certificate_amount, currency),
    )


def _line(line: wire.Product, currency: str) -> Line:
    taken_off = sum((discount.amount for discount in line.applied_discounts), Decimal(0))
    return Line(
        id=str(line.id),
        product_id=str(line.product_id) if line.product_id else "",
        sku=(line.sku or "")[:LONGEST_CODE],
        name=(line.name or "")[:LONGEST_NAME],
        quantity=max(math.ceil(line.quantity), 0),
        unit_price=minor(line.price_ex_tax, currency),
        total=max(minor(line.total_ex_tax - taken_off, currency), 0),
        gift_card=line.type == GIFT,
    )


def _refunds(whole: wire.WholeOrder, currency: str) -> tuple[Refund, ...]:
    """What went back; a refund that every provider declined is none."""
    found = []
    for refund in whole.refunds:
        told = refund.total_amount
        if refund.payments:
            ways = (way.amount for way in refund.payments if not way.is_declined)
            told = sum(ways, Decimal(0))
        if amount := minor(told, currency):
            at = _at(refund.created, "refunds.created")
            lines = _refund_lines(refund, whole.products, currency)
            found.append(Refund(id=str(refund.id), amount=amount, at=at, lines=lines))
    return tuple(found)


def _refund_lines(
    refund: wire.Refund, products: tuple[wire.Product, ...], currency: str
) -> tuple[RefundLine, ...]:
    """The lines that went back; none where a part of the whole did. A refund of nothing but the
    shipping takes nothing of a line."""
    if not refund.items or any(item.item_type == "ORDER" for item in refund.items):
        return ()
    lines = []
    for item in refund.items:
        if item.item_type == "PRODUCT":
            asked = item.requested_amount
            amount = None if asked is None else minor(asked, currency)
            lines.append(RefundLine(id=str(item.item_id), quantity=item.quantity, amount=amount))
    if not lines and products:
        return (RefundLine(id=str(products[0].id), amount=0),)
    return tuple(lines)
