"""Migrations tell the same as the models, and each can be taken back, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tests.harness.databases import fresh_database
from wordmouth.project import environment

_ALIAS = "fresh"

_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def _own_labels() -> set[str]:
    return {
        config.label for config in apps.get_app_configs() if config.name.startswith("wordmouth")
    }


def _own_prefixes() -> set[str]:
    return {f"{label}_" for label in _own_labels()}


@pytest.fixture
def fresh(database_url: str, tmp_path, django_db_blocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection to an empty database."""
    with django_db_blocker.unblock(), _connected(database_url, tmp_path) as connection:
        yield connection


@pytest.fixture
def newest(tmp_path, django_db_blocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a database that all migrations have made."""
    with (
        fresh_database(tmp_path) as url,
        django_db_blocker.unblock(),
        _connected(url, tmp_path) as connection,
    ):
        yield connection


@contextmanager
def _connected(url: str, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    connections.databases[_ALIAS] = connections.configure_settings(
        {"default": {}, _ALIAS: environment.database(url, folder)}
    )[_ALIAS]
    yield connections[_ALIAS]
    connections[_ALIAS].close()
    del connections[_ALIAS]
    del connections.databases[_ALIAS]


def _schema(connection: BaseDatabaseWrapper) -> dict[str, object]:
    """Return all tables with columns, constraints and triggers."""
    look = connection.introspection
    schema: dict[str, object] = {}
    with connection.cursor() as cursor:
        for table in look.table_names(cursor):
            if table == "django_migrations":
                continue
            columns = [
                (c.name, c.type_code, c.null_ok, c.default)
                for c in look.get_table_description(cursor, table)
            ]
            schema[table] = (sorted(columns), look.get_constraints(cursor, table))
        cursor.execute(_TRIGGERS[connection.vendor])
        schema["triggers"] = sorted(cursor.fetchall())
    return schema


def _migrate(connection: BaseDatabaseWrapper, targets: list[tuple[str, str | None]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)


@pytest.mark.database
@pytest.mark.timeout(1800)
def test_every_migration_goes_both_ways(newest: BaseDatabaseWrapper) -> None:
    leaves = MigrationExecutor(newest).loader.graph.leaf_nodes()
    first = _schema(newest)
    assert len(first) > 10
    _migrate(newest, [(label, None) for label in sorted(_own_labels()) if _migrates(newest, label)])
    left = [name for name in _schema(newest) if name.startswith(tuple(_own_prefixes()))]
    assert left == [], "taking the migrations back left tables behind"
    _migrate(newest, leaves)
    assert _schema(newest) == first


def _migrates(connection: BaseDatabaseWrapper, label: str) -> bool:
    return label in MigrationExecutor(connection).loader.migrated_apps


@pytest.mark.database
def test_what_a_migration_leaves_behind_is_seen(fresh: BaseDatabaseWrapper) -> None:
    with fresh.cursor() as cursor:
        cursor.execute("CREATE TABLE orders_kept (id integer NOT NULL)")
        before = _schema(fresh)
        cursor.execute("CREATE UNIQUE INDEX kept ON orders_kept (id)")
        indexed = _schema(fresh)
        cursor.execute("ALTER TABLE orders_kept ADD COLUMN number text")
    assert before != indexed != _schema(fresh)
    assert [name for name in before if name.startswith(tuple(_own_prefixes()))] == ["orders_kept"]


@pytest.mark.django_db
def test_migrations_tell_the_same_as_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("models and migrations differ:\n" + capsys.readouterr().out)


@pytest.mark.django_db
def test_a_missing_migration_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    field = apps.get_model("stores.Store")._meta.get_field("name")
    monkeypatch.setattr(field, "max_length", 121)
    with pytest.raises(SystemExit):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
