"""Hand-written statements that look up a whole set of keys at once, for the hot doors.

A statement says `{in_set}` where its keys are compared, and is the same text however many there
are: the database prepares it once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

import msgspec
from django.db import connection

from wordmouth.stores import prepared
from wordmouth.stores.arrays import array_text

Read: TypeAlias = Callable[[str, Sequence[Any]], Awaitable[list[tuple[Any, ...]]]]
"""A statement and its values, asked from the event loop by the driver's own connection."""

IN_SET = {
    "sqlite": "IN (SELECT value FROM json_each(%s))",
    "postgresql": "= ANY(%s)",
}
"""How one parameter is compared with a whole set, by database."""


def as_set(keys: Sequence[Any]) -> str:
    """The parameter that `IN_SET` compares with."""
    return _as_set(keys, connection.vendor)


def _as_set(keys: Sequence[Any], vendor: str) -> str:
    if vendor == "postgresql":
        return array_text(keys)
    return msgspec.json.encode(keys).decode()


def read_set(statement: str, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of all keys, in no order, in one statement. Raises Django's database errors."""
    complete = _complete(statement, connection.vendor)
    return prepared.answer(complete, [as_set(keys)])


@cache
def _complete(statement: str, vendor: str) -> str:
    return statement.format(in_set=IN_SET[vendor])


class SetReader:
    """Reads sets from the event loop, for which Django's connections are none. Raises what
    `read` raises.

    SQLite tells all rows as one: with each row that it hands over Python lets other threads go
    first, and the loop waits for its turn again.
    """

    def __init__(self, vendor: str, read: Read) -> None:
        self._vendor = vendor
        self._read = read

    async def __call__(
        self, statement: str, keys: Sequence[str], width: int
    ) -> Sequence[Sequence[Any]]:
        """The rows of all keys, in no order, in one statement: each of so many texts and
        numbers."""
        values = [_as_set(keys, self._vendor)]
        if self._vendor != "sqlite":
            return await self._read(_complete(statement, self._vendor), values)
        ((text,),) = await self._read(_as_one_row(statement, width), values)
        return _ROWS.decode(text)


_ROWS = msgspec.json.Decoder(list[list[str | int | None]])


@cache
def _as_one_row(statement: str, width: int) -> str:
    complete = _complete(statement, "sqlite").replace("%s", "?")
    names = ", ".join(f"c{number}" for number in range(width))
    return (
        f"WITH found ({names}) AS ({complete}) "
        f"SELECT json_group_array(json_array({names})) FROM found"
    )
