"""From what Shift4Shop says to our snapshots.

A delivery is only a hint, whatever stands in it. A status is known by what it is for, which does
not change when a shop gives it another name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.bodies import read_json
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, Parsed, Ref
from wordmouth.integrations.shift4shop import wire
from wordmouth.integrations.shop_facts import (
    LONGEST_CODE,
    LONGEST_NAME,
    codes,
    minor,
    moment,
    person,
)
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import Line, OrderSnapshot, Refund, Totals

EASTERN = ZoneInfo("America/New_York")
NOT_COMPLETED, SHIPPED = "not completed", "shipped"
CALLED_OFF = frozenset({"cancel", "cancelled", "canceled"})
AFTER_PAYING = frozenset({"new", "processing", "partial", SHIPPED})
TAKEN, RESERVED = frozenset({"sale", "capture"}), frozenset({"auth"})
GIVEN_BACK = frozenset({"refund", "credit"})


def parse(headers: Mapping[str, str], body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    fetched = headers.get(FETCHED)
    if fetched is not None:
        return _READ[fetched](body)
    found = []
    for hint in _hints(body):
        if hint.order_id and hint.order_id > 0:
            found.append(Ref(kind=ORDER, id=str(hint.order_id)))
        elif hint.customer_id and hint.customer_id > 0:
            found.append(Ref(kind=CUSTOMER, id=str(hint.customer_id)))
    return Parsed(refetch=tuple(found))


def _hints(body: bytes) -> tuple[wire.Hint, ...]:
    """One thing, or a list of them."""
    found = read_json(body, wire.Hint | tuple[wire.Hint, ...])  # type: ignore[arg-type]
    return found if isinstance(found, tuple) else (found,)


def _order(body: bytes) -> Parsed:
    """An order; none where the checkout was left."""
    whole = read_json(body, wire.WholeOrder)
    if whole.status.strip().casefold() == NOT_COMPLETED:
        return Parsed()
    return Parsed(orders=(_snapshot(whole),))


def _customer(body: bytes) -> Parsed:
    given = read_json(body, wire.Customer)
    names = (given.billing_first_name, given.billing_last_name)
    return Parsed(customers=(person(given.customer_id, given.email, *names),))


_READ: dict[str, Callable[[bytes], Parsed]] = {ORDER: _order, CUSTOMER: _customer}


def _snapshot(whole: wire.WholeOrder) -> OrderSnapshot:
    order, currency = whole.order, whole.currency
    if not is_currency(currency):
        raise BadDelivery([("currency", f"is {currency!r}, which is not one of ISO 4217")])
    status = whole.status.strip().casefold()
    changed = _at(order.last_update, "order.LastUpdate")
    country = (order.billing_country or "").strip().upper()
    return OrderSnapshot(
        id=str(order.order_id),
        number=f"{order.invoice_number_prefix or ''}{order.invoice_number or order.order_id}",
        updated_at=changed,
        currency=currency,
        totals=_totals(order, currency),
        placed_at=_at(order.order_date, "order.OrderDate"),
        paid_at=_paid(order, status, changed),
        fulfilled_at=changed if status == SHIPPED else None,
        cancelled_at=changed if status in CALLED_OFF else None,
        customer=person(
            order.customer_id or 0,
            order.billing_email,
            order.billing_first_name,
            order.billing_last_name,
        ),
        discount_codes=codes(used.coupon for used in order.promotion_list or ()),
        lines=tuple(_line(item, currency) for item in order.order_item_list or ()),
        refunds=_refunds(order, currency),
        country=country if len(country) == 2 else "",
    )


def _paid(order: wire.Order, status: str, changed: datetime) -> datetime | None:
    """When money was taken. Where the shop lists no movements, what was paid online counts once it
    is in the queue of new orders, and everything else once it was sent."""
    kinds = set()
    for moved in order.transaction_list or ():
        kind = (moved.transaction_type or "").strip().casefold()
        kinds.add(kind)
        if kind in TAKEN or (kind in RESERVED and moved.transaction_captured):
            told = moved.transaction_date_time
            return _at(told, "order.TransactionList.TransactionDateTime") if told else changed
    if status == SHIPPED:
        return changed
    is_paid = bool(order.billing_on_line_payment) and not kinds & RESERVED
    return changed if is_paid and status in AFTER_PAYING else None


def _at(text: str, name: str) -> datetime:
    return moment(text, name, read_time)


def read_time(text: str) -> datetime:
    """A time of Shift4Shop's, which is Eastern Time unless it says otherwise, in UTC. Raises
    ValueError."""
    found = datetime.fromisoformat(text)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=EASTERN)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def _worth(item: wire.Item) -> Decimal:
    each = item.item_unit_price + (item.item_option_price or wire.NOTHING)
    return each * Decimal(str(item.item_quantity))


def _totals(order: wire.Order, currency: str) -> Totals:
    taxes = (order.sales_tax, order.sales_tax2, order.sales_tax3)
    costs = (shipment.shipment_cost for shipment in order.shipment_list or ())
    items = order.order_item_list or ()
    goods = sum((_worth(item) for item in items), wire.NOTHING)
    return Totals(
        grand=minor(order.order_amount, currency),
        items=minor(goods, currency) if items else None,
        discount=minor(order.order_discount or wire.NOTHING, currency),
        shipping=minor(sum((cost for cost in costs if cost), wire.NOTHING), currency),
        tax=minor(sum((tax for tax in taxes if tax), wire.NOTHING), currency),
    )


def _line(item: wire.Item, currency: str) -> Line:
    return Line(
        id=str(item.item_index_id),
        product_id=str(item.catalog_id) if item.catalog_id else "",
        sku=(item.item_id or "")[:LONGEST_CODE],
        name=(item.item_description or "")[:LONGEST_NAME],
        quantity=max(math.ceil(item.item_quantity), 0),
        unit_price=minor(item.item_unit_price, currency),
        total=minor(_worth(item), currency),
    )


def _refunds(order: wire.Order, currency: str) -> tuple[Refund, ...]:
    """What went back, each by its own number; of which line is not told."""
    found = []
    for moved in order.transaction_list or ():
        kind = (moved.transaction_type or "").strip().casefold()
        amount = minor(abs(moved.transaction_amount), currency)
        if kind in GIVEN_BACK and amount:
            told = moved.transaction_date_time
            at = _at(told, "order.TransactionList.TransactionDateTime") if told else None
            found.append(Refund(id=str(moved.transaction_index_id), amount=amount, at=at))
    return tuple(found)
