"""Copies of a store's rows by plain SQL: a small sample that was really settled becomes a big past.

Every copy has ids, names and codes of its own and belongs to the store that it is made for; what
the rows say of each other stays. The same text runs on both databases.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bench.building import do
from bench.databases import Connection

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_MARK = "c"
"""In place of what an id says of how it was drawn: so no copy has the id of a row of the sample."""
MOST_COPIES = 32**4 - 1
_TOGETHER = 200_000
_TABLES = (
    "copy_number (k integer PRIMARY KEY, tag text, store text)",
    "copy_code (k integer, old text, new text, PRIMARY KEY (k, old))",
    "copy_id (id text PRIMARY KEY)",
)
_ID = 30
"""How long an id is."""
_CLOSED = '"}'


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How the rows of a table are copied, and which: a condition on `t`, the row.

    `own` names the columns with ids of what may be copied too, `named` those with an order's name
    in them, `ending` those texts that end with the id of a copied row, `telling` JSON whose last
    value is one; `coded` a column with a code, or with an address that begins with one. `instead`:
    what stands in place of a column.
    """

    name: str
    own: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    coded: str = ""
    where: str = "1 = 1"
    instead: dict[str, str] = {}


_CODES = "(SELECT old FROM copy_code WHERE k = 0)"
_OF_ADVOCATES = f"(SELECT person_id FROM advocates_advocate WHERE code IN {_CODES})"
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
        where=f"t.code IN {_CODES}",
    ),
    Table(
        name="advocates_referralcode",
        own=("advocate_id",),
        coded="code",
        where=f"t.code IN {_CODES}",
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
        ending=("key",),
        telling=("about",),
    ),
    Table(
        name="outbox_effect",
        own=("id",),
        ending=("key",),
        telling=("payload",),
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
        for name in ("copy_number", "copy_code", "copy_id"):
            do(self._connection, f"ANALYZE {name}")
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
        coded = f" LEFT JOIN copy_code b ON b.k = c.k AND b.old = {_code(table)}"
        # Triggers make these on SQLite.
        ignoring = " ON CONFLICT DO NOTHING" if table.name == "stores_storeversion" else ""
        return (
            f"INSERT INTO {table.name} ({columns}) SELECT {wanted} FROM copy_number c "
            f"CROSS JOIN {sample} t{coded if table.coded else ''} "
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
            return f"CASE WHEN c.store = '' THEN {column} ELSE {_other(column, 'c.store')} END"
        if name in table.own:
            return (
                f"CASE WHEN {column} IN (SELECT id FROM copy_id) "
                f"THEN {_other(column, 'c.tag')} ELSE {column} END"
            )
        if name in table.named:
            column = f"replace({column}, 'order-', 'order-z' || c.k || '-')"
            if name == "facts":
                column = f"replace({column}, t.code, coalesce(b.new, t.code))"
        if name == table.coded:
            column = f"coalesce(b.new, {column})"
            if name == "email":
                column = f"lower({column}) || '@advocates.example'"
        if name in table.ending:
            column = _ended(column, 0)
        if name in table.telling:
            column = f"CAST({_ended(f'CAST({column} AS text)', len(_CLOSED))} AS {self._json})"
        return column


def _other(column: str, end: str) -> str:
    """An id of another row, made at the same time."""
    return f"substr({column}, 1, 14) || '{_MARK}' || substr({column}, 16, 11) || {end}"


def _ended(text: str, left: int) -> str:
    """A text with another id, so many characters before its end."""
    before = f"length({text}) - {left + _ID}"
    found = f"substr({text}, {before} + 1, {_ID})"
    return (
        f"substr({text}, 1, {before}) || {_other(found, 'c.tag')} || "
        f"substr({text}, {before} + {_ID + 1})"
    )


def other_id(known: str, end: str) -> str:
    """The same for one id."""
    return f"{known[:14]}{_MARK}{known[15:26]}{end}"


def _code(table: Table) -> str:
    """The code that a row has, as it is in the sample."""
    if table.coded != "email":
        return f"t.{table.coded}"
    return "replace(upper(t.email), '@ADVOCATES.EXAMPLE', '')"


def _sample(table: Table, number: int) -> str:
    return f"sample_{number}_{table.name}"
