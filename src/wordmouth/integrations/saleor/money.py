"""The sums of an order of Saleor's, in minor units and without tax."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.saleor import wire
from wordmouth.kit.money import to_minor
from wordmouth.orders.snapshot import Line, Refund, RefundLine, Totals

GIFT_CARD, BACK, TAKEN_BACK, OLD_BACK = "GIFT_CARD", "REFUND_SUCCESS", "REFUND_REVERSE", "REFUND"
_LONGEST, _LONGEST_CODE = 300, 120
ZERO = Decimal(0)


def minor(amount: Decimal, currency: str) -> int:
    """An amount in minor units. Raises BadDelivery for what is none."""
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise BadDelivery([("", f"{amount} is no amount of money")])
    return to_minor(amount, currency)


def totals_and_lines(order: wire.Order) -> tuple[Totals, tuple[Line, ...]]:
    """The sums and the lines. What gift cards paid is gone from Saleor's total: there the sums of
    lines and shipping say what it was. A voucher for the whole order is spread over the lines, or
    only taken off the total, as Saleor's settings have it; the total is right both times."""
    currency, shipping = order.total.currency, order.shipping_price
    if order.gift_cards:
        goods = order.subtotal.net.amount
        grand = max(order.subtotal.gross.amount + shipping.gross.amount, order.total.gross.amount)
    else:
        goods = order.total.net.amount - shipping.net.amount
        grand = order.total.gross.amount
    goods = max(goods, ZERO)
    before = sum((line.undiscounted_total_price.net.amount for line in order.lines), ZERO)
    items = max(before, goods)
    totals = Totals(
        grand=minor(grand, currency),
        items=minor(items, currency),
        discount=minor(items, currency) - minor(goods, currency),
        shipping=minor(shipping.net.amount, currency),
        tax=minor(max(grand - goods - shipping.net.amount, ZERO), currency),
        gift_card=minor(grand - order.total.gross.amount, currency),
    )
    return totals, tuple(_line(line, currency) for line in order.lines)


def _line(line: wire.Line, currency: str) -> Line:
    product = line.variant.product if line.variant else None
    category = product.category if product else None
    return Line(
        id=line.id,
        product_id=product.id if product else "",
        sku=(line.product_sku or "")[:_LONGEST_CODE],
        name=line.product_name[:_LONGEST],
        category=category.name[:200] if category else "",
        quantity=max(line.quantity, 0),
        unit_price=minor(line.undiscounted_unit_price.net.amount, currency),
        total=minor(max(line.total_price.net.amount, ZERO), currency),
        gift_card=product is not None and product.product_type.kind == GIFT_CARD,
    )


def refunds(order: wire.Order) -> tuple[Refund, ...]:
    """What went back as money, by either of Saleor's ways to pay."""
    return (*_by_transactions(order), *_by_payments(order))


def _by_transactions(order: wire.Order) -> Iterator[Refund]:
    """Each refund that came through and was not taken back, with the lines for which the merchant
    granted it."""
    granted = {
        moved.id: tuple(
            RefundLine(id=line.order_line.id, quantity=line.quantity) for line in each.lines or ()
        )
        for each in order.granted_refunds or ()
        for moved in each.transaction_events or ()
    }
    for transaction in order.transactions or ():
        undone = {each.psp_reference for each in transaction.events if each.type == TAKEN_BACK}
        for each in transaction.events:
            if each.type == BACK and not (each.psp_reference and each.psp_reference in undone):
                lines = granted.get(each.id, ())
                yield _refund(order, each.id, each.amount, each.created_at, lines)


def _by_payments(order: wire.Order) -> Iterator[Refund]:
    for payment in order.payments or ():
        for each in payment.transactions or ():
            if each.kind == OLD_BACK and each.is_success and each.amount:
                yield _refund(order, each.id, each.amount, each.created, ())


def _refund(
    order: wire.Order,
    name: str,
    given: wire.Amount,
    at: datetime,
    lines: tuple[RefundLine, ...],
) -> Refund:
    amount = minor(given.amount, order.total.currency)
    return Refund(id=name, amount=amount, at=at.astimezone(UTC), lines=lines)
