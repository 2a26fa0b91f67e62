"""Many new rows written at once: one statement for each table, prepared once, whose text does not
grow with the rows. The web framework's `bulk_create` makes the text anew for every row, which costs
several times what the database needs for writing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from django.db import connection, models

from wordmouth.stores import prepared
from wordmouth.stores.arrays import array_text

Convert = Callable[[Any], Any]
Fields = tuple[str, ...]

_encoder = msgspec.json.Encoder()


class _Table(NamedTuple):
    """How the rows of a model become parameters of its statement."""

    statement: str
    fields: tuple[models.Field[Any, Any], ...]
    values_of: Callable[[dict[str, Any]], tuple[Any, ...]]
    converters: tuple[Convert | None, ...]


def insert_rows(
    rows: Sequence[models.Model],
    *,
    ignore: bool = False,
    unique: Fields = (),
    update: Fields = (),
) -> None:
    """Insert rows of one model, in one statement.

    `ignore` leaves out those that are there already; where a row of the same `unique` fields is
    there, its `update` fields are written instead. Keys that the database draws are not told.
    """
    if not rows:
        return
    table = _table(type(rows[0]), connection.vendor, ignore, unique, update)
    _insert(table, zip(*map(table.values_of, map(vars, rows)), strict=True))


def insert_values(
    model: type[models.Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    ignore: bool = False,
    unique: Fields = (),
    update: Fields = (),
) -> None:
    """The same from plain values by column, of rows that nobody needs as objects: making those
    costs more than writing them. All rows name the same columns; the others have their defaults.
    """
    if not rows:
        return
    table = _table(model, connection.vendor, ignore, unique, update)
    told = rows[0].keys()
    _insert(
        table,
        (
            [row[field.attname] for row in rows]
            if field.attname in told
            else [field.get_default()] * len(rows)
            for field in table.fields
        ),
    )


def _insert(table: _Table, columns: Iterable[Sequence[Any]]) -> None:
    converted = [
        list(map(convert, column)) if convert else column
        for convert, column in zip(table.converters, columns, strict=True)
    ]
    if connection.vendor == "postgresql":
        prepared.carry_out(table.statement, [array_text(column) for column in converted])
        return
    with connection.cursor() as cursor:
        cursor.executemany(table.statement, list(zip(*converted, strict=True)))


@lru_cache(maxsize=256)
def _table(
    model: type[models.Model], vendor: str, ignore: bool, unique: Fields, update: Fields
) -> _Table:
    meta = model._meta
    fields = [one for one in meta.concrete_fields if not isinstance(one, models.AutoField)]
    names = ", ".join(f'"{one.column}"' for one in fields)
    conflict = ""
    if ignore:
        conflict = " ON CONFLICT DO NOTHING"
    elif update:
        place = ", ".join(_columns(meta, unique))
        told = ", ".join(f"{name} = excluded.{name}" for name in _columns(meta, update))
        conflict = f" ON CONFLICT ({place}) DO UPDATE SET {told}"
    return _Table(
        statement=f'INSERT INTO "{meta.db_table}" ({names}) {_source(fields, vendor)}{conflict}',
        fields=tuple(fields),
        values_of=itemgetter(*(one.attname for one in fields)),
        converters=tuple(_converter(one, vendor) for one in fields),
    )


def _columns(meta: Any, names: Fields) -> list[str]:
    return [f'"{meta.get_field(name).column}"' for name in names]


def _source(fields: Sequence[models.Field[Any, Any]], vendor: str) -> str:
    """PostgreSQL takes each column as one array; SQLite runs its statement again and again."""
    if vendor != "postgresql":
        return f"VALUES ({', '.join(['%s'] * len(fields))})"
    arrays = ", ".join(f"%s::{_plain_type(one)}[]" for one in fields)
    taken = ", ".join(
        f"c{number}::jsonb" if isinstance(one, models.JSONField) else f"c{number}"
        for number, one in enumerate(fields)
    )
    aliases = ", ".join(f"c{number}" for number in range(len(fields)))
    # Without a WHERE, ON CONFLICT after a SELECT reads as a join's ON.
    return f"SELECT {taken} FROM unnest({arrays}) AS told({aliases}) WHERE true"


def _plain_type(field: models.Field[Any, Any]) -> str:
    """The type of an array's elements; a text's limit is checked when it is stored."""
    if isinstance(field, models.JSONField):
        return "text"
    told = field.db_type(connection)
    assert told is not None, f"{field} has no column"
    return "text" if told.startswith("varchar") else told


def _converter(field: models.Field[Any, Any], vendor: str) -> Convert | None:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField) and vendor == "sqlite":
        return stored_moment
    return None


def _json(value: Any) -> str | None:
    if value or not isinstance(value, (dict, list, tuple)):
        return None if value is None else _encoder.encode(value).decode()
    return "{}" if isinstance(value, dict) else "[]"


def moment(at: datetime) -> str | datetime:
    """A moment as a parameter of a statement that is written by hand, on either database."""
    return str(stored_moment(at)) if connection.vendor == "sqlite" else at


@lru_cache(maxsize=4096)
def stored_moment(at: datetime | None) -> str | None:
    """A moment exactly as the web framework writes it on SQLite, so that both compare."""
    return None if at is None else str(at.astimezone(UTC).replace(tzinfo=None))
