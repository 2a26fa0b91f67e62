"""The sums of an order of Shopify's, in minor units and without tax."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal

from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.shopify import wire
from wordmouth.kit.money import to_minor
from wordmouth.orders.snapshot import Line, Refund, RefundLine, Totals

_LONGEST, _LONGEST_CODE = 300, 120
ZERO = Decimal(0)


def minor(amount: Decimal, currency: str) -> int:
    """An amount in minor units. Raises BadDelivery for what is none."""
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise BadDelivery([("", f"{amount} is no amount of money")])
    return to_minor(amount, currency)


def totals_and_lines(order: wire.Order) -> tuple[Totals, tuple[Line, ...]]:
    """The sums and the lines, without what was taken out of the order before any money went back:
    Shopify keeps that in both. What did go back stays, beside its refund."""
    gone = _taken_out(order)
    lines = tuple(_line(order, line, gone.get(line.id, [])) for line in order.line_items)
    out = [item for items in gone.values() for item in items]
    out_tax = sum((item.total_tax for item in out), ZERO)
    out_net = sum((_without_tax(order, item) for item in out), ZERO)
    goods = sum((line.price * line.quantity for line in order.line_items), ZERO)
    discount = sum((_off(line) for line in order.line_items), ZERO)
    shipping = sum((_shipping(each) for each in order.shipping_lines), ZERO)
    if order.taxes_included:
        goods -= sum((_tax(line.tax_lines) for line in order.line_items), ZERO)
        shipping -= sum((_tax(each.tax_lines) for each in order.shipping_lines), ZERO)
    tax = (order.total_tax or ZERO) - out_tax
    return (
        Totals(
            grand=minor(max(order.total_price - out_net - out_tax, ZERO), order.currency),
            items=minor(max(goods - out_net, ZERO), order.currency),
            discount=minor(discount, order.currency),
            shipping=minor(shipping, order.currency),
            tax=minor(max(tax, ZERO), order.currency),
        ),
        lines,
    )


def refunds(order: wire.Order) -> tuple[Refund, ...]:
    """What went back as money. Money that is only on its way is told when it arrives."""
    found = []
    for refund in order.refunds:
        back = sum((each.amount for each in refund.transactions if _is_back(each)), ZERO)
        if back <= 0:
            continue
        found.append(
            Refund(
                id=str(refund.id),
                amount=minor(back, order.currency),
                at=refund.created_at and refund.created_at.astimezone(UTC),
                lines=tuple(
                    RefundLine(
                        id=str(item.line_item_id),
                        quantity=item.quantity,
                        amount=minor(_without_tax(order, item), order.currency),
                    )
                    for item in refund.refund_line_items
                ),
            )
        )
    return tuple(found)


def _is_back(moved: wire.Transaction) -> bool:
    return moved.kind == "refund" and moved.status == "success"


def _taken_out(order: wire.Order) -> dict[int, list[wire.RefundItem]]:
    """Goods of refunds without money, by their line."""
    gone: dict[int, list[wire.RefundItem]] = {}
    for refund in order.refunds:
        for item in () if refund.transactions else refund.refund_line_items:
            gone.setdefault(item.line_item_id, []).append(item)
    return gone


def _line(order: wire.Order, line: wire.LineItem, gone: Iterable[wire.RefundItem]) -> Line:
    total = line.price * line.quantity - _off(line)
    if order.taxes_included:
        total -= _tax(line.tax_lines)
    total -= sum((_without_tax(order, item) for item in gone), ZERO)
    return Line(
        id=str(line.id),
        product_id=str(line.product_id) if line.product_id else "",
        sku=(line.sku or "")[:_LONGEST_CODE],
        name=(line.name or "")[:_LONGEST],
        quantity=max(line.quantity - sum(item.quantity for item in gone), 0),
        unit_price=minor(line.price, order.currency),
        total=minor(max(total, ZERO), order.currency),
        gift_card=line.gift_card,
    )


def _without_tax(order: wire.Order, item: wire.RefundItem) -> Decimal:
    return item.subtotal - (item.total_tax if order.taxes_included else ZERO)


def _off(line: wire.LineItem) -> Decimal:
    return sum((each.amount for each in line.discount_allocations), ZERO)


def _tax(lines: Iterable[wire.TaxLine]) -> Decimal:
    return sum((each.price for each in lines), ZERO)


def _shipping(line: wire.ShippingLine) -> Decimal:
    return line.price if line.discounted_price is None else line.discounted_price
