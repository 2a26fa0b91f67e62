"""What a settled batch really wrote: the difference between before and after, in every table."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bench.databases import Connection, Values

Rows = dict[Values, Values]


class Table(msgspec.Struct, frozen=True):
    """A table as it is: its columns, those of its key, and its rows by their keys."""

    columns: list[str]
    key: list[str]
    rows: Rows


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that one batch put into a table, and what it changed: a statement with its rows."""

    table: str
    columns: list[str]
    inserted: list[Values]
    changes: dict[str, list[Values]]

    @property
    def rows(self) -> int:
        """How many rows were written in all."""
        return len(self.inserted) + sum(len(rows) for rows in self.changes.values())


class Batch(msgspec.Struct, frozen=True):
    """Everything that one batch of so many orders wrote."""

    orders: int
    tables: list[Written]


def picture(connection: Connection) -> dict[str, Table]:
    """All tables as they are now."""
    found = {}
    for name, (columns, key) in connection.columns().items():
        places = [columns.index(each) for each in key]
        rows = {
            tuple(row[place] for place in places): tuple(row)
            for row in connection.rows(name, columns)
        }
        found[name] = Table(columns, key, rows)
    return found


def difference(before: Mapping[str, Table], after: Mapping[str, Table]) -> list[Written]:
    """What has to be written to come from one picture to the other; deleted rows too."""
    found = []
    for name, table in after.items():
        old = before[name].rows
        written = Written(
            table=name,
            columns=table.columns,
            inserted=[row for key, row in table.rows.items() if key not in old],
            changes={},
        )
        for key, row in table.rows.items():
            if key in old and old[key] != row:
                _change(written.changes, name, table, key, old[key])
        gone = [key for key in old if key not in table.rows]
        if gone:
            written.changes[f'DELETE FROM "{name}" WHERE {_where(table.key)}'] = gone
        if written.rows:
            found.append(written)
    return found


def _change(
    changes: dict[str, list[Values]], name: str, table: Table, key: Values, old: Values
) -> None:
    """Add the update that makes the row with this key what it is now."""
    row = table.rows[key]
    changed = [place for place, value in enumerate(row) if value != old[place]]
    news = ", ".join(f'"{table.columns[place]}" = ?' for place in changed)
    statement = f'UPDATE "{name}" SET {news} WHERE {_where(table.key)}'
    changes.setdefault(statement, []).append((*(row[place] for place in changed), *key))


def _where(key: list[str]) -> str:
    return " AND ".join(f'"{name}" = ?' for name in key)


def play(connection: Connection, batch: Batch) -> None:
    """Write what a batch wrote, in one durable transaction."""
    connection.begin()
    for written in batch.tables:
        if written.inserted:
            connection.insert(written.table, written.columns, written.inserted)
        for statement, rows in written.changes.items():
            connection.change(statement, rows)
    connection.commit()
