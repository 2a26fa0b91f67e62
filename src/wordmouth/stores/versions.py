"""Versions of stores: a number that moves on with every change of what answers depend on.

Each process keeps answers in caches and asks for nothing but the number again. The database
itself moves it, by triggers on the watched tables, in the transaction of the change: whoever
changes a row, whatever the code path, cannot forget it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from wordmouth.stores.sets import SetReader, read_set

_NUMBERS = "SELECT store_id, number FROM stores_storeversion WHERE store_id {in_set}"


class Watched(NamedTuple):
    """Changes of a table that move the version of the row's store on.

    Of updates only those of `columns` count (all without any), and with `changed` only those that
    change that column.
    """

    table: str
    verb: str
    columns: tuple[str, ...] = ()
    changed: str = ""

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"version_{self.table}_{self.verb}"


def watched(table: str, **update: Any) -> tuple[Watched, ...]:
    """All changes of a table; `update` as for `Watched`."""
    return (
        Watched(table, "insert"),
        Watched(table, "update", **update),
        Watched(table, "delete"),
    )


OWN = watched("stores_connection", columns=("store_id", "adapter", "secrets", "serves"))
"""In this room: what opens the door for deliveries. Stores themselves are watched besides."""
OPENING = watched(
    "stores_connection",
    columns=("store_id", "adapter", "secrets", "serves", "credentials", "options"),
)
"""The same since connections have credentials: some shops prove themselves by those."""


def numbers(store_ids: Sequence[str]) -> dict[str, int | None]:
    """The versions of stores, in one statement; None for a store that there is not.

    Needs no scope: caches hold answers about many stores.
    """
    found: dict[str, int | None] = dict.fromkeys(store_ids)
    found.update(read_set(_NUMBERS, store_ids))
    return found


async def numbers_now(read: SetReader, store_ids: Sequence[str]) -> dict[str, int | None]:
    """The same from the event loop. Raises what `read` raises."""
    found: dict[str, int | None] = dict.fromkeys(store_ids)
    for store_id, number in await read(_NUMBERS, store_ids, 2):
        found[store_id] = number
    return found


def stamp_of(store_id: str) -> tuple[str, int] | None:
    """The version of a store as a stamp for an answer that is read after it; None for no store."""
    number = numbers([store_id])[store_id]
    return (store_id, number) if number is not None else None


def make(vendor: str, changes: Sequence[Watched]) -> list[str]:
    """The statements that watch; they need those of `begin`."""
    return [_MAKERS[vendor](change) for change in changes]


def undo(vendor: str, changes: Sequence[Watched]) -> list[str]:
    """The statements that end watching."""
    on = " ON {}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {c.name}{on.format(c.table)}" for c in changes]


def _what(change: Watched) -> str:
    columns = f" OF {', '.join(change.columns)}" if change.columns else ""
    return f"CREATE TRIGGER {change.name} AFTER {change.verb}{columns} ON {change.table}"


def _for_sqlite(change: Watched) -> str:
    row = "OLD" if change.verb == "delete" else "NEW"
    when = f"WHEN OLD.{change.changed} IS NOT NEW.{change.changed}" if change.changed else ""
    return f"""{_what(change)} FOR EACH ROW {when} BEGIN
        UPDATE stores_storeversion SET number = number + 1 WHERE store_id = {row}.store_id;
        END"""


def _for_postgresql(change: Watched) -> str:
    column = change.changed
    when = f"WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})" if column else ""
    return f"{_what(change)} FOR EACH ROW {when} EXECUTE FUNCTION stores_version_moves_on()"


_MAKERS = {"sqlite": _for_sqlite, "postgresql": _for_postgresql}

BEGIN = {
    "sqlite": [
        """CREATE TRIGGER version_stores_store_insert AFTER INSERT ON stores_store BEGIN
        INSERT INTO stores_storeversion (store_id, number) VALUES (NEW.id, 0)
        ON CONFLICT (store_id) DO UPDATE SET number = number + 1;
        END""",
        """CREATE TRIGGER version_stores_store_update AFTER UPDATE ON stores_store BEGIN
        UPDATE stores_storeversion SET number = number + 1 WHERE store_id = NEW.id;
        END""",
        """CREATE TRIGGER version_stores_store_delete AFTER DELETE ON stores_store BEGIN
        DELETE FROM stores_storeversion WHERE store_id = OLD.id;
        END""",
    ],
    # The number is the transaction's: one that changes ten thousand rows moves it on once, and
    # no two transactions have the same.
    "postgresql": [
        """CREATE FUNCTION stores_version_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE owner varchar;
        BEGIN
            IF TG_OP = 'DELETE' THEN owner := OLD.store_id; ELSE owner := NEW.store_id; END IF;
            UPDATE stores_storeversion SET number = txid_current()
            WHERE store_id = owner AND number <> txid_current();
            RETURN NULL;
        END $$""",
        """CREATE FUNCTION stores_version_of_store() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO stores_storeversion (store_id, number) VALUES (NEW.id, txid_current())
                ON CONFLICT (store_id) DO UPDATE SET number = txid_current();
            ELSIF TG_OP = 'UPDATE' THEN
                UPDATE stores_storeversion SET number = txid_current()
                WHERE store_id = NEW.id AND number <> txid_current();
            ELSE
                DELETE FROM stores_storeversion WHERE store_id = OLD.id;
            END IF;
            RETURN NULL;
        END $$""",
        """CREATE TRIGGER version_stores_store AFTER INSERT OR UPDATE OR DELETE ON stores_store
        FOR EACH ROW EXECUTE FUNCTION stores_version_of_store()""",
    ],
}
"""The first statements: a store gets its version with itself."""

END = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS version_stores_store_{verb}"
        for verb in ("insert", "update", "delete")
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS version_stores_store ON stores_store",
        "DROP FUNCTION IF EXISTS stores_version_of_store()",
        "DROP FUNCTION IF EXISTS stores_version_moves_on()",
    ],
}
