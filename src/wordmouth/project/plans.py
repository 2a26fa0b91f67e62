"""What SQLite is told about the sizes of tables, so that it looks things up where they are few.

Without statistics it takes any index that begins with `store_id` for a sharp one, and reads a whole
store for the five orders that are asked for by their ids. What it could count by itself depends on
the day it counts; what it is told here is the same for everybody, and right for the stores that are
large enough to notice. Its source: https://sqlite.org/fileformat2.html#stat1tab
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

ROWS = 1_000_000
OF_A_STORE = 100_000
OF_A_KIND = 10_000
OF_A_KEY = 20
OF_A_PART = 1_000
"""Rows of a table; of them those of one store, those that agree in a column in the middle of an
index, those that agree in all columns of one that is not unique, and those of an index that holds
but a part (what waits, mostly)."""


def tell_sizes() -> None:
    """Tell SQLite so, for every table; once for all connections that are opened from then on.
    PostgreSQL counts well enough by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_migrations")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", list(_sizes())
        )
        cursor.execute("ANALYZE sqlite_schema")


def _sizes() -> Iterator[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl, idx, one, part, group_concat(name, ' ') FROM ("
            "SELECT m.name AS tbl, i.name AS idx, i.[unique] AS one, i.partial AS part, c.name "
            "FROM sqlite_schema AS m, pragma_index_list(m.name) AS i, "
            "pragma_index_info(i.name) AS c WHERE m.type = 'table' "
            "ORDER BY tbl, idx, c.seqno) GROUP BY tbl, idx"
        )
        for table, index, unique, partial, columns in cursor.fetchall():
            yield table, index, _stat(columns.split(), unique=unique, partial=partial)


def _stat(columns: list[str], *, unique: bool, partial: bool) -> str:
    """How many rows an index has, and how many agree in its first column, its first two, ..."""
    first = OF_A_STORE if columns[0] == "store_id" else OF_A_KEY
    sizes = [first, *[OF_A_KIND] * (len(columns) - 2), OF_A_KEY][: len(columns)]
    if unique:
        sizes[-1] = 1
    rows = OF_A_PART if partial else ROWS
    return " ".join(str(min(size, rows)) for size in (rows, *sizes))
