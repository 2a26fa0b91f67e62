"""Databases for tests that start programs of their own or walk through migrations."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.harness.environment import chosen_database, postgres_url


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address of an empty database of the run's kind, dropped at the end of the block."""
    if chosen_database() == "sqlite":
        yield f"sqlite:///{folder / 'fresh.sqlite3'}"
        return
    server = postgres_url()
    name = f"fresh_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
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
    with fresh_database(tmp_path) as url:
        yield url


@pytest.fixture
def program_environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment for a program that a test starts: an empty database, a folder, a secret."""
    return environment_for(database_url, tmp_path)
