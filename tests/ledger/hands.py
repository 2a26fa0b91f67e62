"""Hands that write into the database past everything the product does, on both databases."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction

POSTING, ACCOUNT, HEAD = "ledger_posting", "ledger_account", "ledger_head"
TABLES = (POSTING, ACCOUNT, HEAD)
KEYS = {POSTING: "id", ACCOUNT: "id", HEAD: "store_id"}
CONSTRAINTS = (
    (POSTING, "ledger_posting_pkey"),
    (POSTING, "posting_in_line"),
    (POSTING, "posting_once"),
    (POSTING, "posting_amount"),
    (POSTING, "posting_moves"),
    (ACCOUNT, "ledger_account_pkey"),
    (ACCOUNT, "account_once"),
    (HEAD, "ledger_head_pkey"),
)
Record = dict[str, Any]


class Hands(Protocol):
    """Somebody who can write whatever the database takes; `typed`: only what fits the column."""

    typed: bool

    def run(self, statement: str, *values: Any) -> None:
        """Carry out a statement; `%s` stands for each value."""

    def rows(self, table: str) -> list[Record]:
        """All rows of a table, postings by their numbers."""


def order_of(table: str) -> str:
    return "seq, id" if table == POSTING else KEYS[table]


class File:
    """Writes into an SQLite file, with sqlite3 alone."""

    typed = False

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("PRAGMA journal_mode=MEMORY")

    def unbind(self) -> None:
        """Make the tables anew without triggers, keys and constraints: they take anything."""
        for table in TABLES:
            self.run(f"CREATE TABLE anew AS SELECT * FROM {table}")
            self.run(f"DROP TABLE {table}")
            self.run(f"ALTER TABLE anew RENAME TO {table}")

    def run(self, statement: str, *values: Any) -> None:
        self._connection.execute(statement.replace("%s", "?"), values)

    def rows(self, table: str) -> list[Record]:
        found = self._connection.execute(f"SELECT * FROM {table} ORDER BY {order_of(table)}")
        return [dict(row) for row in found]

    def close(self) -> None:
        self._connection.close()


class Session:
    """Writes in a session of PostgreSQL in which no trigger and no foreign key is looked at."""

    typed = True

    def run(self, statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)

    def rows(self, table: str) -> list[Record]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} ORDER BY {order_of(table)}")
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Copies:
    """Copies of an SQLite database, one for each round; the product reads the copy meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._clean, self._copy = folder / "clean.sqlite3", folder / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self._clean)])
        hands = File(self._clean)
        hands.unbind()
        hands.close()

    @contextmanager
    def round(self) -> Iterator[Hands]:
        shutil.copyfile(self._clean, self._copy)
        for rest in ("-wal", "-shm"):
            self._copy.with_name(self._copy.name + rest).unlink(missing_ok=True)
        hands = File(self._copy)
        name = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(self._copy)
        try:
            yield hands
        finally:
            hands.close()
            connection.close()
            connection.settings_dict["NAME"] = name


class Savepoints:
    """Rounds in PostgreSQL, each rolled back."""

    @contextmanager
    def round(self) -> Iterator[Hands]:
        with transaction.atomic():
            session = Session()
            session.run("SET LOCAL session_replication_role = replica")
            for table, name in CONSTRAINTS:
                session.run(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
            session.run("DROP INDEX mirrored_once")
            yield session
            transaction.set_rollback(True)


def rounds(folder: Path) -> Copies | Savepoints:
    """Rounds on the run's database, each beginning with the books as they were kept."""
    return Copies(folder) if connection.vendor == "sqlite" else Savepoints()
