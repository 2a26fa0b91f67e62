"""From the generic format to our snapshots: strict about meaning, kind about form.

Every problem is told in the caller's terms: the path into their JSON and what is allowed there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.generic import wire
from wordmouth.integrations.ports import Parsed
from wordmouth.kit.money import is_currency
from wordmouth.orders.snapshot import (
    Attribution,
    Line,
    OrderSnapshot,
    Refund,
    RefundLine,
    Totals,
)
from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email
from wordmouth.people.snapshot import CustomerSnapshot

T = TypeVar("T")

YEARS = range(2000, 2100)

_envelope = msgspec.json.Decoder(wire.Envelope)
_order = msgspec.json.Decoder(wire.Order)
_customer = msgspec.json.Decoder(wire.Customer)
_product = msgspec.json.Decoder(wire.Product)


def parse(body: bytes) -> Parsed:
    """What a delivery tells. Raises BadDelivery."""
    envelope = _decoded(_envelope, body, "")
    parser = _PARSERS.get(envelope.type)
    if parser is None:
        allowed = ", ".join(sorted(_PARSERS))
        raise BadDelivery([("type", f"is {envelope.type!r}; allowed are {allowed}")])
    return parser(bytes(envelope.data))


def order_from(data: bytes, at: str = "") -> OrderSnapshot:
    """An order from its JSON; `at` is its path in the caller's body. Raises BadDelivery."""
    order = _decoded(_order, data, at)
    time = _times(at)
    address = order.shipping_address
    return OrderSnapshot(
        id=_id(order.id, at),
        updated_at=_utc(order.updated_at, at, "updated_at"),
        currency=_currency(order.currency, at),
        totals=_totals(order.totals),
        number=_or(order.number, ""),
        placed_at=time("placed_at", order.placed_at),
        paid_at=time("paid_at", order.paid_at),
        fulfilled_at=time("fulfilled_at", order.fulfilled_at),
        delivered_at=time("delivered_at", order.delivered_at),
        cancelled_at=time("cancelled_at", order.cancelled_at),
        charged_back_at=time("charged_back_at", order.charged_back_at),
        customer=(
            _customer_snapshot(order.customer, _join(at, "customer")) if order.customer else None
        ),
        discount_codes=_codes(order.discount_codes),
        lines=order.lines if order.lines is UNSET else _lines(order.lines or ()),
        refunds=_refunds(order.refunds or (), at),
        country=address if address is UNSET else ((address and address.country) or "").upper(),
        attribution=_attribution(order.attribution),
        is_test=UNSET if order.is_test is None else order.is_test,
    )


def customer_from(data: bytes, at: str = "") -> CustomerSnapshot:
    """A customer snapshot from its JSON. Raises BadDelivery."""
    customer = _customer_snapshot(_decoded(_customer, data, at), at)
    if customer.id is None and customer.email is None:
        raise BadDelivery([(at, "a customer needs an id or an email")])
    return customer


def product_from(data: bytes, at: str = "") -> ProductSnapshot:
    """A product snapshot from its JSON. Raises BadDelivery."""
    product = _decoded(_product, data, at)
    return ProductSnapshot(
        id=_id(product.id, at),
        updated_at=_utc(product.updated_at, at, "updated_at"),
        name=product.name or "",
        sku=product.sku or "",
        category=product.category or "",
        price=product.price,
        currency=_currency(product.currency, at) if product.currency else "",
        url=product.url or "",
        image_url=product.image_url or "",
    )


def enveloped(kind: str, data: bytes, at: datetime) -> bytes:
    """A body of the generic format around a snapshot that came by another door."""
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": msgspec.Raw(data)})


_PARSERS: dict[str, Callable[[bytes], Parsed]] = {
    "order.snapshot": lambda data: Parsed(orders=(order_from(data, "data"),)),
    "customer.snapshot": lambda data: Parsed(customers=(customer_from(data, "data"),)),
    "product.snapshot": lambda data: Parsed(products=(product_from(data, "data"),)),
}


def _decoded(decoder: msgspec.json.Decoder[T], data: bytes, at: str) -> T:
    if b"\\u0000" in data:
        _refuse_nul(data, at)
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise BadDelivery([_explained(str(error), at)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadDelivery([(at, f"is not valid JSON in UTF-8: {error}")]) from error


_LOCATION = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_MEANINGS = (
    ("{1,120}", "takes 1 to 120 characters without control characters"),
    ("([A-Za-z]{2})?", "takes a country code of two letters (ISO 3166-1), such as EE"),
    ("[A-Za-z]{3}", "takes a currency code of three letters (ISO 4217), such as EUR"),
    ("with a timezone", "takes a time with a zone, such as 2026-11-21T10:00:00Z"),
    ("Invalid RFC3339", "takes a time as RFC 3339 writes it, such as 2026-11-21T10:00:00Z"),
    ("`int` >= 0", "takes a whole number of minor units that is not negative"),
)


def _explained(message: str, at: str) -> tuple[str, str]:
    """The decoder's complaint as a path and a sentence."""
    found = _LOCATION.match(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    missing = _MISSING.fullmatch(what)
    if missing:
        return _join(at, path, missing[1]), "is required"
    meaning = next((text for sign, text in _MEANINGS if sign in what), None)
    return _join(at, path), meaning or what[:1].lower() + what[1:]


def _join(*parts: str) -> str:
    joined = ""
    for part in filter(None, parts):
        joined += part if not joined or part.startswith("[") else f".{part}"
    return joined


def _refuse_nul(data: bytes, at: str) -> None:
    """A database cannot store U+0000. (An escaped backslash before `u0000` is not one.)"""
    if re.search(rb"(?<!\\)(?:\\\\)*\\u0000", data):
        raise BadDelivery([(at, "texts must not contain the character U+0000")])


def _or(value: T | UnsetType | None, fallback: T) -> T | UnsetType:
    return fallback if value is None else value


def _id(value: str, at: str) -> str:
    trimmed = value.strip()
    if not trimmed:
        raise BadDelivery([(_join(at, "id"), "takes at least one character that is not a space")])
    return trimmed


def _currency(code: str, at: str) -> str:
    if not is_currency(code.upper()):
        path = _join(at, "currency")
        raise BadDelivery([(path, f"is {code!r}, which is not a currency code of ISO 4217")])
    return code.upper()


def _utc(value: datetime, at: str, name: str) -> datetime:
    if value.year not in YEARS:
        path = _join(at, name)
        raise BadDelivery([(path, f"is in the year {value.year}; allowed are 2000 to 2099")])
    return value.astimezone(UTC)


def _times(at: str) -> Callable[[str, Any], Any]:
    """Times to UTC, under their names; absent stays absent and null stays null."""

    def convert(name: str, value: datetime | UnsetType | None) -> datetime | UnsetType | None:
        return _utc(value, at, name) if isinstance(value, datetime) else value

    return convert


def _totals(totals: wire.Totals) -> Totals:
    discount, shipping, tax = totals.discount or 0, totals.shipping or 0, totals.tax or 0
    items = totals.items
    if items is None:
        items = max(totals.grand - shipping - tax + discount, 0)
    return Totals(
        grand=totals.grand,
        items=items,
        discount=discount,
        shipping=shipping,
        tax=tax,
        gift_card=totals.gift_card or 0,
    )


def _customer_snapshot(customer: wire.Customer, at: str) -> CustomerSnapshot:
    email = (customer.email or "").strip() or None
    if email is not None:
        try:
            canonical_email(email)
        except BadEmail as error:
            raise BadDelivery([(_join(at, "email"), error.detail)]) from error
    return CustomerSnapshot(
        id=(customer.id or "").strip() or None,
        email=email,
        first_name=(customer.first_name or "").strip(),
        last_name=(customer.last_name or "").strip(),
        locale=(customer.locale or "").strip(),
    )


def _codes(codes: Iterable[str] | UnsetType | None) -> tuple[str, ...] | UnsetType:
    """Trimmed, in capitals, each once, in the order given."""
    if isinstance(codes, UnsetType):
        return codes
    cleaned = (code.strip().upper() for code in codes or ())
    return tuple(dict.fromkeys(code for code in cleaned if code))


def _lines(lines: Iterable[wire.Line]) -> tuple[Line, ...]:
    return tuple(_line(line) for line in lines)


def _line(line: wire.Line) -> Line:
    """A line; where it does not tell its worth, that follows from quantity and price."""
    quantity = 1 if line.quantity is None else line.quantity
    price = line.unit_price or 0
    told = quantity * price if line.total is None else line.total
    return Line(
        id=(line.id or "").strip(),
        product_id=(line.product_id or "").strip(),
        sku=line.sku or "",
        name=line.name or "",
        category=(line.category or "").strip(),
        quantity=quantity,
        unit_price=price,
        total=max(-wire.MAX_MINOR, min(told, wire.MAX_MINOR)),
        gift_card=bool(line.gift_card),
    )


def _refunds(refunds: Iterable[wire.Refund], at: str) -> tuple[Refund, ...]:
    return tuple(
        Refund(
            id=refund.id,
            amount=refund.amount,
            at=refund.at and _utc(refund.at, at, f"refunds[{number}].at"),
            lines=tuple(
                RefundLine(id=line.id.strip(), quantity=line.quantity, amount=line.amount)
                for line in refund.lines or ()
            ),
        )
        for number, refund in enumerate(refunds)
    )


def _attribution(given: wire.Attribution | UnsetType | None) -> Attribution | UnsetType | None:
    if given is None or isinstance(given, UnsetType):
        return given
    code = (given.code or "").strip().upper() or None
    return Attribution(token=(given.token or "").strip() or None, code=code)
