"""Hand-written statements that look up a whole set of keys at once, for the hot doors.

A statement says `{in_set}` where its keys are compared, and is the same text however many there
are: the database prepares it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import connection

_IN_SET = {
    "sqlite": "IN (SELECT value FROM json_each(%s))",
    "postgresql": "= ANY(%s)",
}


def read_set(statement: str, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of all keys, in no order, in one statement. Raises Django's database errors."""
    vendor = connection.vendor
    given = list(keys) if vendor == "postgresql" else msgspec.json.encode(keys).decode()
    with connection.cursor() as cursor:
        cursor.execute(_complete(statement, vendor), [given])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@cache
def _complete(statement: str, vendor: str) -> str:
    return statement.format(in_set=_IN_SET[vendor])
