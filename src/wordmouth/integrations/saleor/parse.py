"""From what Saleor says to our snapshots. A webhook tells an order in the same words in which it is
read, so both end in one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec import UNSET, UnsetType

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.bodies import read_json
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Parsed, Ref
from wordmouth.integrations.saleor import wire
from wordmouth.integrations.saleor.money import minor, refunds, totals_and_lines
from wordmouth.integrations.saleor.questions import CODE_NOTE, TOKEN_NOTE
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import Attribution, OrderSnapshot
from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email
from wordmouth.people.snapshot import CustomerSnapshot

DRAFT, NOTHING = "DRAFT", b"null"
PAID = frozenset({"FULL", "OVERCHARGED"})
GONE = frozenset({"CANCELED", "EXPIRED"})
"""The states of an order that is no more, and the events that made it so."""
PAID_EVENTS = frozenset({"ORDER_FULLY_PAID", "ORDER_MARKED_AS_PAID"})
CHARGED, CHARGED_BACK, SENT = "CHARGE_SUCCESS", "CHARGE_BACK", "FULFILLED"
_LONGEST = 120


def parse(headers: Mapping[str, str], body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    fetched = headers.get(FETCHED)
    if fetched is not None:
        return _READ[fetched](body)
    told = read_json(body, wire.Told)
    if told.user is not None:
        return Parsed(customers=(_person(told.user, told.user.email),))
    order = bytes(told.order)
    if order == NOTHING:
        return Parsed()
    if told.errors:
        # Something that the app may not see, or that could not be worked out, is null in it.
        return Parsed(refetch=(Ref(kind=ORDER, id=read_json(order, wire.Named).id),))
    return _whole_order(order)


def _whole_order(body: bytes) -> Parsed:
    order = read_json(body, wire.Order)
    return Parsed() if order.status == DRAFT else Parsed(orders=(_snapshot(order),))


def _whole_customer(body: bytes) -> Parsed:
    person = read_json(body, wire.Person)
    return Parsed(customers=(_person(person, person.email),))


def _whole_product(body: bytes) -> Parsed:
    """A product, with the price of the first channel that shows it."""
    read = read_json(body, wire.CatalogProduct)
    shown = [each.discounted_price for each in read.channel_listings or () if each.is_published]
    price = next((each for each in shown if each and is_currency(each.currency)), None)
    product = ProductSnapshot(
        id=read.id[:_LONGEST],
        updated_at=_utc(read.updated_at),
        name=read.name[:300],
        sku=((read.default_variant and read.default_variant.sku) or "")[:_LONGEST],
        category=read.category.name[:200] if read.category else "",
        price=minor(price.amount, price.currency) if price else None,
        currency=price.currency if price else "",
        image_url=read.thumbnail.url if read.thumbnail else "",
    )
    return Parsed(products=(product,))


_READ: dict[str, Callable[[bytes], Parsed]] = {
    ORDER: _whole_order,
    CUSTOMER: _whole_customer,
    PRODUCT: _whole_product,
}


def _snapshot(order: wire.Order) -> OrderSnapshot:
    currency = order.total.currency
    if not is_currency(currency):
        raise BadDelivery([("total.currency", f"is {currency!r}, which is not one of ISO 4217")])
    totals, lines = totals_and_lines(order)
    return OrderSnapshot(
        id=order.id,
        number=order.number[:_LONGEST],
        updated_at=_utc(order.updated_at),
        currency=currency,
        totals=totals,
        placed_at=_utc(order.created),
        paid_at=_paid_at(order),
        fulfilled_at=_fulfilled_at(order),
        cancelled_at=_cancelled_at(order),
        charged_back_at=_charged_back_at(order),
        customer=_buyer(order),
        discount_codes=_codes(order.voucher_code),
        lines=lines,
        refunds=refunds(order),
        country=_country(order),
        attribution=_attribution(order),
    )


def _times(order: wire.Order, kinds: frozenset[str]) -> list[datetime]:
    """When something of these kinds happened to the order."""
    return [_utc(each.date) for each in order.events or () if each.date and each.type in kinds]


def _money_events(order: wire.Order, kind: str) -> list[datetime]:
    events = (each for payment in order.transactions or () for each in payment.events)
    return [_utc(each.created_at) for each in events if each.type == kind]


def _paid_at(order: wire.Order) -> datetime | None:
    """When the order was first paid in full. What goes back later takes the charge status back
    too, so it says only that an order is paid, and never that it was not."""
    paid = _times(order, PAID_EVENTS)
    if paid:
        return min(paid)
    if order.charge_status not in PAID:
        return None
    return max(_money_events(order, CHARGED), default=_utc(order.updated_at))


def _fulfilled_at(order: wire.Order) -> datetime | None:
    """When the last parcel left, while the whole order is on its way."""
    sent = [_utc(each.created) for each in order.fulfillments if each.status == SENT]
    return max(sent) if sent and order.status == SENT else None


def _cancelled_at(order: wire.Order) -> datetime | None:
    if order.status not in GONE:
        return None
    return max(_times(order, GONE), default=_utc(order.updated_at))


def _charged_back_at(order: wire.Order) -> datetime | UnsetType:
    """When the buyer's bank took the money back. Saleor has no word for a dispute that was won, so
    nothing is said where there is none."""
    return max(_money_events(order, CHARGED_BACK), default=UNSET)


def _utc(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:
        raise BadDelivery([("", f"a time is in the year {at.year}; allowed are 2000 to 2099")])
    return at.astimezone(UTC)


def _codes(*codes: str | None) -> tuple[str, ...]:
    cleaned = ((code or "").strip().upper()[:_LONGEST] for code in codes)
    return tuple(code for code in cleaned if code)


def _country(order: wire.Order) -> str:
    address = order.shipping_address or order.billing_address
    return address.country.code.upper()[:2] if address else ""


def _attribution(order: wire.Order) -> Attribution | UnsetType:
    """What the checkout remembered of the visit. Nothing is said where it knew nothing."""
    notes = order.metafields or {}
    token, code = (notes.get(name, "").strip() for name in (TOKEN_NOTE, CODE_NOTE))
    if not token and not code:
        return UNSET
    return Attribution(token=token[:2000] or None, code=code.upper()[:_LONGEST] or None)


def _buyer(order: wire.Order) -> CustomerSnapshot | None:
    """Who bought; None where nobody is named. The address of the order counts, which was typed for
    it."""
    email = order.user_email or (order.user.email if order.user else None)
    if order.user is not None:
        return _person(order.user, email, order.language_code_enum)
    try:
        canonical_email(email or "")
    except BadEmail:
        return None
    return CustomerSnapshot(email=email, locale=_locale(order.language_code_enum))


def _person(given: wire.Person, email: str | None, language: str | None = None) -> CustomerSnapshot:
    """A customer. An address that is none is left out: the account counts all the same."""
    email = (email or "").strip() or None
    try:
        canonical_email(email or "")
    except BadEmail:
        email = None
    return CustomerSnapshot(
        id=given.id[:_LONGEST],
        email=email,
        first_name=(given.first_name or "").strip()[:_LONGEST],
        last_name=(given.last_name or "").strip()[:_LONGEST],
        locale=_locale(language or given.language_code or ""),
    )


def _locale(language: str) -> str:
    """Saleor writes `PT_BR`."""
    return language.lower().replace("_", "-")[:12]
