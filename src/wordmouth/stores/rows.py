"""Rows of the scoped store, looked up by their keys, by the set.

The web framework makes a statement's text anew for every question, and an object for every row,
which costs several times what the database needs for its answer. Here the text is made once for
each kind of question and does not grow with the keys, so the database prepares it once as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from django.db import connection, models
from django_scopes import get_scope
from django_scopes.exceptions import ScopeError

from wordmouth.stores import prepared
from wordmouth.stores.records import Record, stored_record
from wordmouth.stores.sets import IN_SET, as_set
from wordmouth.stores.tables import stored_moment

Row = tuple[Any, ...]
Names = tuple[str, ...]
Shape = tuple[tuple[str, bool], ...]
Convert = Callable[[Any], Any]
Facts = TypeVar("Facts", bound=msgspec.Struct)


class _Question(NamedTuple):
    """A statement and what makes its answer Python's, by column."""

    statement: str
    converters: tuple[tuple[int, Convert], ...]


def read(
    model: type[models.Model], columns: Names, *, order_by: Names = (), **by: Any
) -> list[Row]:
    """The rows of the scoped store whose columns are as asked for: `name=value` (or None),
    `name__lt` and `name__lte` a value, or `name__in=values` for a whole set, which is asked for
    once whatever its size. In no order where none is given.

    Raises django_scopes' ScopeError outside of a store, and Django's database errors.
    """
    return read_everywhere(model, columns, order_by=order_by, store_id=scoped_store(), **by)


def read_everywhere(
    model: type[models.Model], columns: Names, *, order_by: Names = (), **by: Any
) -> list[Row]:
    """The same without a scope, for what is not a store's own."""
    return _answer(_question(model, connection.vendor, columns, _shape(by), order_by), by)


def read_facts(
    model: type[models.Model], facts: type[Facts], *, order_by: Names = (), **by: Any
) -> list[Facts]:
    """The same as facts, whose fields are columns of these names."""
    names = facts.__struct_fields__
    rows = read(model, names, order_by=order_by, **by)
    return [facts(**dict(zip(names, row, strict=True))) for row in rows]


def read_records(model: type[Record], *, order_by: Names = (), **by: Any) -> list[Record]:
    """The same as the web framework's own objects, to be changed and written again."""
    names = _all_columns(model)
    rows, alias = read(model, names, order_by=order_by, **by), connection.alias
    return [stored_record(model, alias, dict(zip(names, row, strict=True))) for row in rows]


def is_any(model: type[models.Model]) -> bool:
    """Whether the scoped store has any row of a model."""
    one = f'SELECT 1 FROM "{model._meta.db_table}" WHERE store_id = %s LIMIT 1'
    return bool(prepared.answer(one, [scoped_store()]))


def read_sums(model: type[models.Model], of: str, per: str, **by: Any) -> dict[Any, int]:
    """The sums of the whole numbers in the column `of`, by the values of the column `per`."""
    by = {"store_id": scoped_store(), **by}
    question = _question(model, connection.vendor, (per, of), _shape(by), (), summed=True)
    return {value: int(total) for value, total in _answer(question, by)}


def _answer(question: _Question, by: dict[str, Any]) -> list[Row]:
    wanted = []
    for name, value in by.items():
        if name.endswith("__in"):
            keys = list(set(value))
            if not keys:
                return []
            wanted.append(as_set(keys))
        elif value is not None:
            wanted.append(_stored(value))
    rows = prepared.answer(question.statement, wanted)
    return _converted(rows, question.converters) if question.converters else rows


def _stored(value: Any) -> Any:
    is_moment = isinstance(value, datetime) and connection.vendor == "sqlite"
    return stored_moment(value) if is_moment else value


def scoped_store() -> str:
    """The id of the store that is being worked in. Raises ScopeError outside of one."""
    scope = get_scope()
    store = scope.get("store") if scope.get("_enabled", True) else None
    if not isinstance(store, str):
        raise ScopeError("Rows are looked up within one store.")
    return store


def _shape(by: dict[str, Any]) -> Shape:
    """What a statement's text depends on: the names, and which of them are to be empty."""
    return tuple((name, value is None) for name, value in by.items())


@lru_cache(maxsize=256)
def _question(
    model: type[models.Model],
    vendor: str,
    columns: Names,
    by: Shape,
    order_by: Names,
    *,
    summed: bool = False,
) -> _Question:
    meta = model._meta
    told = [_column(meta, name) for name in columns]
    end = f" ORDER BY {', '.join(_column(meta, name) for name in order_by)}" if order_by else ""
    if summed:
        told, end = [told[0], f"SUM({told[1]})"], f" GROUP BY {told[0]}"
    where = " AND ".join(_condition(meta, vendor, *one) for one in by)
    converters = [_converter(meta.get_field(name), vendor) for name in columns]
    return _Question(
        f'SELECT {", ".join(told)} FROM "{meta.db_table}" WHERE {where}{end}',
        tuple((place, convert) for place, convert in enumerate(converters) if convert),
    )


@lru_cache(maxsize=256)
def _all_columns(model: type[models.Model]) -> Names:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _column(meta: Any, name: str) -> str:
    return f'"{meta.get_field(name).column}"'


def _condition(meta: Any, vendor: str, name: str, empty: bool) -> str:
    plain, _, how = name.partition("__")
    compared = {"in": IN_SET[vendor], "lt": "< %s", "lte": "<= %s", "": "= %s"}[how]
    return f"{_column(meta, plain)} {'IS NULL' if empty else compared}"


def _converter(field: Any, vendor: str) -> Convert | None:
    """What is not told as Python has it: JSON, by both databases, and on SQLite a moment's zone."""
    if isinstance(field, models.JSONField):
        return _from_json
    if isinstance(field, models.DateTimeField) and vendor == "sqlite":
        return _in_utc
    return None


def _from_json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)


def _in_utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def _converted(rows: list[Row], converters: Sequence[tuple[int, Convert]]) -> list[Row]:
    columns: list[Any] = list(zip(*rows, strict=True))
    for place, convert in converters if rows else ():
        columns[place] = map(convert, columns[place])
    return list(zip(*columns, strict=True))
