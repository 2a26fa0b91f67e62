"""Walking the test database to older migrations, and back to the newest of every room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from django.db.migrations.state import StateApps


Place = tuple[str, str | None]
"""A room and the name of its migration; None is before its first."""


class Migrate(Protocol):
    """Goes to some migrations, or forward to the newest; gives the models of then."""

    def __call__(self, to: Sequence[Place] | None = None) -> StateApps: ...


def migrate_to(to: Sequence[Place] | None = None) -> StateApps:
    """To there, or forward to the newest of all rooms, for a step back takes others with it."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return executor.migrate(list(to or executor.loader.graph.leaf_nodes())).apps


def left_behind() -> list[str]:
    """The migrations that the test database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


@contextmanager
def walking() -> Iterator[Migrate]:
    """A walk that ends at the newest migrations of all rooms, whatever happens on the way: the
    tests that come after have the same database."""
    try:
        yield migrate_to
    finally:
        migrate_to()


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Migrate]:
    """The way to older migrations. A fixture that writes rows must ask for it too, so that the
    walk back ends after it and before the database is emptied."""
    with walking() as walk:
        yield walk
