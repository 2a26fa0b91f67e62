"""The hot doors' own connections to the database of the settings."""

from __future__ import annotations

from django.db import connection

from wordmouth.kit.group_commit import Database
from wordmouth.kit.prompt import Prompt
from wordmouth.stores.transactions import WRITE_GATE

_DJANGO_ONLY = frozenset({"pool", "isolation_level", "server_side_binding", "assume_role"})


def durable_database() -> Database:
    """A connection that keeps what it confirms, not open yet; its driver alone is loaded."""
    if connection.vendor == "sqlite":
        from wordmouth.kit.durable_sqlite import SqliteDatabase

        return SqliteDatabase(str(connection.settings_dict["NAME"]), gate=WRITE_GATE)
    from wordmouth.kit.durable_postgres import PostgresDatabase

    return PostgresDatabase(**_parameters())


def prompt_database() -> Prompt:
    """The same database for the event loop, not open yet."""
    if connection.vendor == "sqlite":
        from wordmouth.kit.prompt_sqlite import PromptSqlite

        return PromptSqlite(str(connection.settings_dict["NAME"]), WRITE_GATE)
    from wordmouth.kit.prompt_postgres import PromptPostgres

    return PromptPostgres(**_parameters())


def _parameters() -> dict[str, str]:
    """What psycopg is told to connect."""
    given = connection.settings_dict
    named = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    options = {k: v for k, v in given["OPTIONS"].items() if k not in _DJANGO_ONLY}
    return {name: str(value) for name, value in {**named, **options}.items() if value}
