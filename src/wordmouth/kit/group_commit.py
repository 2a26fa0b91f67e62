"""Group commit: one thread writes what all requests bring, many rows to a transaction.

A commit that survives a power cut costs about as much for one row as for hundreds. So requests
hand their rows to one writer thread and wait; the writer takes everything that waits, writes it
in one transaction and only then tells them. An idle writer writes at once, and while one commit
runs the next batch gathers by itself. Where several came together last time, it waits at most two
milliseconds for twice as many: those who were answered then ask again, and together they cost
less.

Always true: a future is resolved only after its row is committed; a row that the database
refuses fails alone; when rows come faster than they can be written, the newest are refused at
once instead of waiting without end; and owners (stores) take turns, so that one that brings
thousands of rows delays nobody else's by more than a batch.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Protocol

from wordmouth.kit.turns import Full, Turns

Params = Sequence[Any]
Work = Mapping[str, Sequence[Params]]

PLACE_BYTES = 4096

BATCH, ROOM = 256, 1024

_REST_SECONDS = 1.0
_GATHER_SECONDS = 0.002


def stored_time(vendor: str, at: datetime) -> str | datetime:
    """A moment as a parameter for `sqlite` (which keeps UTC text of this form) or `postgresql`."""
    if vendor == "sqlite":
        # Half the time of strftime, and the same text.
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return at


def size_of(body: bytes) -> int:
    """How many places a row takes that holds such a body: large ones leave room for fewer."""
    return 1 + len(body) // PLACE_BYTES


class Overloaded(Exception):
    """Too many rows already wait; nothing was written. Try again in `retry_after` seconds."""

    def __init__(self, waiting: int, retry_after: int = 1) -> None:
        super().__init__(f"{waiting} rows wait to be written")
        self.retry_after = retry_after


class OverShare(Overloaded):
    """Too many rows of this owner wait, and there is room for those of others."""


class Unavailable(Exception):
    """The database cannot be written now. The row may be sent again: it was not acknowledged."""

    def __init__(self, detail: str, retry_after: int = 2) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Database(Protocol):
    """Where a writer writes. All calls come from the writer's own thread."""

    def open(self) -> None:
        """Connect and check that commits are durable here. Raises Unavailable."""
        ...

    def write(self, work: Work) -> None:
        """Execute each statement with all its rows in one transaction; durable on return.

        Raises Unavailable when the database is at fault, anything else when a row is; either way
        nothing is written.
        """
        ...

    def rest(self) -> None:
        """Nothing waits: do the housekeeping that may wait until now."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Writer(Protocol):
    """Whoever takes the rows of coroutines. See `GroupWriter`."""

    @property
    def alive(self) -> bool: ...

    def start(self) -> None: ...

    def close(self) -> None: ...

    def check(self, owner: str) -> None: ...

    async def write(
        self, statement: str, params: Params, owner: str = "", size: int = 1
    ) -> None: ...


class Row:
    """A row that waits, and whom to tell."""

    __slots__ = ("future", "loop", "owner", "params", "statement")

    def __init__(
        self,
        statement: str,
        params: Params,
        future: Future[None] | asyncio.Future[None],
        loop: asyncio.AbstractEventLoop | None,
        owner: str,
    ) -> None:
        self.owner = owner
        self.statement = statement
        self.params = params
        self.future = future
        self.loop = loop


class GroupWriter:
    """The one writer thread.

    Up to `batch` rows share a transaction: the fewer, the sooner another owner's row gets its
    turn. As many may wait as have `room`: each takes a place, a large one more (`size_of`).
    """

    def __init__(
        self,
        database: Database,
        *,
        batch: int = BATCH,
        room: int = ROOM,
        report: Callable[[str, Exception], None] = lambda what, error: None,
    ) -> None:
        self._database = database
        self._batch = batch
        self._report = report
        self._waiting: Turns[Row] = Turns(room)
        self._changed = threading.Condition()
        self._closing = self._busy = False
        self._wanted = 1
        self._last = 1
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._opened: Future[None] = Future()

    def start(self) -> None:
        """Open the database and begin. Raises what `Database.open` raises."""
        self._thread.start()
        try:
            self._opened.result()
        except BaseException:
            self._thread.join()
            raise

    def close(self, timeout: float | None = 30) -> None:
        """Refuse new rows, write those that wait, and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)

    @property
    def idle(self) -> bool:
        """Whether no row waits here or is being written."""
        return not self._busy and not self._waiting

    def tidy(self) -> None:
        """Do the housekeeping now, unless there are rows to write."""
        with self._changed:
            self._changed.notify()

    @property
    def alive(self) -> bool:
        """Whether rows given now will be written."""
        return self._thread.is_alive() and not self._closing

    def check(self, owner: str) -> None:
        """Raises Overloaded where not even a small row of this owner would be let in."""
        try:
            self._waiting.check(owner)
        except Full as full:
            raise overloaded(full, len(self._waiting)) from full

    def submit(
        self, statement: str, params: Params, owner: str = "", size: int = 1
    ) -> Future[None]:
        """Hand over a row from a thread; the future is done once the row is committed.

        Raises Overloaded or Unavailable at once; the future fails with Unavailable or with the
        database's own error about this row.
        """
        future: Future[None] = Future()
        self.put(Row(statement, params, future, None, owner), size)
        return future

    async def write(self, statement: str, params: Params, owner: str = "", size: int = 1) -> None:
        """Hand over a row from a coroutine and wait for its commit; raises like `submit`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self.put(Row(statement, params, future, loop, owner), size)
        await future

    def put(self, row: Row, size: int) -> None:
        """Hand over a row whose future somebody waits for already. Raises like `submit`."""
        with self._changed:
            if not self.alive:
                raise Unavailable("the writer is not running")
            try:
                self._waiting.put(row.owner, row, size)
            except Full as full:
                raise overloaded(full, len(self._waiting)) from full
            if len(self._waiting) >= self._wanted:
                self._changed.notify()

    def _run(self) -> None:
        try:
            self._database.open()
        except Exception as error:  # noqa: BLE001 - handed to whoever called start()
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        try:
            while (rows := self._take()) is not None:
                if rows:
                    self._write(rows)
                else:
                    self._rest()
                self._busy = False
        finally:
            self._closing = True
            left = self._waiting.take(len(self._waiting))
            self._tell(left, Unavailable("the writer has stopped"))
            self._database.close()

    def _take(self) -> list[Row] | None:
        """Everything that waits, up to a batch; empty after a second without any; None: ended."""
        with self._changed:
            self._gather(1, _REST_SECONDS)
            if self._waiting:
                self._gather(2 * self._last if self._last > 1 else 1, _GATHER_SECONDS)
            elif self._closing:
                return None
            rows = self._waiting.take(self._batch)
            self._busy = True
            self._last = len(rows)
            return rows

    def _gather(self, wanted: int, seconds: float) -> None:
        """Wait until so many rows wait, at most so long; `_changed` is held."""
        self._wanted = wanted
        if len(self._waiting) < wanted and not self._closing:
            self._changed.wait(seconds)

    def _rest(self) -> None:
        try:
            self._database.rest()
        except Exception as error:  # noqa: BLE001 - housekeeping must not end the writer
            self._report("housekeeping failed", error)

    def _write(self, rows: list[Row]) -> None:
        """Write rows together; where the database refuses them, in halves, so one bad row fails
        alone and its neighbours are written."""
        try:
            self._database.write(work_of(rows))
        except Unavailable as error:
            self._report("cannot write", error)
            self._tell(rows, error)
        except Exception as error:  # noqa: BLE001 - told to whoever brought the row
            if len(rows) == 1:
                self._tell(rows, error)
                return
            middle = len(rows) // 2
            self._write(rows[:middle])
            self._write(rows[middle:])
        else:
            self._tell(rows, None)

    def _tell(self, rows: Sequence[Row], error: Exception | None) -> None:
        """Resolve the futures; those of one event loop in a single call to it."""
        by_loop: dict[asyncio.AbstractEventLoop, list[Any]] = {}
        for row in rows:
            if row.loop is None:
                resolve([row.future], error)
            else:
                by_loop.setdefault(row.loop, []).append(row.future)
        for loop, futures in by_loop.items():
            # A loop that has ended has nobody left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(resolve, futures, error)


def work_of(rows: Iterable[Row]) -> Work:
    """The rows by their statements."""
    work: dict[str, list[Params]] = {}
    for row in rows:
        work.setdefault(row.statement, []).append(row.params)
    return work


def overloaded(full: Full, waiting: int) -> Overloaded:
    """What to say where there is no room."""
    return (Overloaded if full.whole else OverShare)(waiting)


def resolve(futures: Iterable[Any], error: Exception | None) -> None:
    """Tell those who still wait what became of their rows."""
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
