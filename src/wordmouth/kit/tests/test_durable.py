"""The writer's own connections, on real files and a real server."""

import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.harness.patience import PATIENCE
from wordmouth.kit.durable_postgres import PostgresDatabase
from wordmouth.kit.durable_sqlite import SqliteDatabase
from wordmouth.kit.group_commit import GroupWriter, Unavailable

TABLE = "CREATE TABLE parent (id integer PRIMARY KEY); "
CHILD = (
    "CREATE TABLE child (id integer PRIMARY KEY, parent integer NOT NULL "
    "REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
)


@pytest.fixture
def place(database_url: str):
    """(how to open a durable database, what is inserted into `child`, how to ask it)."""
    make: Callable[[], Any]
    if database_url.startswith("sqlite"):
        path = database_url.removeprefix("sqlite:///")
        source = "VALUES (?, ?)"

        def ask(statement: str) -> list[tuple[Any, ...]]:
            with sqlite3.connect(path) as connection:
                return connection.execute(statement).fetchall()

        make = partial(SqliteDatabase, path, patience=0.2)
    else:
        source = "SELECT * FROM unnest(%b::integer[], %b::integer[])"

        def ask(statement: str) -> list[tuple[Any, ...]]:
            with psycopg.connect(database_url, autocommit=True) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []

        named = psycopg.conninfo.conninfo_to_dict(database_url)
        make = partial(PostgresDatabase, **{k: str(v) for k, v in named.items()})
    ask(TABLE)
    ask(CHILD)
    ask("INSERT INTO parent VALUES (1)")
    return make, f"INSERT INTO child {source}", ask


@pytest.mark.database
def test_rows_arrive_and_a_bad_one_fails_alone(place):
    make, insert, ask = place
    writer = GroupWriter(make())
    writer.start()
    statement = f"{insert} ON CONFLICT DO NOTHING"
    parents = [1] * 20
    parents[7] = 99
    futures = [writer.submit(statement, (n, parent)) for n, parent in enumerate(parents)]
    futures += [writer.submit(statement, (3, 1))]
    failed = [n for n, future in enumerate(futures) if future.exception(PATIENCE) is not None]
    writer.close()
    assert failed == [7], "a foreign key that is checked at the commit must find its row"
    assert ask("SELECT count(*) FROM child") == [(19,)]


@pytest.mark.database
def test_a_value_that_cannot_be_bound_fails_alone(place):
    make, insert, ask = place
    writer = GroupWriter(make())
    writer.start()
    good, bad = writer.submit(insert, (1, 1)), writer.submit(insert, (object(), 1))
    assert good.exception(PATIENCE) is None
    assert bad.exception(PATIENCE) is not None
    assert not isinstance(bad.exception(), Unavailable)
    writer.close()
    assert ask("SELECT id FROM child") == [(1,)]


@pytest.mark.sqlite_only("it is about the settings of SQLite's connection")
def test_sqlite_confirms_every_setting(tmp_path: Path):
    database = SqliteDatabase(str(tmp_path / "a.sqlite3"))
    database.open()
    connection = database._connection
    assert connection is not None
    answers = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
    }
    database.close()
    assert answers == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "wal_autocheckpoint": 1000,
    }


@pytest.mark.sqlite_only("it is about SQLite's write-ahead log")
def test_sqlite_without_a_write_ahead_log_is_refused():
    # A database in memory cannot have one and answers `memory`.
    with pytest.raises(Unavailable, match="journal_mode='memory'"):
        GroupWriter(SqliteDatabase(":memory:")).start()


@pytest.mark.sqlite_only("it is about SQLite's file")
def test_sqlite_in_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(Unavailable, match="unable to open"):
        GroupWriter(SqliteDatabase(str(tmp_path / "none" / "a.sqlite3"))).start()


@pytest.mark.sqlite_only("on PostgreSQL writers do not exclude each other")
def test_sqlite_held_by_another_process_is_unavailable_and_recovers(place):
    make, insert, ask = place
    database = make()
    database.open()
    path = database._path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        database.write({insert: [(1, 1)]})
    other.execute("ROLLBACK")
    other.close()
    database.write({insert: [(1, 1)]})
    database.close()
    assert ask("SELECT id FROM child") == [(1,)]


@pytest.mark.sqlite_only("it is about the queue of this process's writers on SQLite")
def test_sqlite_holds_the_gate_during_its_transaction(tmp_path: Path):
    gate = threading.Lock()
    database = SqliteDatabase(str(tmp_path / "a.sqlite3"), gate=gate)
    database.open()
    database.write({"CREATE TABLE t (a)": [()]})
    gate.acquire()
    writing = threading.Thread(target=lambda: writer.submit("INSERT INTO t VALUES (1)", ()))
    writer = GroupWriter(SqliteDatabase(str(tmp_path / "a.sqlite3"), gate=gate))
    writer.start()
    writing.start()
    writing.join()
    reader = database._connection
    assert reader is not None
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
    gate.release()
    writer.close()
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
    database.close()


@pytest.mark.sqlite_only("it is about SQLite's write-ahead log")
def test_sqlite_checkpoints_what_others_wrote_while_it_rests(tmp_path: Path):
    path = tmp_path / "a.sqlite3"
    database = SqliteDatabase(str(path))
    database.open()
    other = sqlite3.connect(path)
    other.execute("PRAGMA wal_autocheckpoint=0")
    other.execute("CREATE TABLE t (a)")
    with other:
        other.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 6000)
    before = path.stat().st_size
    database.rest()
    assert path.stat().st_size > before + 5_000_000
    other.close()
    database.close()


@pytest.mark.database
@pytest.mark.postgresql_only("it is about a server that may restart")
def test_postgresql_reconnects_after_its_connection_was_cut(place):
    make, insert, ask = place
    database = make()
    database.open()
    pid = database._connection.info.backend_pid
    ended = ask(f"SELECT pg_terminate_backend({pid}, {PATIENCE * 1000:.0f})")
    assert ended == [(True,)]
    with pytest.raises(Unavailable):
        database.write({insert: [(1, 1)]})
    database.write({insert: [(1, 1)]})
    database.close()
    assert ask("SELECT id FROM child") == [(1,)]


@pytest.mark.database
@pytest.mark.postgresql_only("SQLite has no server to go to")
def test_postgresql_writes_a_group_in_one_journey(place, monkeypatch):
    make, insert, ask = place
    database = make()
    database.open()
    database.write({insert: [(0, 1)]})
    journeys = []
    wait = database._connection.wait

    def noted(*given: Any) -> Any:
        journeys.append(given)
        return wait(*given)

    monkeypatch.setattr(database._connection, "wait", noted)
    database.write({insert: [(number, 1) for number in range(1, 40)]})
    database.close()
    assert len(journeys) == 1
    assert ask("SELECT count(*) FROM child") == [(40,)]


@pytest.mark.database
@pytest.mark.postgresql_only("it is about the server's commit setting")
def test_postgresql_waits_for_durable_commits_even_where_the_server_would_not(place):
    make, _, ask = place
    assert ask("SHOW synchronous_commit") == [("off",)], "the test's server is the fast kind"
    database = make()
    database.open()
    assert database._connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    database.close()


@pytest.mark.database
@pytest.mark.postgresql_only("it is about a server that is not there")
def test_postgresql_that_is_not_there_is_unavailable():
    with pytest.raises(Unavailable, match="does not answer"):
        GroupWriter(PostgresDatabase(host="127.0.0.1", port="1", dbname="none")).start()
