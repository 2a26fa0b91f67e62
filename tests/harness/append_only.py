"""Emptying the database between tests, past the triggers that keep the ledger append-only.

A test that commits for real is cleaned up by Django's flush, which deletes every row. The
triggers are lifted for just that moment; while a test runs they are always in force.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase


@pytest.fixture(autouse=True, scope="session")
def flush_lifts_triggers() -> Iterator[None]:
    """Have Django's clean-up lift the ledger's triggers and put them back."""
    real = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        from wordmouth.ledger import triggers

        sqlite = connection.vendor == "sqlite"
        _run(triggers.SQLITE_UNDO if sqlite else triggers.POSTGRESQL_UNDO)
        try:
            real(self)
        finally:
            _run(triggers.SQLITE if sqlite else triggers.POSTGRESQL)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
