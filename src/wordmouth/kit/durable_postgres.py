"""A durable PostgreSQL connection for the group writer; it reconnects by itself."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import psycopg

from wordmouth.kit.group_commit import Unavailable, Work

ASK, OFF, TURN_ON = "SHOW synchronous_commit", ("off",), "SET synchronous_commit = on"
"""A server that confirms commits before they are safe is told to wait on our connections."""

_LIMITS = "-c statement_timeout=10s -c lock_timeout=5s"


def limited(parameters: Mapping[str, str], *settings: str) -> dict[str, str]:
    """Parameters for a connection that neither waits for ever to be made nor for an answer."""
    options = " ".join([parameters.get("options", ""), _LIMITS, *settings])
    return {"connect_timeout": "3", **parameters, "options": options.strip()}


class PostgresDatabase:
    """One connection, opened again after it broke. `parameters` as for `psycopg.connect`."""

    def __init__(self, **parameters: str) -> None:
        self._parameters = limited(parameters)
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def open(self) -> None:
        """Connect; a server that confirms commits before they are safe is told to wait here."""
        try:
            connection = psycopg.connect(**self._parameters, autocommit=True)  # type: ignore[arg-type]
            if connection.execute(ASK).fetchone() == OFF:
                connection.execute(TURN_ON)
        except psycopg.Error as error:
            raise Unavailable(f"the database does not answer: {error}") from error
        self._connection = connection

    def write(self, work: Work) -> None:
        """Write in one transaction, connecting first where needed.

        A statement takes each column of its rows as one array: whatever their number it is sent,
        planned and answered once.
        """
        if self._connection is None or self._connection.closed:
            self.open()
        connection = self._connection
        assert connection is not None
        try:
            # A statement alone is a transaction by itself: to the server and back but once.
            with connection.transaction() if len(work) > 1 else contextlib.nullcontext():
                for statement, rows in work.items():
                    columns = [list(column) for column in zip(*rows, strict=True)]
                    connection.execute(statement, columns, prepare=True)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise Unavailable(f"the database cannot be written: {error}") from error

    def rest(self) -> None:
        """PostgreSQL keeps house by itself."""

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
