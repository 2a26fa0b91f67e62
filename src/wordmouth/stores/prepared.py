"""Statements that the database plans once and carries out again and again.

For PostgreSQL the web framework writes the values into the text of a statement, so that each one is
planned anew. For a look-up by a few keys that is several times the work of the answer; and what a
batch writes would be escaped and read twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    import psycopg


def answer(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement tells; its text is the same whatever the values.

    For look-ups on indexes, whose one plan is right for few values and for many. Raises Django's
    database errors.
    """
    with _carried_out(statement, values) as cursor:
        return list(cursor.fetchall())


def carry_out(statement: str, values: Sequence[Any]) -> None:
    """The same for a statement that tells nothing."""
    with _carried_out(statement, values):
        pass


@contextmanager
def _carried_out(statement: str, values: Sequence[Any]) -> Iterator[Any]:
    listened_to = connection.queries_logged or connection.execute_wrappers
    if connection.vendor != "postgresql" or listened_to:
        # SQLite prepares each text once anyway; and whoever listens to statements hears only those
        # that go the framework's own way.
        with connection.cursor() as framed:
            framed.execute(statement, values)
            yield framed
        return
    # Whoever runs on SQLite need not load it.
    from psycopg import Cursor

    connection.ensure_connection()
    given: psycopg.Connection[tuple[Any, ...]] = connection.connection
    with connection.wrap_database_errors:
        if given.prepare_threshold is None:
            # Else a plan is made anew whenever a set is smaller than PostgreSQL expects.
            given.execute("SET plan_cache_mode = force_generic_plan")
            given.prepare_threshold = 0
        with Cursor(given) as cursor:
            yield cursor.execute(statement.encode(), values)
