"""Emptying the database between tests, past the triggers that keep the ledger append-only.

A test that commits for real is cleaned up by Django's flush, which empties every table and then
makes anew what Django itself keeps in two of them: a hundred tables for the rows of a few. Here
only tables that have rows are emptied. The triggers are lifted for just that moment; while a test
runs they are always in force.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

_DJANGO_S_OWN = {"auth_permission", "django_content_type"}
"""What they hold follows from the models: the same before every test."""


@pytest.fixture(autouse=True, scope="session")
def only_what_was_written_is_emptied() -> Iterator[None]:
    """Take the place of Django's clean-up."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty())
    yield
    patch.undo()


def empty() -> None:
    """Delete every row that tests can have written."""
    if filled():
        (_empty_sqlite if connection.vendor == "sqlite" else _empty_postgresql)()
    assert filled() == []


def filled() -> list[str]:
    """The tables with rows, but for Django's own."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    looks = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in sorted(set(tables) - _DJANGO_S_OWN)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return [table for (table,) in cursor.fetchall()]


def _empty_sqlite() -> None:
    from wordmouth.ledger import triggers

    _run(triggers.SQLITE_UNDO)
    try:
        with connection.constraint_checks_disabled():
            # What is deleted can move on a counter elsewhere, which is then deleted after it.
            while tables := filled():
                _delete(tables)
    finally:
        _run(triggers.SQLITE)


def _empty_postgresql() -> None:
    with transaction.atomic():
        _run(["SET LOCAL session_replication_role = replica"])
        _delete(filled())


def _delete(tables: list[str]) -> None:
    with transaction.atomic():
        _run([f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables])


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
