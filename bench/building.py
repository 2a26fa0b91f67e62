"""A connection that builds a database in a hurry, and makes it whole and durable in the end."""

from __future__ import annotations

from bench.databases import Connection

_HURRY = {
    "sqlite": ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000"),
    "postgresql": (
        "session_replication_role = replica",
        "synchronous_commit = off",
        "work_mem = '128MB'",
    ),
}
_SERVER = {"max_wal_size": "'16GB'", "full_page_writes": "off"}
_KEYS = (
    "SELECT c.conrelid::regclass::text, a.attname::text, c.confrelid::regclass::text, "
    "b.attname::text FROM pg_constraint c "
    "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
    "JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] "
    "WHERE c.contype = 'f'"
)


def do(connection: Connection, statement: str) -> None:
    """Execute any statement, such as one that makes a table."""
    connection.connection.execute(statement)  # type: ignore[attr-defined]


def hurry(connection: Connection) -> None:
    """From now on nothing is looked up for foreign keys and a power cut would lose all of it."""
    for setting in _HURRY[connection.vendor]:
        do(connection, f"PRAGMA {setting}" if connection.vendor == "sqlite" else f"SET {setting}")
    if connection.vendor == "postgresql":
        for name, value in _SERVER.items():
            do(connection, f"ALTER SYSTEM SET {name} = {value}")
        do(connection, "SELECT pg_reload_conf()")


def finish(connection: Connection) -> None:
    """Look at all foreign keys; then leave everything as a database that has grown slowly: on the
    disk, counted and tidied up. Raises SystemExit where a row points at nothing."""
    wrong = _orphans(connection)
    if wrong:
        raise SystemExit(f"The past is not whole: {wrong}")
    if connection.vendor == "sqlite":
        connection.read("PRAGMA journal_mode=WAL")
    else:
        for name in _SERVER:
            do(connection, f"ALTER SYSTEM RESET {name}")
        do(connection, "SELECT pg_reload_conf()")
        do(connection, "VACUUM (ANALYZE)")
        do(connection, "CHECKPOINT")


def _orphans(connection: Connection) -> list[str]:
    if connection.vendor == "sqlite":
        return sorted(
            {f"{row[0]} to {row[2]}" for row in connection.read("PRAGMA foreign_key_check")}
        )
    return [
        f"{table}.{name}: {count}"
        for table, name, other, key in connection.read(_KEYS)
        for (count,) in connection.read(
            f'SELECT count(*) FROM {table} t WHERE t."{name}" IS NOT NULL AND NOT EXISTS '
            f'(SELECT FROM {other} o WHERE o."{key}" = t."{name}")'
        )
        if count
    ]
