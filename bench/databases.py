"""The databases of a measurement: fresh ones, copies, and plain reading and writing in them.

All of it without the product: its tables are named, none of its code is used.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg
from psycopg import sql

from tests.harness.postgres import PostgresServer
from wordmouth.project.sqlite import prefer_newest

Value = Any
Values = tuple[Value, ...]

_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=256MB")


class Connection(Protocol):
    """A connection on which every transaction is begun by hand and survives a power cut."""

    vendor: str

    def read(self, query: str, values: Sequence[Value] = ()) -> list[Values]:
        """All rows of a query; `?` marks each value."""
        ...

    def columns(self) -> dict[str, tuple[list[str], list[str]]]:
        """The columns and those of the primary key, of every table."""
        ...

    def rows(self, table: str, names: Sequence[str]) -> Iterable[Values]:
        """Every row of a table, in a form that `insert` and `update` take."""
        ...

    def begin(self) -> None:
        """Begin a transaction whose foreign keys are looked at when it commits."""
        ...

    def commit(self) -> None:
        """Commit; on return it is durable."""
        ...

    def insert(self, table: str, names: Sequence[str], rows: Iterable[Values]) -> None:
        """Insert rows in the quickest way there is for many."""
        ...

    def change(self, statement: str, rows: Sequence[Values]) -> None:
        """Execute a statement, in which `?` marks each value, for each of these."""
        ...


class Kind(Protocol):
    """A kind of database: where fresh ones come from."""

    name: str
    watched: list[int]

    def address(self, name: str) -> str:
        """The DATABASE_URL of a database."""
        ...

    def fresh(self, name: str) -> None:
        """Make an empty database."""
        ...

    def copy(self, source: str, name: str) -> None:
        """Make a database as another one is now; nobody may use that one meanwhile."""
        ...

    def drop(self, name: str) -> None:
        """Remove a database."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


def connect(address: str) -> Connection:
    """Connect to a DATABASE_URL."""
    if address.startswith("sqlite:///"):
        return Sqlite(address.removeprefix("sqlite:///"))
    return Postgres(address)


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    """Connect for the length of a block."""
    connection = connect(address)
    try:
        yield connection
    finally:
        connection.connection.close()  # type: ignore[attr-defined]


class Sqlite:
    """A connection to an SQLite file, with the settings of the product."""

    vendor = "sqlite"

    def __init__(self, path: str) -> None:
        prefer_newest()
        driver = importlib.import_module("sqlite3")
        self.connection: Any = driver.connect(path, timeout=20, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {setting}").fetchone()

    def read(self, query: str, values: Sequence[Value] = ()) -> list[Values]:
        """See Connection."""
        return list(self.connection.execute(query, values))

    def columns(self) -> dict[str, tuple[list[str], list[str]]]:
        """See Connection."""
        found = {}
        for (table,) in self.read(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name <> 'django_migrations'"
        ):
            told = self.read(f'PRAGMA table_info("{table}")')
            keys = sorted((row[5], row[1]) for row in told if row[5])
            found[table] = ([row[1] for row in told], [name for _, name in keys])
        return found

    def rows(self, table: str, names: Sequence[str]) -> Iterable[Values]:
        """See Connection."""
        return self.read(f'SELECT {_listed(names)} FROM "{table}" ORDER BY rowid')

    def begin(self) -> None:
        """See Connection."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("PRAGMA defer_foreign_keys=ON")

    def commit(self) -> None:
        """See Connection."""
        self.connection.execute("COMMIT")

    def insert(self, table: str, names: Sequence[str], rows: Iterable[Values]) -> None:
        """See Connection."""
        marks = ", ".join("?" * len(names))
        self.connection.executemany(
            f'INSERT INTO "{table}" ({_listed(names)}) VALUES ({marks})', rows
        )

    def change(self, statement: str, rows: Sequence[Values]) -> None:
        """See Connection."""
        self.connection.executemany(statement, rows)


class Postgres:
    """A connection to PostgreSQL; values are texts, which it reads by the type of the column."""

    vendor = "postgresql"

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)

    def read(self, query: str, values: Sequence[Value] = ()) -> list[Values]:
        """See Connection."""
        return self.connection.execute(query.replace("?", "%s").encode(), values).fetchall()

    def columns(self) -> dict[str, tuple[list[str], list[str]]]:
        """See Connection."""
        found: dict[str, tuple[list[str], list[str]]] = {}
        for table, name, key in self.read(
            "SELECT t.relname::text, a.attname::text, "
            "coalesce(array_position(i.indkey::int[], a.attnum::int), -1) FROM pg_class t "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary "
            "WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace "
            "AND t.relname <> 'django_migrations' ORDER BY t.relname, a.attnum"
        ):
            columns, keys = found.setdefault(table, ([], []))
            columns.append(name)
            if key >= 0:
                keys.append(name)
        return found

    def rows(self, table: str, names: Sequence[str]) -> Iterable[Values]:
        """See Connection."""
        texts = ", ".join(f'"{name}"::text' for name in names)
        return self.read(f'SELECT {texts} FROM "{table}"')

    def begin(self) -> None:
        """See Connection."""
        self.connection.execute("BEGIN")
        self.connection.execute("SET CONSTRAINTS ALL DEFERRED")

    def commit(self) -> None:
        """See Connection."""
        self.connection.execute("COMMIT")

    def insert(self, table: str, names: Sequence[str], rows: Iterable[Values]) -> None:
        """See Connection."""
        with self.connection.cursor() as cursor:
            into = f'COPY "{table}" ({_listed(names)}) FROM STDIN'.encode()
            with cursor.copy(into) as copy:
                for row in rows:
                    copy.write_row(row)

    def change(self, statement: str, rows: Sequence[Values]) -> None:
        """See Connection."""
        with self.connection.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s").encode(), rows)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class SqliteFiles:
    """SQLite databases as files in a folder, on a real disk where the folder is on one."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.watched: list[int] = []

    def address(self, name: str) -> str:
        """See Kind."""
        return f"sqlite:///{self._folder / name}.sqlite3"

    def fresh(self, name: str) -> None:
        """See Kind."""

    def copy(self, source: str, name: str) -> None:
        """See Kind."""
        with connected(self.address(source)) as connection:
            connection.read("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self._folder / f"{source}.sqlite3", self._folder / f"{name}.sqlite3")

    def drop(self, name: str) -> None:
        """See Kind."""
        for path in self._folder.glob(f"{name}.sqlite3*"):
            path.unlink()

    def close(self) -> None:
        """See Kind."""


class DurableServer(PostgresServer):
    """The tests' PostgreSQL, with every commit on the disk before it is confirmed."""

    def _server_command(self, data: Path, port: int) -> list[str | Path]:
        command = super()._server_command(data, port)
        for setting in _DURABLE:
            command += ["-c", setting]
        return command

    @property
    def number(self) -> int:
        """The number of its first process."""
        assert self._process is not None
        return self._process.pid


class PostgresDatabases:
    """Databases of a PostgreSQL server that is started for the measurement."""

    name = "postgresql"

    def __init__(self) -> None:
        self._server = DurableServer()
        self._address = self._server.start()
        self.watched = [self._server.number]

    def address(self, name: str) -> str:
        """See Kind."""
        return f"{self._address.rsplit('/', 1)[0]}/{name}"

    def fresh(self, name: str) -> None:
        """See Kind."""
        self._do(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def copy(self, source: str, name: str) -> None:
        """See Kind."""
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._do(made.format(sql.Identifier(name), sql.Identifier(source)))

    def drop(self, name: str) -> None:
        """See Kind."""
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """See Kind."""
        self._server.stop()

    def _do(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)


def kind_of(name: str, folder: Path) -> Kind:
    """Make what gives databases of this kind; `folder` is for files."""
    if name == "sqlite":
        return SqliteFiles(folder)
    return PostgresDatabases()


class Place(NamedTuple):
    """Where a version of the product is measured: a kind of database, a folder that is there, and
    the folder with the version's code."""

    kind: Kind
    folder: Path
    source: Path

    def environment(self, name: str) -> dict[str, str]:
        """The environment of a process of the product that uses this database."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("WORDMOUTH_")
            and name not in ("DJANGO_SETTINGS_MODULE", "SITE_URL")
        }
        return {
            **kept,
            "DATABASE_URL": self.kind.address(name),
            "WORDMOUTH_DATA": str(self.folder),
            "WORDMOUTH_SECRET": "a secret of the benchmark, long enough to sign with",
            # Visitors are told apart by what a proxy says of them.
            "WORDMOUTH_PROXY_HOPS": "1",
            "PYTHONPATH": str(self.source),
        }
