"""From what Shopify says to our snapshots.

A webhook carries the order as the REST API writes it; what is read comes by GraphQL and is first
put into the same form (`reading`). So both end in one snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import InvalidOperation
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.bodies import read_json
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, Parsed, Ref
from wordmouth.integrations.shop_facts import LONGEST_CODE, codes, person
from wordmouth.integrations.shopify import answers, reading, wire
from wordmouth.integrations.shopify.money import minor, refunds, totals_and_lines
from wordmouth.integrations.shopify.verify import TOPIC
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import Attribution, OrderSnapshot
from wordmouth.people.snapshot import ERASE, ERASE_STORE, HAND_OUT, CustomerSnapshot, PrivacyAsk

TOKEN_NOTE, CODE_NOTE = "wordmouth_token", "wordmouth_code"
"""Cart attributes: what the shop's page remembers of where the buyer came from."""
TOKEN_QUERY = "wm"  # noqa: S105 - the name of a part of an address
PRIVACY = {
    "customers/redact": ERASE,
    "customers/data_request": HAND_OUT,
    "shop/redact": ERASE_STORE,
}
PAID = frozenset({"paid", "partially_refunded", "refunded"})
DELIVERED = "delivered"


def parse(headers: Mapping[str, str], body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    fetched = headers.get(FETCHED)
    if fetched is not None:
        return _READ[fetched](body)
    topic = headers.get(TOPIC, "")
    resource, _, event = topic.partition("/")
    if _is_error(body):
        return Parsed()
    if resource == "orders" and event not in ("delete", "risk_assessment_changed"):
        return _told_order(topic, body)
    if topic in ("customers/create", "customers/update"):
        return Parsed(customers=(_person(read_json(body, wire.Customer)),))
    if topic == "fulfillment_events/create" and read_json(body, wire.OfOrder).status != DELIVERED:
        return Parsed()
    if resource in ("refunds", "disputes", "fulfillment_events"):
        return _of_order(body)
    if topic in PRIVACY:
        return _asked(PRIVACY[topic], body)
    if topic == "app/uninstalled":
        return Parsed(closed="The app was uninstalled from the shop at Shopify.")
    return Parsed()


def _told_order(topic: str, body: bytes) -> Parsed:
    """An order as a webhook tells it. What of its money a webhook does not tell is read."""
    order = read_json(body, wire.Order)
    if not _tells_its_money(order):
        return Parsed(refetch=(Ref(kind=ORDER, id=str(order.id)),))
    return Parsed(orders=(_snapshot(order, reading.Beside(paid_at=_paid_at(topic, order))),))


def _asked(kind: str, body: bytes) -> Parsed:
    """What somebody asked about personal data. Shopify tells the customer's id, address or both."""
    given = read_json(body, wire.Privacy).customer
    if kind == ERASE_STORE:
        return Parsed(asks=(PrivacyAsk(kind=kind),))
    if given is None or (given.id is None and not given.email):
        raise BadDelivery([("customer", "has neither an id nor an e-mail address")])
    return Parsed(asks=(PrivacyAsk(kind=kind, customer=_person(given)),))


def _tells_its_money(order: wire.Order) -> bool:
    """Whether every sum is told in the shop's currency. How much was paid by gift card is not told,
    and a refund is in the currency that the customer saw."""
    moved = [each for refund in order.refunds for each in refund.transactions]
    foreign = any((each.currency or order.currency) != order.currency for each in moved)
    return not foreign and "gift_card" not in order.payment_gateway_names


def _paid_at(topic: str, order: wire.Order) -> datetime | UnsetType | None:
    """When the order was paid. A webhook tells that it is paid and not since when: that is known
    where it is told at that moment, and nothing is said else."""
    if order.financial_status not in PAID:
        return None
    if topic == "orders/paid":
        return order.updated_at
    return (order.processed_at or order.created_at) if topic == "orders/create" else UNSET


def _of_order(body: bytes) -> Parsed:
    """Something of an order: the order is read for it."""
    about = read_json(body, wire.OfOrder)
    if about.order_id is None:
        return Parsed()
    return Parsed(refetch=(Ref(kind=ORDER, id=str(about.order_id)),))


def _whole_order(body: bytes) -> Parsed:
    order, beside = reading.order(read_json(body, answers.WholeOrder))
    return Parsed(orders=(_snapshot(order, beside),))


def _whole_customer(body: bytes) -> Parsed:
    return Parsed(customers=(_person(reading.customer(read_json(body, answers.Person))),))


_READ: dict[str, Callable[[bytes], Parsed]] = {ORDER: _whole_order, CUSTOMER: _whole_customer}


def _is_error(body: bytes) -> bool:
    """Whether this is an error in the place of a thing. It tells nothing."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(found, dict) and "errors" in found and "id" not in found


def _snapshot(order: wire.Order, beside: reading.Beside) -> OrderSnapshot:
    if not is_currency(order.currency):
        raise BadDelivery([("currency", f"is {order.currency!r}, which is not one of ISO 4217")])
    try:
        (totals, lines), back = totals_and_lines(order), refunds(order)
    except InvalidOperation as error:
        raise BadDelivery([("", "a sum is no amount of money")]) from error
    paid_with_cards = minor(beside.gift_card, order.currency)
    changed = _utc(order.updated_at)
    return OrderSnapshot(
        id=str(order.id),
        number=(order.name or f"#{order.id}")[:LONGEST_CODE],
        updated_at=changed + timedelta(microseconds=beside.later),
        currency=order.currency,
        totals=msgspec.structs.replace(totals, gift_card=paid_with_cards),
        placed_at=_utc(order.created_at),
        paid_at=_at(beside.paid_at),
        fulfilled_at=_all_of(order, [each.created_at for each in _sent(order)]),
        delivered_at=_delivered(order),
        cancelled_at=_at(order.cancelled_at),
        charged_back_at=_charged_back(beside, changed),
        customer=_buyer(order),
        discount_codes=codes(each.code for each in order.discount_codes),
        lines=lines,
        refunds=back,
        country=_country(order),
        attribution=_attribution(order),
        is_test=order.test,
    )


def _charged_back(beside: reading.Beside, changed: datetime) -> datetime | UnsetType | None:
    """A dispute is told without a time of its own; nothing is said where there was none."""
    if isinstance(beside.charged_back, UnsetType):
        return UNSET
    return changed if beside.charged_back else None


def _sent(order: wire.Order) -> list[wire.Fulfillment]:
    return [each for each in order.fulfillments if each.status == "success"]


def _all_of(order: wire.Order, times: list[datetime | None]) -> datetime | None:
    """The last of these times, if everything was sent and each is known."""
    known = [_utc(each) for each in times if each]
    if order.fulfillment_status != "fulfilled" or not known or len(known) < len(times):
        return None
    return max(known)


def _delivered(order: wire.Order) -> datetime | None:
    arrived = [
        each.updated_at or each.created_at if each.shipment_status == DELIVERED else None
        for each in _sent(order)
    ]
    return _all_of(order, arrived)


def _utc(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:
        raise BadDelivery([("", f"a time is in the year {at.year}; allowed are 2000 to 2099")])
    return at.astimezone(UTC)


def _at(at: datetime | UnsetType | None) -> datetime | UnsetType | None:
    return _utc(at) if isinstance(at, datetime) else at


def _country(order: wire.Order) -> str:
    address = order.shipping_address or order.billing_address
    return ((address and address.country_code) or "").upper()[:2]


def _attribution(order: wire.Order) -> Attribution | UnsetType:
    """What the cart knows of the visit, else the address at which it began. Nothing is said where
    neither knows: one of the two ways to tell an order may know less than the other."""
    notes = {each.name: str(each.value or "").strip() for each in order.note_attributes}
    token = notes.get(TOKEN_NOTE, "") or _in_address(order.landing_site or "")
    code = notes.get(CODE_NOTE, "").upper()[:LONGEST_CODE]
    if not token and not code:
        return UNSET
    return Attribution(token=token[:2000] or None, code=code or None)


def _in_address(address: str) -> str:
    try:
        given = parse_qs(urlsplit(address).query)
    except ValueError:
        return ""
    return given.get(TOKEN_QUERY, [""])[0].strip()


def _buyer(order: wire.Order) -> CustomerSnapshot | None:
    """Who bought; None where the app may not know. The address of the order counts, which the
    customer typed for it."""
    known = order.customer or wire.Customer()
    email = order.email or known.email
    if known.id is None and not email:
        return None
    return _person(msgspec.structs.replace(known, email=email), order.customer_locale)


def _person(given: wire.Customer, locale: str | None = None) -> CustomerSnapshot:
    """A customer. An address that is none is left out: the order counts all the same."""
    known = person(given.id, given.email, given.first_name, given.last_name, locale)
    if known.id is None and known.email is None:
        raise BadDelivery([("", "a customer has neither an id nor an e-mail address")])
    return known
