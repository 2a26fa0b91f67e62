"""Copies of a store's rows by plain SQL: a small sample that was really settled becomes a big past.

Every copy has ids, names and codes of its own and belongs to the store that it is made for; what
the rows say of each other stays. The same text runs on both databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from bench.building import do
from bench.databases import Connection

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_KEPT = 26
"""The end of an id, after so many characters, is another one in each copy."""
MOST_COPIES = 32**4 - 1
_TOGETHER = 200_000
_TABLES = (
    "copy_number (k integer PRIMARY KEY, tag text, store text)",
    "copy_code (k integer, old text, new text, PRIMARY KEY (k, old))",
    "copy_id (id text PRIMARY KEY)",
)
_ID = r"((adv|per|ord|ref|rwd|msg|eff|acc|ent)_[0-9a-z]{22})[0-9a-z]{4}"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How the rows of a table are copied, and which: a condition on `t`, the row.

    `own` names the columns with ids of what may be copied too, `named` those with an order's name
    in them, `inside` those with such ids within a text, `json` those of them that are JSON;
    `coded` a column with a code, or with an address that begins with one. `instead`: what stands in
    place of a column.
    """

    name: str
    own: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    coded: str = ""
    where: str = "1 = 1"
    instead: dict[str, str] = {}


_OF_ADVOCATES = "(SELECT person_id FROM advocates_advocate a, copy_code b WHERE b.old = a.code)"
MEMBERS = (
    Table(
        name="people_person",
        own=("id", "root_id"),
        coded="email",
        where=f"t.id IN {_OF_ADVOCATES}",
    ),
    Table(
        name="advocates_advocate",
        own=("id", "person_id"),
        coded="code",
        where="t.code IN (SELECT old FROM copy_code)",
    ),
    Table(
        name="advocates_referralcode",
        own=("advocate_id",),
        coded="code",
        where="t.code IN (SELECT old FROM copy_code)",
    ),
)
"""Advocates with their codes."""

ORDERS = (
    Table(
        name="people_person",
        own=("id", "root_id"),
        named=("email",),
        where="substr(t.email, 1, 6) = 'order-'",
    ),
    Table(
        name="people_personkey",
        own=("person_id",),
        named=("value",),
        where="t.person_id IN (SELECT id FROM copy_id)",
    ),
    Table(
        name="orders_order",
        own=("id", "person_id"),
        named=("external_id", "number", "facts"),
        coded="code",
    ),
    Table(
        name="referrals_referral",
        own=("id", "order_id", "advocate_id", "friend_id"),
        named=("order_key",),
    ),
    Table(name="referrals_moment", own=("referral_id",)),
    Table(
        name="messages_message",
        own=("id", "person_id"),
        inside=("key", "about"),
        json=("about",),
    ),
    Table(
        name="outbox_effect",
        own=("id",),
        inside=("key", "payload"),
        json=("payload",),
    ),
    # The bodies of old deliveries are not kept for ever.
    Table(
        name="inbox_delivery",
        named=("key",),
        instead={"headers": "'{}'", "body": "NULL"},
    ),
)
"""What a settled order leaves, but for rewards and their postings: those are sealed (`past`)."""

STORES = (
    Table(name="stores_store", instead={"slug": "'past-' || c.k", "host": "''"}),
    Table(name="stores_storeversion"),
    Table(name="programs_program"),
    Table(name="programs_programversion"),
    Table(name="programs_statuschange"),
    Table(name="stores_connection"),
)
_OF_A_STORE = ("store_id", "program_id", "version_id", "current_id")


def tag(number: int) -> str:
    """The end of the ids of this copy."""
    return "".join(SIGNS[number >> shift & 31] for shift in (15, 10, 5, 0))


class Copier:
    """Copies the rows of one store, as it is when this is made."""

    def __init__(self, connection: Connection, store: str) -> None:
        self._connection = connection
        self._store = store
        self._columns = connection.columns()
        self._json = "jsonb" if connection.vendor == "postgresql" else "text"
        self._left_out: set[str] = set()
        for made in _TABLES:
            do(connection, f"CREATE TEMP TABLE {made}")
        if connection.vendor == "sqlite":
            connection.connection.create_function(  # type: ignore[attr-defined]
                "regexp_replace", 4, _replaced, deterministic=True
            )

    def leave_out(self, tables: Iterable[Table]) -> None:
        """What these tables have by now is not part of the sample."""
        for name in {table.name for table in tables}:
            key = self._columns[name][1][0]
            do(self._connection, f"CREATE TEMP TABLE out_{name} AS SELECT {key} FROM {name}")
            self._left_out.add(name)

    def keep(self, tables: Iterable[Table]) -> None:
        """Take the sample of these tables: later copies are made from it."""
        for number, table in enumerate(tables):
            store = "id" if table.name == "stores_store" else "store_id"
            where = f"t.{store} = '{self._store}' AND {table.where}"
            if table.name in self._left_out:
                key = self._columns[table.name][1][0]
                where += f" AND t.{key} NOT IN (SELECT {key} FROM out_{table.name})"
            sample = _sample(table, number)
            do(
                self._connection,
                f"CREATE TEMP TABLE {sample} AS SELECT t.* FROM {table.name} t WHERE {where}",
            )
            if "id" in table.own:
                do(self._connection, f"INSERT INTO copy_id SELECT id FROM {sample}")

    def copy(self, tables: Iterable[Table], numbers: Iterable[tuple[int, str]], rows: int) -> None:
        """Make these copies, numbers from 1 on, each with the end of its store's ids or, in the
        sample's own store, with ''. `rows`: about how many each has of a table."""
        do(self._connection, "DELETE FROM copy_number")
        told = [(str(k), tag(k), store) for k, store in numbers]
        self._connection.begin()
        self._connection.insert("copy_number", ("k", "tag", "store"), told)
        self._connection.commit()
        step = max(_TOGETHER // rows, 1)
        for number, table in enumerate(tables):
            statement = self._statement(table, _sample(table, number))
            for first in range(0, len(told), step):
                low, high = told[first][0], told[min(first + step, len(told)) - 1][0]
                self._connection.begin()
                self._connection.change(statement, [(int(low), int(high))])
                self._connection.commit()

    def _statement(self, table: Table, sample: str) -> str:
        names, key = self._columns[table.name]
        drawn = names if key in (["seq"], ["id"]) and not self._has_text(table, key[0]) else []
        told = [name for name in names if not (drawn and name == key[0])]
        wanted = ", ".join(self._expression(table, name) for name in told)
        columns = ", ".join(f'"{name}"' for name in told)
        # Triggers make these on SQLite.
        ignoring = " ON CONFLICT DO NOTHING" if table.name == "stores_storeversion" else ""
        return (
            f"INSERT INTO {table.name} ({columns}) SELECT {wanted} FROM copy_number c "
            f"CROSS JOIN {sample} t LEFT JOIN copy_code b ON b.k = c.k AND b.old = {_code(table)} "
            f"WHERE c.k BETWEEN ? AND ?{ignoring}"
        )

    def _has_text(self, table: Table, name: str) -> bool:
        """Whether its key is one of ours; others the database draws."""
        found = self._connection.read(f'SELECT "{name}" FROM {table.name} LIMIT 1')
        return bool(found) and isinstance(found[0][0], str)

    def _expression(self, table: Table, name: str) -> str:
        column = f't."{name}"'
        if name in table.instead:
            return table.instead[name]
        if name in _OF_A_STORE or (name == "id" and "id" not in table.own):
            return (
                f"CASE WHEN c.store = '' THEN {column} "
                f"ELSE substr({column}, 1, {_KEPT}) || c.store END"
            )
        if name in table.own:
            return (
                f"CASE WHEN {column} IN (SELECT id FROM copy_id) "
                f"THEN substr({column}, 1, {_KEPT}) || c.tag ELSE {column} END"
            )
        if name in table.named:
            column = f"replace({column}, 'order-', 'order-z' || c.k || '-')"
            if name == "facts":
                column = f"replace({column}, t.code, coalesce(b.new, t.code))"
        if name == table.coded:
            column = f"coalesce(b.new, {column})"
            if name == "email":
                column = f"lower({column}) || '@advocates.example'"
        if name in table.inside:
            column = f"regexp_replace(CAST({column} AS text), '{_ID}', '\\1' || c.tag, 'g')"
            if name in table.json:
                column = f"CAST({column} AS {self._json})"
        return column


def _code(table: Table) -> str:
    """The code that a row has, as it is in the sample."""
    if not table.coded:
        return "NULL"
    if table.coded != "email":
        return f"t.{table.coded}"
    return "replace(upper(t.email), '@ADVOCATES.EXAMPLE', '')"


def _sample(table: Table, number: int) -> str:
    return f"sample_{number}_{table.name}"


def _replaced(text: str | None, pattern: str, by: str, how: str) -> str | None:
    """What PostgreSQL has built in, where `by` is its \\1 and more."""
    return None if text is None else re.sub(pattern, lambda found: found[1] + by[2:], text)
