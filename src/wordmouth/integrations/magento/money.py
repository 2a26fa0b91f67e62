"""The sums of an order of Magento's, in minor units of what the shop counts in and without tax.

Where a shop's prices have tax in them, a discount takes off tax as well; what of it was tax stands
beside (`..._tax_compensation_...`). What was taken out of an order that goes on stays in its
totals, and is taken off here. Store credit and points are ways to pay, which Magento leaves out of
a total.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.magento import wire
from wordmouth.kit.money import to_minor
from wordmouth.orders.snapshot import Line, Refund, RefundLine, Totals

CANCELED = "canceled"
MEMO_CANCELED = 3
GIFT_CARD = "giftcard"
ZERO = Decimal(0)
_LONGEST, _LONGEST_CODE = 300, 120


def minor(amount: Decimal | None, currency: str) -> int:
    """An amount in minor units; none is nothing. Raises BadDelivery for what is no amount."""
    return to_minor(_told(amount), currency)


class Sums:
    """What an order is worth, what went back, and what each line is."""

    def __init__(self, whole: wire.WholeOrder) -> None:
        self._whole = whole
        self._order = whole.order
        self._currency = whole.order.base_currency_code
        # What was taken out of an order that was cancelled as a whole is all of it: it keeps its
        # worth, and is cancelled.
        self._goes_on = whole.order.state != CANCELED

    @property
    def due(self) -> Decimal:
        """What has to be paid, in major units."""
        order = self._order
        return max(_told(order.base_grand_total) - self._out(order.base_total_canceled), ZERO)

    @property
    def is_paid(self) -> bool:
        """Whether all of that has come."""
        return _told(self._order.base_total_paid) >= self.due

    def totals(self) -> Totals:
        """The sums of the order."""
        order = self._order
        beside = order.extension_attributes or wire.Beside()
        off_shipping = _plain(order.base_shipping_discount_amount) - _plain(
            order.base_shipping_discount_tax_compensation_amnt
        )
        off_goods = (
            _plain(order.base_discount_amount)
            - _plain(order.base_shipping_discount_amount)
            - _plain(order.base_discount_tax_compensation_amount)
            - self._out(order.base_discount_canceled)
        )
        shipping = _told(order.base_shipping_amount) - self._out(order.base_shipping_canceled)
        goods = _told(order.base_subtotal) - self._out(order.base_subtotal_canceled)
        tax = _told(order.base_tax_amount) - self._out(order.base_tax_canceled)
        return Totals(
            grand=self._minor(self.due + _paid_otherwise(beside)),
            items=None if order.base_subtotal is None else self._minor(goods),
            discount=self._minor(off_goods),
            shipping=self._minor(shipping - off_shipping),
            tax=self._minor(tax),
            gift_card=self._minor(_told(beside.base_gift_cards_amount)),
        )

    def lines(self) -> tuple[Line, ...]:
        """The lines as the customer saw them: what a bundle is made of, and the variant that was
        chosen, are in the line that they belong to, with their discounts."""
        inside: dict[int, Decimal] = {}
        for item in self._order.items or ():
            if item.parent_item_id:
                inside[item.parent_item_id] = inside.get(item.parent_item_id, ZERO) + _off(item)
        return tuple(self._line(item, inside.get(item.item_id, ZERO)) for item in self._shown)

    @property
    def _shown(self) -> list[wire.Item]:
        return [item for item in self._order.items or () if not item.parent_item_id]

    def refunds(self, at: Callable[[wire.CreditMemo], datetime]) -> tuple[Refund, ...]:
        """What went back, each by its own number, with when and of which lines."""
        found = []
        for memo in self._whole.creditmemos:
            beside = memo.extension_attributes or wire.Beside()
            amount = self._minor(_told(memo.base_grand_total) + _paid_otherwise(beside))
            if amount and memo.state != MEMO_CANCELED:
                lines = self._gone_back(memo)
                found.append(
                    Refund(id=str(memo.entity_id), amount=amount, at=at(memo), lines=lines)
                )
        return tuple(found)

    def _line(self, item: wire.Item, off_parts: Decimal) -> Line:
        total = _worth(item) - off_parts
        ordered = Decimal(str(item.qty_ordered))
        left = max(ordered - Decimal(str(item.qty_canceled or 0)), ZERO)
        if self._goes_on and ordered and left < ordered:
            total = total * left / ordered
        return Line(
            id=str(item.item_id),
            product_id=str(item.product_id) if item.product_id else "",
            sku=(item.sku or "")[:_LONGEST_CODE],
            name=(item.name or "")[:_LONGEST],
            quantity=math.ceil(left if self._goes_on else ordered),
            unit_price=self._minor(_told(item.base_price)),
            total=self._minor(total),
            gift_card=item.product_type == GIFT_CARD,
        )

    def _gone_back(self, memo: wire.CreditMemo) -> tuple[RefundLine, ...]:
        """The lines that went back. None where money was given beside goods alone: that is of the
        whole. Where nothing but the shipping went back, nothing of a line did."""
        items = self._order.items or ()
        inside = {item.item_id: item.parent_item_id for item in items if item.parent_item_id}
        off_parts: dict[int, Decimal] = {}
        for part in memo.items or ():
            if line := inside.get(part.order_item_id):
                off_parts[line] = off_parts.get(line, ZERO) + _off(part)
        lines = tuple(
            RefundLine(
                id=str(item.order_item_id),
                quantity=math.ceil(item.qty),
                amount=self._minor(_worth(item) - off_parts.get(item.order_item_id, ZERO)),
            )
            for item in memo.items or ()
            if item.qty and item.order_item_id not in inside
        )
        if lines or _told(memo.base_adjustment) > 0 or not self._shown:
            return lines
        return (RefundLine(id=str(self._shown[0].item_id), amount=0),)

    def _out(self, amount: Decimal | None) -> Decimal:
        return _plain(amount) if self._goes_on else ZERO

    def _minor(self, amount: Decimal) -> int:
        return max(minor(amount, self._currency), 0)


def _told(amount: Decimal | None) -> Decimal:
    told = amount or ZERO
    if not told.is_finite() or abs(told) >= 10**12:
        raise BadDelivery([("", f"{told} is no amount of money")])
    return told


def _plain(amount: Decimal | None) -> Decimal:
    """Without its sign: Magento writes discounts of orders below zero, and those of lines above."""
    return abs(_told(amount))


def _off(item: wire.Item | wire.RefundItem) -> Decimal:
    return _plain(item.base_discount_amount) - _plain(item.base_discount_tax_compensation_amount)


def _worth(item: wire.Item | wire.RefundItem) -> Decimal:
    return _told(item.base_row_total) - _off(item)


def _paid_otherwise(beside: wire.Beside) -> Decimal:
    return (
        _plain(beside.base_gift_cards_amount)
        + _plain(beside.base_customer_balance_amount)
        + _plain(beside.base_reward_currency_amount)
    )
