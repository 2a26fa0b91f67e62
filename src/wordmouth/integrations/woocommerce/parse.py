"""From what WooCommerce says to our snapshots.

The status is the state now; when something happened stands in a time of its own, or it is the
order's last change. A refund is a record with its own number, never only a status.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

import msgspec

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.bodies import read_json
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Parsed, Ref
from wordmouth.integrations.shop_facts import (
    LONGEST_CODE,
    LONGEST_NAME,
    codes,
    in_utc,
    minor,
    moment,
    person,
)
from wordmouth.integrations.woocommerce import wire
from wordmouth.integrations.woocommerce.verify import TOPIC
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import (
    Attribution,
    Line,
    OrderSnapshot,
    Refund,
    RefundLine,
    Totals,
)

TOKEN_NOTE, CODE_NOTE = "_wordmouth_token", "_wordmouth_code"
"""Notes of an order: what the shop's page remembers of where the buyer came from."""
LINE_NOTE = "_refunded_item_id"
CALLED_OFF = frozenset({"cancelled", "failed", "trash"})
COMPLETED = frozenset({"completed", "refunded"})
NO_ORDERS = frozenset({"checkout-draft", "auto-draft"})
FULLER = timedelta(microseconds=1)
"""WooCommerce counts in seconds. Of two tellings of one second the one that has the lines of its
refunds is the fuller one, and counts as the later."""
LONGEST_ADDRESS = 1000


def parse(headers: Mapping[str, str], body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    fetched = headers.get(FETCHED)
    if fetched is not None:
        return _READ[fetched](body)
    resource, _, event = headers.get(TOPIC, "").partition(".")
    if _is_error(body):
        return Parsed()
    if resource == "order":
        return _deleted(body) if event == "deleted" else _told_order(body)
    if resource == "customer" and event != "deleted":
        return _customer(body)
    if resource == "action":
        return Parsed(refetch=(Ref(kind=ORDER, id=str(read_json(body, wire.Action).arg)),))
    return Parsed()


def _told_order(body: bytes) -> Parsed:
    """An order as a webhook tells it. The lines of its refunds are not in it: where there are
    refunds, it is read again for those."""
    order = read_json(body, wire.Order)
    more = (Ref(kind=ORDER, id=str(order.id)),) if order.refunds else ()
    return Parsed(orders=_snapshot(order, None), refetch=more)


def _whole_order(body: bytes) -> Parsed:
    whole = read_json(body, wire.WholeOrder)
    return Parsed(orders=_snapshot(whole.order, whole.refunds))


def _deleted(body: bytes) -> Parsed:
    """A deleted order may be in the bin, where it can still be read."""
    return Parsed(refetch=(Ref(kind=ORDER, id=str(read_json(body, wire.Named).id)),))


def _customer(body: bytes) -> Parsed:
    given = read_json(body, wire.Customer)
    return Parsed(customers=(person(given.id, given.email, given.first_name, given.last_name),))


def _product(body: bytes) -> Parsed:
    """A product. A price that is none is left out: the product counts all the same. So are its
    categories: no line of an order tells its own, and a programme that counts by what the lines do
    not say would count nothing."""
    whole = read_json(body, wire.WholeProduct)
    given = whole.product
    changed = _at(given.date_modified_gmt, "product.date_modified_gmt")
    changed = changed or _at(given.date_created_gmt, "product.date_created_gmt")
    if changed is None:
        raise BadDelivery([("product.date_modified_gmt", "is required")])
    currency = whole.currency if is_currency(whole.currency) else ""
    snapshot = ProductSnapshot(
        id=str(given.id),
        updated_at=changed,
        name=given.name[:LONGEST_NAME],
        sku=given.sku[:LONGEST_CODE],
        price=_price(given.price, currency),
        currency=currency,
        url=given.permalink[:LONGEST_ADDRESS],
        image_url=next((each.src for each in given.images), "")[:LONGEST_ADDRESS],
    )
    return Parsed(products=(snapshot,))


def _price(text: str, currency: str) -> int | None:
    try:
        return minor(Decimal(text), currency) if text and currency else None
    except InvalidOperation:
        return None


_READ: dict[str, Callable[[bytes], Parsed]] = {
    ORDER: _whole_order,
    CUSTOMER: _customer,
    PRODUCT: _product,
}


def _is_error(body: bytes) -> bool:
    """Whether this is an error in the place of a thing, such as of one that was deleted before
    its webhook was sent. It tells nothing."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(found, dict) and "id" not in found and {"code", "message"} <= found.keys()


def _snapshot(
    order: wire.Order, refunds: Sequence[wire.Refund] | None
) -> tuple[OrderSnapshot, ...]:
    """The order; none while it is only a cart at the checkout. `refunds` with their lines, where
    they were read."""
    if order.status in NO_ORDERS:
        return ()
    if not is_currency(order.currency):
        raise BadDelivery([("currency", f"is {order.currency!r}, which is not one of ISO 4217")])
    created = _at(order.date_created_gmt, "date_created_gmt")
    changed = _at(order.date_modified_gmt, "date_modified_gmt") or created
    if changed is None:
        raise BadDelivery([("date_modified_gmt", "is required")])
    payer = order.billing or wire.Billing()
    completed = _at(order.date_completed_gmt, "date_completed_gmt")
    address = order.shipping or order.billing
    country = (order.shipping and order.shipping.country) or (
        order.billing.country if order.billing else ""
    )
    return (
        OrderSnapshot(
            id=str(order.id),
            number=f"#{order.number or order.id}"[:LONGEST_CODE],
            updated_at=changed + (FULLER if refunds else timedelta(0)),
            currency=order.currency,
            totals=_totals(order),
            placed_at=created,
            paid_at=_at(order.date_paid_gmt, "date_paid_gmt"),
            fulfilled_at=completed if order.status in COMPLETED else None,
            cancelled_at=changed if _is_called_off(order) else None,
            customer=person(order.customer_id, payer.email, payer.first_name, payer.last_name),
            discount_codes=codes(line.code for line in order.coupon_lines),
            lines=tuple(_line(line, order.currency) for line in order.line_items),
            refunds=_refunds(order, refunds),
            country=country.upper()[:2] if address else "",
            attribution=_attribution(order),
        ),
    )


def _is_called_off(order: wire.Order) -> bool:
    """Cancelled, failed or thrown away; or said to be refunded without the refunds that would
    make it so."""
    if order.status == "refunded":
        return order.total + sum(refund.total for refund in order.refunds) > 0
    return order.status in CALLED_OFF


def _at(text: str | None, name: str) -> datetime | None:
    """A time of the shop's in UTC, which it does not say."""
    return moment(text, name, in_utc) if text else None


def _totals(order: wire.Order) -> Totals:
    goods = [line.subtotal for line in order.line_items if line.subtotal is not None]
    return Totals(
        grand=minor(order.total, order.currency),
        items=minor(sum(goods, Decimal(0)), order.currency) if goods else None,
        discount=minor(order.discount_total, order.currency),
        shipping=minor(order.shipping_total, order.currency),
        tax=minor(order.total_tax, order.currency),
    )


def _line(line: wire.LineItem, currency: str) -> Line:
    total = minor(line.total or Decimal(0), currency)
    quantity = max(math.ceil(line.quantity), 0)
    return Line(
        id=str(line.id),
        product_id=str(line.product_id) if line.product_id else "",
        sku=(line.sku or "")[:LONGEST_CODE],
        name=(line.name or "")[:LONGEST_NAME],
        quantity=quantity,
        unit_price=minor(Decimal(str(line.price or 0)), currency),
        total=total,
    )


def _refunds(order: wire.Order, whole: Sequence[wire.Refund] | None) -> tuple[Refund, ...]:
    """The refunds that the order names; with time and lines, where they were read."""
    read = {refund.id: refund for refund in whole or ()}
    found = []
    for named in order.refunds:
        refund = read.get(named.id)
        at = _at(refund.date_created_gmt, "refunds.date_created_gmt") if refund else None
        lines = _refund_lines(refund, order.currency) if refund else ()
        amount = minor(abs(named.total), order.currency)
        found.append(Refund(id=str(named.id), amount=amount, at=at, lines=lines))
    return tuple(found)


def _refund_lines(refund: wire.Refund, currency: str) -> tuple[RefundLine, ...]:
    """What went back; none where the shop does not say of a line which one it is."""
    found = []
    for item in refund.line_items:
        note = next((note.value for note in item.meta_data if note.key == LINE_NOTE), None)
        if not note:
            return ()
        amount = minor(abs(item.total or Decimal(0)), currency)
        quantity = math.ceil(abs(item.quantity))
        found.append(RefundLine(id=str(note), quantity=quantity, amount=amount))
    return tuple(found)


def _attribution(order: wire.Order) -> Attribution | None:
    notes = {note.key: note.value for note in order.meta_data if isinstance(note.value, str)}
    token, code = notes.get(TOKEN_NOTE, "").strip(), notes.get(CODE_NOTE, "").strip()
    if not token and not code:
        return None
    return Attribution(token=token[:2000] or None, code=code.upper()[:LONGEST_CODE] or None)
