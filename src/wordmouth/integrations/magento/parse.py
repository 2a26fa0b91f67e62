"""From what Magento says to our snapshots.

What an order is now stands in its `state`; when that became so is told by its invoices, parcels and
credit memos. Everything is counted in what the shop counts in (`base_...`): coupons are made in it,
and what a customer saw may be another currency at each refund.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec import UNSET, UnsetType

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.bodies import read_json
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.magento import wire
from wordmouth.integrations.magento.money import Sums, minor
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Parsed, Ref
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import Attribution, OrderSnapshot
from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email
from wordmouth.people.snapshot import CustomerSnapshot

HINTS = {"order.changed": ORDER, "customer.changed": CUSTOMER, "product.changed": PRODUCT}
"""What a hint may say, and the kind of thing whose number is in it."""
CANCELED, CLOSED, COMPLETE, PROCESSING = "canceled", "closed", "complete", "processing"
GOING_ON = frozenset({PROCESSING, COMPLETE, CLOSED})
INVOICE_PAID = 2
IMAGE = "image"
NO_IMAGE = "no_selection"
_LONGEST, _LONGEST_CODE = 300, 120


def parse(headers: Mapping[str, str], body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    fetched = headers.get(FETCHED)
    if fetched is not None:
        return _READ[fetched](body)
    hint = read_json(body, wire.Hint)
    kind = HINTS.get(hint.type)
    if kind is None:
        return Parsed()
    number = str(read_json(bytes(hint.data), wire.HintData).id)
    if not (number.isascii() and number.isdecimal()):
        raise BadDelivery([("data.id", f"is {number[:40]!r}, which is no number of Magento's")])
    return Parsed(refetch=(Ref(kind=kind, id=number),))


def _order(body: bytes) -> Parsed:
    return Parsed(orders=(_snapshot(read_json(body, wire.WholeOrder)),))


def _customer(body: bytes) -> Parsed:
    given = read_json(body, wire.Customer)
    return Parsed(customers=(_person(given.id, given.email, given.firstname, given.lastname),))


def _product(body: bytes) -> Parsed:
    whole = read_json(body, wire.WholeProduct)
    product = whole.product
    priced = product.price is not None and is_currency(whole.currency)
    told = ProductSnapshot(
        id=str(product.id),
        updated_at=_at(product.updated_at, "product.updated_at"),
        name=(product.name or "")[:_LONGEST],
        sku=product.sku[:_LONGEST_CODE],
        price=minor(product.price, whole.currency) if priced else None,
        currency=whole.currency if priced else "",
        image_url=_image(whole),
    )
    return Parsed(products=(told,))


_READ: dict[str, Callable[[bytes], Parsed]] = {
    ORDER: _order,
    CUSTOMER: _customer,
    PRODUCT: _product,
}


def _snapshot(whole: wire.WholeOrder) -> OrderSnapshot:
    order, currency = whole.order, whole.order.base_currency_code
    if not is_currency(currency):
        problem = f"is {currency!r}, which is not one of ISO 4217"
        raise BadDelivery([("order.base_currency_code", problem)])
    sums = Sums(whole)
    created = _at(order.created_at, "order.created_at")
    changed = _at(order.updated_at, "order.updated_at")
    paid = _paid(whole, sums, created, changed)
    back = sums.refunds(lambda memo: _at(memo.created_at, "creditmemos.created_at"))
    gone = order.state == CANCELED or (order.state == CLOSED and not back)
    return OrderSnapshot(
        id=str(order.entity_id),
        number=f"#{order.increment_id or order.entity_id}"[:_LONGEST_CODE],
        updated_at=changed,
        currency=currency,
        totals=sums.totals(),
        placed_at=created,
        paid_at=paid,
        fulfilled_at=_fulfilled(whole, paid),
        cancelled_at=changed if gone else None,
        customer=_buyer(order),
        discount_codes=_codes(order),
        lines=sums.lines(),
        refunds=back,
        country=_country(order),
        attribution=_attribution(order),
    )


def _paid(
    whole: wire.WholeOrder, sums: Sums, created: datetime, changed: datetime
) -> datetime | None:
    """When the last of the money was asked for that has come by now. An order that costs nothing
    is paid as soon as it is worked on."""
    if not sums.is_paid:
        return None
    taken = [
        _at(invoice.created_at, "invoices.created_at")
        for invoice in whole.invoices
        if invoice.state == INVOICE_PAID
    ]
    if taken:
        return max(taken)
    if sums.due:
        return changed
    return created if whole.order.state in GOING_ON else None


def _fulfilled(whole: wire.WholeOrder, paid: datetime | None) -> datetime | None:
    """When the last parcel left, if nothing is left to be sent; what needs no parcel is there when
    it is paid."""
    order = whole.order
    if order.is_virtual:
        return paid if order.state == COMPLETE else None
    if order.state not in (COMPLETE, CLOSED) and not _is_all_sent(order):
        return None
    sent = [_at(parcel.created_at, "shipments.created_at") for parcel in whole.shipments]
    return max(sent, default=None)


def _is_all_sent(order: wire.Order) -> bool:
    """Whether every line was sent that needs it. A bundle whose parts go separately shows that only
    when it is `complete`."""
    lines = [item for item in order.items or () if not item.parent_item_id and not item.is_virtual]
    left = (
        item.qty_ordered - (item.qty_canceled or 0) - (item.qty_refunded or 0) for item in lines
    )
    sent = (item.qty_shipped or 0 for item in lines)
    return bool(lines) and all(done >= wanted for done, wanted in zip(sent, left, strict=True))


def _at(text: str, name: str) -> datetime:
    """A time of the shop's in UTC."""
    try:
        found = read_time(text)
    except ValueError as error:
        raise BadDelivery([(name, f"is {text[:40]!r}, which is no time")]) from error
    if not 2000 <= found.year < 2100:
        raise BadDelivery([(name, f"is in the year {found.year}; allowed are 2000 to 2099")])
    return found


def read_time(text: str) -> datetime:
    """A time of Magento's, which is UTC and does not say so. Raises ValueError."""
    found = datetime.fromisoformat(text)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def _codes(order: wire.Order) -> tuple[str, ...]:
    code = (order.coupon_code or "").strip().upper()[:_LONGEST_CODE]
    return (code,) if code else ()


def _attribution(order: wire.Order) -> Attribution | UnsetType:
    """The visit by which the buyer came. Nothing is said where the shop does not know it."""
    beside = order.extension_attributes or wire.Beside()
    token = (beside.wordmouth_token or "").strip()
    return Attribution(token=token) if token else UNSET


def _country(order: wire.Order) -> str:
    beside = order.extension_attributes or wire.Beside()
    places = [part.shipping.address for part in beside.shipping_assignments or () if part.shipping]
    known = [place.country_id for place in (*places, order.billing_address) if place]
    return next((country for country in known if country), "").strip().upper()[:2]


def _buyer(order: wire.Order) -> CustomerSnapshot:
    """Who bought; of a guest only the bill may say the name."""
    payer = order.billing_address or wire.Address()
    return _person(
        order.customer_id or 0,
        order.customer_email,
        order.customer_firstname or payer.firstname,
        order.customer_lastname or payer.lastname,
    )


def _person(
    number: int, address: str | None, first_name: str | None, last_name: str | None
) -> CustomerSnapshot:
    """A customer; a guest has no number. An address that is none is left out: the order counts
    all the same."""
    email = (address or "").strip() or None
    try:
        canonical_email(email or "")
    except BadEmail:
        email = None
    return CustomerSnapshot(
        id=str(number) if number else None,
        email=email,
        first_name=(first_name or "").strip()[:_LONGEST_CODE],
        last_name=(last_name or "").strip()[:_LONGEST_CODE],
    )


def _image(whole: wire.WholeProduct) -> str:
    """Where the product's picture is; empty where it has none."""
    told = {each.attribute_code: each.value for each in whole.product.custom_attributes or ()}
    path = told.get(IMAGE)
    if not whole.media or not isinstance(path, str) or path in ("", NO_IMAGE):
        return ""
    return f"{whole.media.rstrip('/')}/catalog/product/{path.lstrip('/')}"
