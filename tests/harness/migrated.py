"""One database that is migrated once for the whole run; every other begins as its copy.

Bringing an empty database to the newest migration takes longer than nearly every test. Tests that
are about just that begin with an empty one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.harness.environment import chosen_database, postgres_url, run_folder

_NAME = "migrated"


def migrated_database() -> str:
    """The database to copy: a file, or a name on the run's server. Made by whoever asks first."""
    with (run_folder() / f"{_NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_folder() / f"{_NAME}.done"
        if not done.exists():
            _make()
            done.touch()
    return _NAME if chosen_database() == "postgresql" else str(_file())


def copy_database(source: str, target: str) -> None:
    """Make the database `target` as a copy of `source`; both are files, or names on the server."""
    if chosen_database() == "sqlite":
        shutil.copyfile(source, target)
        return
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(postgres_url(), autocommit=True) as connection:
        connection.execute(command.format(sql.Identifier(target), sql.Identifier(source)))


def _file() -> Path:
    return run_folder() / f"{_NAME}.sqlite3"


def _make() -> None:
    if chosen_database() == "postgresql":
        copy_database("template1", _NAME)
        _migrate(postgres_url().rsplit("/", 1)[0] + "/" + _NAME)
        return
    walked = run_folder() / f"{_NAME}.walked.sqlite3"
    _migrate(f"sqlite:///{walked}")
    # What the write-ahead log still holds belongs into the copies too.
    with closing(sqlite3.connect(walked)) as connection:
        connection.execute("VACUUM INTO ?", [str(_file())])


def _migrate(url: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    settings = {"DJANGO_SETTINGS_MODULE": "wordmouth.project.settings", "DATABASE_URL": url}
    subprocess.run(command, env={**os.environ, **settings}, check=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Lay the copy where Django is about to make the test database."""
    from django.db import connection

    copy_database(migrated_database(), str(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Have Django take the test database that is there; it goes with the run's folder or server."""
    return True
