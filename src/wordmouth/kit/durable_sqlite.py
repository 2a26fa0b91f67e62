"""A durable SQLite connection for the group writer: the only one that checkpoints."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from contextlib import AbstractContextManager

from wordmouth.kit.group_commit import Unavailable, Work

SAFE_VERSION = (3, 51, 3)
"""Before this version two connections that checkpoint at once can damage the database."""

_PRAGMAS = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("wal_autocheckpoint", "1000", 1000),
    ("journal_size_limit", "67108864", 67108864),
)
_WAL_WORTH_A_CHECKPOINT = 4 * 1024 * 1024


def connect(path: str, patience: float) -> sqlite3.Connection:
    """A connection to a file that keeps what it confirms; it waits `patience` seconds for others.

    Raises Unavailable where SQLite does not confirm that, and sqlite3.Error.
    """
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
    for name, value, expected in _PRAGMAS:
        connection.execute(f"PRAGMA {name}={value}").fetchone()
        answer = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if answer != expected:
            connection.close()
            raise Unavailable(
                f"{path}: SQLite answers {name}={answer!r} where {expected!r} is needed; "
                "the folder must be on a local disk that this user may write"
            )
    return connection


class SqliteDatabase:
    """One file, written in transactions that survive a power cut.

    `gate` is held during each transaction: the queue in which this process's writers wait.
    `patience`: seconds to wait for another process that writes.
    """

    def __init__(
        self, path: str, gate: AbstractContextManager[object] | None = None, patience: float = 10
    ) -> None:
        self._path = path
        self._gate = gate or contextlib.nullcontext()
        self._patience = patience
        self._connection: sqlite3.Connection | None = None
        self._seen: tuple[int, int] | None = None

    def open(self) -> None:
        """Connect; raises Unavailable when SQLite does not confirm every durability setting."""
        try:
            self._connection = connect(self._path, self._patience)
        except sqlite3.Error as error:
            raise Unavailable(f"{self._path}: {error}") from error

    def write(self, work: Work) -> None:
        """Write in one immediate transaction."""
        if self._connection is None:
            self.open()
        connection = self._connection
        assert connection is not None
        with self._gate:
            try:
                connection.execute("BEGIN IMMEDIATE")
                for statement, rows in work.items():
                    connection.executemany(statement, rows)
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._undo(connection)
                if isinstance(error, sqlite3.OperationalError):
                    raise Unavailable(f"{self._path}: {error}") from error
                raise
            except BaseException:
                self._undo(connection)
                raise

    @staticmethod
    def _undo(connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def rest(self) -> None:
        """Move a long write-ahead log into the file when others wrote it while we did not."""
        try:
            status = os.stat(self._path + "-wal")
        except FileNotFoundError:
            return
        now = (status.st_size, status.st_mtime_ns)
        if self._connection and status.st_size > _WAL_WORTH_A_CHECKPOINT and now != self._seen:
            # While nobody of this process writes: else the log is never moved to its end, and
            # grows for as long as there is something to write.
            with self._gate:
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._seen = now

    def close(self) -> None:
        """Close the connection; the last one to close empties the write-ahead log."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
