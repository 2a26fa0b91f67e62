"""The group writer's own connection to the database of the settings."""

from __future__ import annotations

from django.db import connection

from wordmouth.kit.group_commit import Database
from wordmouth.stores.transactions import WRITE_GATE

_DJANGO_ONLY = frozenset({"pool", "isolation_level", "server_side_binding", "assume_role"})


def durable_database() -> Database:
    """A connection that keeps what it confirms, not open yet; its driver alone is loaded."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        from wordmouth.kit.durable_sqlite import SqliteDatabase

        return SqliteDatabase(str(given["NAME"]), gate=WRITE_GATE)
    from wordmouth.kit.durable_postgres import PostgresDatabase

    named = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    options = {k: v for k, v in given["OPTIONS"].items() if k not in _DJANGO_ONLY}
    return PostgresDatabase(
        **{name: str(value) for name, value in {**named, **options}.items() if value}
    )
