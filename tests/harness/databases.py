"""Databases for tests that start programs of their own or walk through migrations.

`program_environment` has one with all its tables, `empty_environment` one without any, for
those that are about making them.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.harness.environment import chosen_database, postgres_url
from tests.harness.migrated import copy_database, migrated_database


@contextmanager
def fresh_database(folder: Path, *, empty: bool = False) -> Iterator[str]:
    """The address of a database of the run's kind, dropped at the end of the block: one with all
    its tables and no rows, or an `empty` one."""
    if chosen_database() == "sqlite":
        path = folder / "fresh.sqlite3"
        if not empty:
            copy_database(migrated_database(), str(path))
        yield f"sqlite:///{path}"
        return
    server = postgres_url()
    name = f"fresh_{uuid.uuid4().hex}"
    copy_database("template1" if empty else migrated_database(), name)
    yield server.rsplit("/", 1)[0] + "/" + name
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def environment_for(database_url: str, folder: Path) -> dict[str, str]:
    """The environment for a program that keeps its data in this database and below this folder."""
    data = folder / "program-data"
    data.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "WORDMOUTH_DEMO")
    }
    environment["DATABASE_URL"] = database_url
    environment["WORDMOUTH_DATA"] = str(data)
    return environment


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the run's kind, dropped when the test ends."""
    with fresh_database(tmp_path, empty=True) as url:
        yield url


@pytest.fixture
def empty_environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment for a program that a test starts: an empty database, a folder, a secret."""
    return environment_for(database_url, tmp_path)


@pytest.fixture
def program_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The same with a database that has all its tables."""
    with fresh_database(tmp_path) as url:
        yield environment_for(url, tmp_path)
