"""The triggers that keep the ledger append-only, for both databases.

Postings and accounts are never changed nor deleted. The head of a store moves with every posting:
it may only move on, and is never deleted.
"""

from __future__ import annotations

from typing import NamedTuple

_BOOKS = ("ledger_posting", "ledger_account")


class Triggers(NamedTuple):
    """The statements that make triggers, and those that take them away."""

    make: list[str]
    undo: list[str]


BOOKS = {
    "sqlite": Triggers(
        make=[
            f"""CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            for table in _BOOKS
            for verb in ("update", "delete")
        ],
        undo=[
            f"DROP TRIGGER IF EXISTS {table}_no_{verb}"
            for table in _BOOKS
            for verb in ("update", "delete")
        ],
    ),
    "postgresql": Triggers(
        make=[
            """CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
            *(
                f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"""
                for table in _BOOKS
            ),
            *(
                f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"""
                for table in _BOOKS
            ),
        ],
        undo=[
            *(
                f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
                for table in _BOOKS
                for name in ("append_only", "no_truncate")
            ),
            "DROP FUNCTION IF EXISTS ledger_append_only()",
        ],
    ),
}
"""Of postings and accounts, by the kind of database."""

HEAD = {
    "sqlite": Triggers(
        make=[
            """CREATE TRIGGER ledger_head_moves_on BEFORE UPDATE ON ledger_head
            WHEN NEW.store_id <> OLD.store_id OR NEW.seq <= OLD.seq
            BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only: it only moves on'); END""",
            """CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
            BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only'); END""",
        ],
        undo=[
            "DROP TRIGGER IF EXISTS ledger_head_moves_on",
            "DROP TRIGGER IF EXISTS ledger_head_no_delete",
        ],
    ),
    "postgresql": Triggers(
        make=[
            """CREATE TRIGGER ledger_head_moves_on BEFORE UPDATE ON ledger_head
            FOR EACH ROW WHEN (NEW.store_id <> OLD.store_id OR NEW.seq <= OLD.seq)
            EXECUTE FUNCTION ledger_append_only()""",
            """CREATE TRIGGER ledger_head_append_only BEFORE DELETE ON ledger_head
            FOR EACH ROW EXECUTE FUNCTION ledger_append_only()""",
            """CREATE TRIGGER ledger_head_no_truncate BEFORE TRUNCATE ON ledger_head
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()""",
        ],
        undo=[
            f"DROP TRIGGER IF EXISTS ledger_head_{name} ON ledger_head"
            for name in ("moves_on", "append_only", "no_truncate")
        ],
    ),
}
"""Of the heads; they use the function that the others make."""

ALL = {
    vendor: Triggers(
        make=BOOKS[vendor].make + HEAD[vendor].make, undo=HEAD[vendor].undo + BOOKS[vendor].undo
    )
    for vendor in BOOKS
}
"""Of everything, by the kind of database."""

SQLITE, SQLITE_UNDO = ALL["sqlite"]
POSTGRESQL, POSTGRESQL_UNDO = ALL["postgresql"]
