"""Deliveries that wait in an inbox, put there by bare SQL as the door would have done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from bench.databases import Connection, Values
from bench.orders import Orders, code

COLUMNS = (
    "store_id", "key", "adapter", "received_at", "headers", "body", "state", "attempts", "problem",
)  # fmt: skip
_TOGETHER = 1000
_HEADERS = (
    '{"host":"x","content-type":"application/json","content-length":"3000","webhook-id":"%s",'
    '"webhook-timestamp":"1795255200","webhook-signature":'
    '"v1,w1/a0Up9jnV/0Eh3jmBpadmm+y4WAc9UKwvAcA2UWEc="}'
)


def rows(
    vendor: str,
    store_id: str,
    codes: int,
    first: int,
    prefix: str = "S",
    placed: datetime | None = None,
) -> Iterator[Values]:
    """Deliveries of orders `order-0`, `order-1`, ... from the number `first` on, without an end;
    every second names a code. `placed`: about when, if not now."""
    orders, number = Orders(placed), first
    now = datetime.now(UTC)
    while True:
        name = f"order-{number}"
        named = prefix + code(number * 7919 % codes) if number % 2 else None
        body = orders.body(name, named)
        yield (
            store_id,
            f"dlv_{name}",
            "generic",
            _time(vendor, now + timedelta(microseconds=number)),
            _HEADERS % name,
            body if vendor == "sqlite" else "\\x" + body.hex(),
            "received",
            "0" if vendor == "postgresql" else 0,
            "",
        )
        number += 1


def fill(
    connection: Connection,
    store_id: str,
    codes: int,
    wanted: int,
    prefix: str = "S",
) -> int:
    """Let at least so many deliveries wait in a store; gives how many it has told in all."""
    told, waiting = counts(connection, store_id)
    missing = max(wanted - waiting, 0)
    source = rows(connection.vendor, store_id, codes, told, prefix)
    for first in range(0, missing, _TOGETHER):
        connection.begin()
        some = islice(source, min(_TOGETHER, missing - first))
        connection.insert("inbox_delivery", COLUMNS, some)
        connection.commit()
    return told + missing


def counts(connection: Connection, store_id: str) -> tuple[int, int]:
    """How many deliveries a store was told, and how many of them wait."""
    ((told, waiting),) = connection.read(
        "SELECT count(*), coalesce(sum(CASE WHEN state = 'received' THEN 1 ELSE 0 END), 0) "
        "FROM inbox_delivery WHERE store_id = ?",
        [store_id],
    )
    return int(told), int(waiting)


def _time(vendor: str, at: datetime) -> str:
    text = at.strftime("%Y-%m-%d %H:%M:%S.%f")
    return text if vendor == "sqlite" else text + "+00"
