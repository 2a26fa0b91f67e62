"""PostgreSQL for the event loop, which goes on with other things until the answer is there."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from wordmouth.kit.durable_postgres import ASK, OFF, TURN_ON, limited
from wordmouth.kit.group_commit import Unavailable, Work
from wordmouth.kit.prompt import NotNow

_RETRY_SECONDS = 1.0
_BY_INDEX = ("-c plan_cache_mode=force_generic_plan", "-c enable_seqscan=off")
"""Else a plan is made anew whenever a set is smaller than PostgreSQL expects; and as long as it has
no statistics of a table that was just filled, it reads all of it instead of a few rows by index."""

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class PromptPostgres:
    """Two connections, so that a look-up waits for no commit. `parameters` as for
    `psycopg.connect`. Use it from one event loop."""

    def __init__(self, **parameters: str) -> None:
        self._reader = _Line(parameters)
        self._writer = _Line(parameters)

    async def open(self) -> None:
        """See `kit.prompt.Prompt`."""
        await asyncio.gather(self._reader.dial(), self._writer.dial())

    async def read(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """See `kit.prompt.Prompt`."""
        connection = self._reader.connection()
        try:
            found = await connection.execute(statement.encode(), values, prepare=True)
            return await found.fetchall()
        except psycopg.Error as error:
            await self._reader.hang_up()
            raise NotNow from error

    async def write(self, work: Work) -> None:
        """See `kit.prompt.Prompt`. A statement takes each column of its rows as one array."""
        connection = self._writer.connection()
        try:
            # A statement alone is a transaction by itself: to the server and back but once.
            async with connection.transaction() if len(work) > 1 else contextlib.nullcontext():
                for statement, rows in work.items():
                    columns = [list(column) for column in zip(*rows, strict=True)]
                    await connection.execute(statement.encode(), columns, prepare=True)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            await self._writer.hang_up()
            raise Unavailable(f"the database cannot be written: {error}") from error

    async def close(self) -> None:
        """See `kit.prompt.Prompt`."""
        await self._reader.hang_up()
        await self._writer.hang_up()


class _Line:
    """A connection that is made in the background, and again after it broke."""

    def __init__(self, parameters: dict[str, str]) -> None:
        self._parameters = limited(parameters, *_BY_INDEX)
        self._connection: Connection | None = None
        self._dialling: asyncio.Task[None] | None = None
        self._not_before = 0.0

    def connection(self) -> Connection:
        """The connection, if there is one. Raises NotNow, and sees to it that there will be."""
        if self._connection is not None and not self._connection.closed:
            return self._connection
        if self._dialling is None and time.monotonic() >= self._not_before:
            self._not_before = time.monotonic() + _RETRY_SECONDS
            self._dialling = asyncio.get_running_loop().create_task(self.dial())
        raise NotNow

    async def dial(self) -> None:
        """Make the connection; no error when that fails."""
        try:
            connection = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)  # type: ignore[arg-type]
            answer = await (await connection.execute(ASK)).fetchone()
            if answer == OFF:
                await connection.execute(TURN_ON)
            self._connection = connection
        except psycopg.Error:
            # The threads say what is wrong; here it is only tried again later.
            self._connection = None
        finally:
            self._dialling = None

    async def hang_up(self) -> None:
        """Close the connection, or stop making it."""
        if self._dialling is not None:
            self._dialling.cancel()
            await asyncio.gather(self._dialling, return_exceptions=True)
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
