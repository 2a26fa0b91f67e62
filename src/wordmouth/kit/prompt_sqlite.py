"""SQLite for the event loop: a commit on a quick disk takes a tenth of a millisecond.

While somebody else writes, and for a second after the disk was slow, it is NotNow.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from wordmouth.kit.durable_sqlite import connect
from wordmouth.kit.gate import FairGate
from wordmouth.kit.group_commit import Unavailable, Work
from wordmouth.kit.prompt import NotNow

T = TypeVar("T")

_SLOW_SECONDS = 0.010
_SPARED_SECONDS = 1.0
_CACHE_KIB = 16 * 1024


class PromptSqlite:
    """One file. `gate`: where this process's writers queue. Use it from one event loop.

    One connection reads and writes: what it wrote itself does not make it read its pages anew.
    """

    def __init__(self, path: str, gate: FairGate) -> None:
        self._path = path
        self._gate = gate
        self._connection: sqlite3.Connection | None = None
        self._spared_until = 0.0

    async def open(self) -> None:
        """See `kit.prompt.Prompt`."""
        with contextlib.suppress(sqlite3.Error, Unavailable):
            self._open()

    async def read(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """See `kit.prompt.Prompt`."""
        try:
            return self._timed(lambda: self._open().execute(statement, values).fetchall())
        except (sqlite3.Error, Unavailable) as error:
            raise NotNow from error

    async def write(self, work: Work) -> None:
        """See `kit.prompt.Prompt`."""
        if not self._gate.enter_now():
            raise NotNow
        try:
            self._timed(lambda: self._write(work))
        finally:
            self._gate.leave()

    def _timed(self, act: Callable[[], T]) -> T:
        """Do it, and spare the loop the next second if it took long."""
        began = time.monotonic()
        if began < self._spared_until:
            raise NotNow
        try:
            return act()
        finally:
            ended = time.monotonic()
            if ended - began > _SLOW_SECONDS:
                self._spared_until = ended + _SPARED_SECONDS

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = connect(self._path, patience=0)
            # The patient writer alone moves the log into the file: that takes its time.
            connection.execute("PRAGMA wal_autocheckpoint=0").fetchone()
            connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}").fetchone()
            self._connection = connection
        return self._connection

    def _write(self, work: Work) -> None:
        connection = self._begin()
        try:
            for statement, rows in work.items():
                connection.executemany(statement, rows)
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise Unavailable(f"{self._path}: {error}") from error
            raise

    def _begin(self) -> sqlite3.Connection:
        """Begin to write, or leave it to those who can wait for another process."""
        try:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
        except (sqlite3.OperationalError, Unavailable) as error:
            raise NotNow from error
        return connection

    async def close(self) -> None:
        """See `kit.prompt.Prompt`."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
