"""Group commit by the event loop itself, and behind it the writer thread with its patience.

What the requests of one round of the loop bring is written in one transaction, and those who ask
meanwhile come with the next: no timer, no other thread. Where that would hold the loop up (the
database is being written by others, the disk is slow, a row is refused) the rows go to the
thread, and so does everything after them until it has nothing left to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from wordmouth.kit.group_commit import (
    BATCH,
    ROOM,
    GroupWriter,
    Overloaded,
    Params,
    Row,
    Unavailable,
    overloaded,
    resolve,
    work_of,
)
from wordmouth.kit.prompt import Prompt
from wordmouth.kit.turns import Full, Turns

_TIDY_AFTER = 256
"""Commits, about a thousand pages of SQLite's log."""


class PromptWriter:
    """Writes like the GroupWriter behind it (`patient`), and keeps its promises. Use it from one
    event loop."""

    def __init__(
        self, prompt: Prompt, patient: GroupWriter, *, batch: int = BATCH, room: int = ROOM
    ) -> None:
        self._prompt = prompt
        self._patient = patient
        self._batch = batch
        self._waiting: Turns[tuple[Row, int]] = Turns(room)
        self._at_work: asyncio.Task[None] | None = None
        self._commits = 0

    def start(self) -> None:
        """Begin. Raises Unavailable."""
        self._patient.start()

    def close(self) -> None:
        """Refuse new rows, and end when those that wait are written."""
        self._patient.close()

    @property
    def alive(self) -> bool:
        """Whether rows given now will be written."""
        return self._patient.alive

    def check(self, owner: str) -> None:
        """Raises Overloaded where not even a small row of this owner would be let in."""
        self._patient.check(owner)
        try:
            self._waiting.check(owner)
        except Full as full:
            raise overloaded(full, len(self._waiting)) from full

    async def write(self, statement: str, params: Params, owner: str = "", size: int = 1) -> None:
        """Hand over a row and wait for its commit. Raises Overloaded or Unavailable, or the
        database's own error about this row."""
        if not self._patient.idle:
            await self._patient.write(statement, params, owner, size)
            return
        if not self.alive:
            raise Unavailable("the writer is not running")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        row = Row(statement, params, future, loop, owner)
        try:
            self._waiting.put(owner, (row, size), size)
        except Full as full:
            raise overloaded(full, len(self._waiting)) from full
        if self._at_work is None:
            self._at_work = loop.create_task(self._work())
        await future

    async def _work(self) -> None:
        try:
            while rows := self._waiting.take(self._batch):
                await self._write(rows)
        finally:
            self._at_work = None

    async def _write(self, rows: Sequence[tuple[Row, int]]) -> None:
        try:
            await self._prompt.write(work_of([row for row, _ in rows]))
        except Unavailable as error:
            resolve([row.future for row, _ in rows], error)
        except Exception:  # noqa: BLE001 - the thread finds out which row it was, and tells
            self._hand_over(rows)
        else:
            resolve([row.future for row, _ in rows], None)
            self._commits += 1
            if self._commits % _TIDY_AFTER == 0:
                self._patient.tidy()

    def _hand_over(self, rows: Sequence[tuple[Row, int]]) -> None:
        for row, size in rows:
            try:
                self._patient.put(row, size)
            except (Overloaded, Unavailable) as error:
                resolve([row.future], error)
