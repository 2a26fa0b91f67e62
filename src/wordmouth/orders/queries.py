"""Questions about orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from wordmouth.orders.contents import contents_of
from wordmouth.orders.facts import OrderContents, OrderFacts
from wordmouth.orders.merge import Merged, unpack
from wordmouth.orders.models import Order, OrderCode
from wordmouth.orders.reading import columns
from wordmouth.stores import rows
from wordmouth.stores.memory import Memory

ORDERS: Memory[str, OrderFacts] = Memory()
STATES: Memory[str, Merged] = Memory()
"""What all news of an order together say, by our id."""
OF_PERSON: Memory[str, list[OrderFacts]] = Memory()
"""All orders of a person."""
NAMES = OrderFacts.__struct_fields__
_CODES = NAMES.index("codes")


class StoredOrder(NamedTuple):
    """An order with its merged state as it is kept (see `merge.pack`)."""

    order: OrderFacts
    state: str


def _facts(row: Sequence[Any]) -> OrderFacts:
    """A row of the columns `NAMES` as facts."""
    told = dict(zip(NAMES, row, strict=True))
    told["codes"] = tuple(row[_CODES])
    return OrderFacts(**told)


def _read(**by: Any) -> list[OrderFacts]:
    found = rows.read(Order, NAMES, order_by=("placed_at", "external_id"), **by)
    return [_facts(row) for row in found]


def stored(external_ids: Iterable[str]) -> dict[str, StoredOrder]:
    """Those orders with their states, by the shop's id; unknown ones are left out."""
    known = rows.read(Order, ("facts", *NAMES), external_id__in=external_ids)
    found = ((state, _facts(row)) for state, *row in known)
    return {facts.external_id: StoredOrder(facts, state) for state, facts in found}


def order(external_id: str) -> OrderFacts | None:
    """The order with the shop's id."""
    found = _read(external_id=external_id)
    return found[0] if found else None


def orders(ids: Iterable[str]) -> dict[str, OrderFacts]:
    """Those orders by our id."""
    return ORDERS.get(ids, _orders)


def _orders(ids: Collection[str]) -> dict[str, OrderFacts]:
    return {facts.id: facts for facts in _read(id__in=ids)}


def orders_of_persons(person_ids: Iterable[str]) -> list[OrderFacts]:
    """All orders of these persons, oldest first."""
    found = OF_PERSON.get(person_ids, _of_persons)
    return sorted((one for some in found.values() for one in some), key=_age)


def _of_persons(ids: Collection[str]) -> dict[str, list[OrderFacts]]:
    found: dict[str, list[OrderFacts]] = {person: [] for person in ids}
    for facts in _read(person_id__in=ids):
        found[facts.person_id or ""].append(facts)
    return found


def _age(facts: OrderFacts) -> tuple[datetime, str]:
    return facts.placed_at, facts.external_id


def orders_with_codes(codes: Iterable[str]) -> dict[str, list[OrderFacts]]:
    """The orders bought with each code; codes that no order names are left out."""
    pairs = rows.read(OrderCode, ("code", "order_id"), code__in=codes)
    known = orders(order_id for _, order_id in pairs)
    found: dict[str, list[OrderFacts]] = defaultdict(list)
    for code, order_id in pairs:
        found[code].append(known[order_id])
    return dict(found)


def contents(order_ids: Iterable[str]) -> dict[str, OrderContents]:
    """What these orders hold, by our id. Read from their whole states: ask for few at a time."""
    return {key: contents_of(state) for key, state in STATES.get(order_ids, _states).items()}


def _states(ids: Collection[str]) -> dict[str, Merged]:
    states = rows.read(Order, ("id", "facts"), id__in=ids)
    return {order_id: unpack(state) for order_id, state in states}


def misread(order_ids: Iterable[str]) -> list[OrderFacts]:
    """Those of these orders whose columns are not the reading of their state: somebody changed
    them behind our back."""
    states = rows.read(Order, ("facts", *NAMES), id__in=order_ids)
    known = ((unpack(state), _facts(row)) for state, *row in states)
    return [
        facts
        for merged, facts in known
        if any(getattr(facts, name) != value for name, value in columns(merged).items())
    ]


def currencies() -> set[str]:
    """The currencies that the store's orders were paid in."""
    return set(Order.objects.order_by().values_list("currency", flat=True).distinct())


def snapshot_json(external_id: str) -> dict[str, Any] | None:
    """The merged order in the shape of a snapshot, without personal data."""
    found = stored([external_id]).get(external_id)
    if found is None:
        return None
    facts, merged = found.order, unpack(found.state)
    values = {name: register.value for name, register in merged.fields.items()}
    refunds = [
        dict(zip(("id", "amount", "at", "lines"), (key, *register.value), strict=False))
        for key, register in sorted(merged.refunds.items())
    ]
    totals = {name: getattr(facts, name) for name in ("items", "discount", "shipping", "tax")}
    totals["gift_card"] = values["totals"].get("gift_card", 0)
    return {
        "id": facts.external_id,
        **{name: value for name, value in values.items() if name != "totals"},
        "updated_at": facts.updated_at,
        "placed_at": facts.placed_at,
        "totals": {**totals, "grand": facts.grand},
        "refunds": refunds,
        "refunded": facts.refunded,
    }


def count() -> int:
    """How many orders the store has told."""
    return Order.objects.count()
