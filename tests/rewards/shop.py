"""A shop as it tells of itself: orders that are bought, changed and given back.

Goods are chosen so that a discount falls on lines without a remainder: how shops' cents are
shared out is not what is proven here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from wordmouth.orders.snapshot import Line, OrderSnapshot, Refund, RefundLine, Totals
from wordmouth.people.snapshot import CustomerSnapshot

SHIPPING = 400


@dataclass(frozen=True)
class Goods:
    """What is in the basket. `card`: paid with a gift card."""

    items: int
    discount: int = 0
    lines: tuple[Line, ...] = ()
    card: bool = False


TEA = Line(id="tea", product_id="p-1", category="Tea", quantity=3, total=3000)
MUG = Line(id="mug", product_id="p-2", category="Mugs", quantity=2, total=2000)
CARD = Line(id="card", product_id="p-3", category="Cards", quantity=1, total=3000, gift_card=True)
BASKETS = (
    Goods(5000),
    Goods(5000, 0, (TEA, MUG)),
    Goods(3333),
    Goods(5000, 500, (TEA, MUG)),
    Goods(20000),
    Goods(6000, 0, (TEA, CARD)),
    Goods(3000, 0, (CARD,)),
    Goods(1500),
    Goods(5000, 5000),
    Goods(5000, 0, (MUG, TEA), card=True),
    Goods(2000, 0, (MUG,)),
)


@dataclass(frozen=True)
class Bought:
    """An order as the shop has it at a moment."""

    id: str
    email: str
    goods: Goods
    placed: datetime
    codes: tuple[str, ...] = ()
    paid: datetime | None = None
    fulfilled: datetime | None = None
    delivered: datetime | None = None
    cancelled: datetime | None = None
    charged_back: datetime | None = None
    refunds: tuple[Refund, ...] = ()
    at: datetime = field(default=datetime.min)

    @property
    def grand(self) -> int:
        return self.goods.items - self.goods.discount + SHIPPING

    @property
    def given_back(self) -> int:
        return sum(refund.amount for refund in self.refunds)


CHANGES = (
    "pay",
    "deliver",
    "refund_some",
    "refund_line",
    "refund_pieces",
    "refund_all",
    "refund_goods",
    "cancel",
    "cancel",
    "charge_back",
    "edit",
    "fulfil",
    "recode",
)


def changed(order: Bought, what: str, how: int, now: datetime) -> Bought:
    """The order after something happened to it; the same thing again takes it back where a shop
    can do that. Which codes it names (`recode`) is for the caller, who knows some."""
    order = replace(order, at=now)
    if what == "pay":
        unpaid = how % 4 == 3 and order.paid is not None
        return replace(order, paid=None if unpaid else order.paid or now)
    if what == "fulfil":
        return replace(order, fulfilled=order.fulfilled or now)
    if what == "deliver":
        fulfilled = order.fulfilled or now
        return replace(order, fulfilled=fulfilled, delivered=order.delivered or now)
    if what == "cancel":
        return replace(order, cancelled=None if order.cancelled else now)
    if what == "charge_back":
        return replace(order, charged_back=None if order.charged_back else now)
    if what == "edit":
        return replace(order, goods=BASKETS[how % len(BASKETS)])
    if what == "recode":
        return order
    return replace(order, refunds=(*order.refunds, _refund(order, what, how, now)))


def _refund(order: Bought, what: str, how: int, now: datetime) -> Refund:
    name = f"{order.id}-r{len(order.refunds)}"
    if what == "refund_all":
        return Refund(id=name, amount=order.grand, at=now)
    if what == "refund_goods":
        return Refund(id=name, amount=order.grand - SHIPPING, at=now)
    if what == "refund_some" or not order.goods.lines:
        return Refund(id=name, amount=(500, 1, 1667)[how % 3], at=now)
    line = order.goods.lines[how % len(order.goods.lines)]
    part = RefundLine(id=line.id, quantity=1 if what == "refund_pieces" else None)
    if what == "refund_line" and how % 3 == 2:
        part = RefundLine(id=line.id, amount=333)
    return Refund(id=name, amount=(700, 333, 2000)[how % 3], at=now, lines=(part,))


def snapshot(order: Bought) -> OrderSnapshot:
    """The order as the shop tells it."""
    return OrderSnapshot(
        id=order.id,
        updated_at=order.at,
        currency="EUR",
        totals=Totals(
            grand=order.grand,
            items=order.goods.items,
            discount=order.goods.discount,
            shipping=SHIPPING,
            gift_card=order.grand if order.goods.card else 0,
        ),
        placed_at=order.placed,
        paid_at=order.paid,
        fulfilled_at=order.fulfilled,
        delivered_at=order.delivered,
        cancelled_at=order.cancelled,
        charged_back_at=order.charged_back,
        customer=CustomerSnapshot(email=order.email),
        discount_codes=order.codes,
        lines=order.goods.lines,
        refunds=order.refunds,
        is_test=False,
    )
