"""The statements that every delivery goes through, on either database: it is stored by the group
writer, claimed, and settled."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wordmouth.inbox.ports import FETCHED, HISTORY_BEFORE, QUERY
from wordmouth.kit.group_commit import stored_time
from wordmouth.kit.ids import derived_id
from wordmouth.stores.sets import IN_SET

_COLUMNS = (
    "store_id, key, adapter, received_at, headers, body, state, attempts, problem, retry_at, "
    "settled_at"
)
_REST = "'received', 0, '', NULL, NULL"
_ONCE = "ON CONFLICT (store_id, key) DO NOTHING"
_NOT_KEPT = frozenset(
    {"authorization", "cookie", "proxy-authorization", QUERY, FETCHED, HISTORY_BEFORE}
)
"""Somebody's credentials, and what only the engine itself may say of a delivery."""

_INSERT = {
    "sqlite": f"INSERT INTO inbox_delivery ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, {_REST}) {_ONCE}",
    # Without a WHERE, ON CONFLICT after a SELECT reads as a join's ON.
    "postgresql": f"INSERT INTO inbox_delivery ({_COLUMNS}) SELECT told.*, {_REST} FROM unnest("
    "%b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[], %b::bytea[]"
    f") AS told WHERE true {_ONCE}",
}

# `received` is written out: SQLite uses the index of what waits only for a literal condition.
CLAIM = (
    "SELECT seq, key, adapter, headers, body, attempts FROM inbox_delivery "
    "WHERE store_id = %s AND state = 'received' AND (retry_at IS NULL OR retry_at <= %s) "
    "ORDER BY seq LIMIT %s"
)
_SETTLE = (
    "UPDATE inbox_delivery SET state = 'settled', settled_at = %s, retry_at = NULL, problem = '' "
    "WHERE store_id = %s AND state = 'received' AND seq "
)

Row = tuple[str, str, str, str | datetime, str, bytes]


def insert(vendor: str) -> str:
    """The statement for `sqlite` or `postgresql`; takes a row of `row()`, or each of its columns as
    an array on PostgreSQL."""
    return _INSERT[vendor]


def settle(vendor: str) -> str:
    """The statement that notes deliveries as settled; takes the moment, the store and the set of
    their numbers."""
    return _SETTLE + IN_SET[vendor]


def delivery_id(store_id: str, adapter: str, dedupe: str) -> str:
    """The id of a delivery: the same for the same delivery, however often it is told."""
    return derived_id("dlv", store_id, adapter, dedupe)


def kept_headers(headers: dict[str, str]) -> dict[str, str]:
    """The headers worth keeping: all but those that hold somebody's credentials, and those that
    a sender might add to look like the engine itself."""
    return {name: value for name, value in headers.items() if name not in _NOT_KEPT}


def row(
    vendor: str,
    store_id: str,
    adapter: str,
    key: str,
    headers: dict[str, str],
    body: bytes,
    received_at: datetime,
) -> Row:
    """The parameters of `insert`, times as Django reads them back from that database."""
    kept = msgspec.json.encode(kept_headers(headers)).decode()
    return (store_id, key, adapter, stored_time(vendor, received_at), kept, body)
