"""The one statement that stores an order, for either database: history comes in by the million.

The web framework's own way of writing rows takes several times as long as merging them.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from wordmouth.orders.facts import OrderFacts
from wordmouth.orders.merge import MILESTONES
from wordmouth.stores.tables import stored_moment

_TOLD = tuple(name for name in OrderFacts.__struct_fields__ if name not in ("id", "external_id"))
Value = str | int | datetime | None
_FIXED = ("id", "store_id", "external_id", "first_seen_at")
_COLUMNS = (*_FIXED, *_TOLD, "facts")
_TIMES = frozenset({*MILESTONES, "updated_at"})

UPSERT = (
    f"INSERT INTO orders_order ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
    " ON CONFLICT (store_id, external_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*_TOLD, "facts"))
)
"""Takes a row of `row()`. What an order was first seen as stays: its id and the moment."""


def row(
    vendor: str, store_id: str, order: OrderFacts, state: str, first_seen_at: datetime
) -> tuple[Value, ...]:
    """The parameters of `UPSERT`: an order, its merged state as text, and when it was first seen
    (which counts only where it is new)."""
    told: list[Value] = []
    for name in _TOLD:
        value = getattr(order, name)
        if name in _TIMES:
            value = None if value is None else _time(vendor, value)
        told.append(value)
    told[_CODES] = msgspec.json.encode(order.codes).decode()
    first = _time(vendor, first_seen_at)
    return (order.id, store_id, order.external_id, first, *told, state)


_CODES = _TOLD.index("codes")


def _time(vendor: str, at: datetime) -> str | datetime | None:
    return stored_moment(at) if vendor == "sqlite" else at
