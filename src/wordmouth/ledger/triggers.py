"""The triggers that keep postings and accounts append-only, for both databases."""

SQLITE = [
    f"""CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
    for table in ("ledger_posting", "ledger_account")
    for verb in ("update", "delete")
]
SQLITE_UNDO = [
    f"DROP TRIGGER IF EXISTS {table}_no_{verb}"
    for table in ("ledger_posting", "ledger_account")
    for verb in ("update", "delete")
]

POSTGRESQL = [
    """CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    *(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"""
        for table in ("ledger_posting", "ledger_account")
    ),
    *(
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"""
        for table in ("ledger_posting", "ledger_account")
    ),
]
POSTGRESQL_UNDO = [
    *(
        f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"
        for table in ("ledger_posting", "ledger_account")
        for name in ("append_only", "no_truncate")
    ),
    "DROP FUNCTION IF EXISTS ledger_append_only()",
]
