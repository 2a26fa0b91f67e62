"""The environment of one test run: a folder, a secret and a database, made before Django starts.

`WORDMOUTH_TEST_DB` chooses the database: `sqlite` (default) or `postgresql`. Under xdist the
first process makes the folder and starts PostgreSQL; its workers inherit both through the
environment and each uses a folder and a test database of its own.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.harness.postgres import PostgresServer

DATABASES = ("sqlite", "postgresql")
_FOLDER = "WORDMOUTH_TEST_FOLDER"
_POSTGRES_URL = "WORDMOUTH_TEST_POSTGRES_URL"


def chosen_database() -> str:
    """Return the database that this run uses, `sqlite` or `postgresql`.

    Raises `SystemExit` in words when `WORDMOUTH_TEST_DB` names another one.
    """
    name = os.environ.get("WORDMOUTH_TEST_DB", "sqlite")
    if name not in DATABASES:
        sys.exit(f"WORDMOUTH_TEST_DB is {name!r}; it can be sqlite or postgresql")
    return name


def run_folder() -> Path:
    """Return the folder of this run; the process that made it removes it when it ends."""
    if _FOLDER not in os.environ:
        # Memory is enough: what a power loss would do is not what a test can see.
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = tempfile.mkdtemp(prefix="wordmouth-test-", dir=parent)
        os.environ[_FOLDER] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(os.environ[_FOLDER])


def own_folder() -> Path:
    """Return this process's own folder inside the run's folder."""
    folder = run_folder() / os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder.mkdir(exist_ok=True)
    return folder


def postgres_url() -> str:
    """Return the address of the run's PostgreSQL server, starting it when nobody did yet."""
    if _POSTGRES_URL not in os.environ:
        server = PostgresServer()
        atexit.register(server.stop)
        os.environ[_POSTGRES_URL] = server.start()
    return os.environ[_POSTGRES_URL]


def prepare() -> None:
    """Set the variables that the product's settings read."""
    data = own_folder() / "data"
    data.mkdir(exist_ok=True)
    os.environ["WORDMOUTH_DATA"] = str(data)
    os.environ["WORDMOUTH_SECRET"] = "a secret of the tests, long enough to sign with, known to all"
    os.environ["WORDMOUTH_DEMO"] = "1"
    if chosen_database() == "postgresql":
        os.environ["DATABASE_URL"] = postgres_url()
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{data / 'wordmouth.sqlite3'}"
