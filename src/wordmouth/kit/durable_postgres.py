"""A durable PostgreSQL connection for the group writer; it reconnects by itself."""

from __future__ import annotations

import contextlib

import psycopg

from wordmouth.kit.group_commit import Unavailable, Work

_LIMITS = "-c statement_timeout=10s -c lock_timeout=5s"


class PostgresDatabase:
    """One connection, opened again after it broke. `parameters` as for `psycopg.connect`."""

    def __init__(self, **parameters: str) -> None:
        self._parameters = {"connect_timeout": "3", **parameters}
        self._parameters["options"] = f"{parameters.get('options', '')} {_LIMITS}".strip()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def open(self) -> None:
        """Connect; a server that confirms commits before they are safe is told to wait here."""
        try:
            connection = psycopg.connect(**self._parameters, autocommit=True)  # type: ignore[arg-type]
            answer = connection.execute("SHOW synchronous_commit").fetchone()
            if answer == ("off",):
                connection.execute("SET synchronous_commit = on")
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
