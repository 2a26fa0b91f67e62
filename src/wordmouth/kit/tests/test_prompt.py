"""The event loop's own connections, on real files and a real server."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import psycopg
import pytest

from tests.harness.patience import Watch, until
from wordmouth.kit import prompt_sqlite
from wordmouth.kit.durable_postgres import PostgresDatabase
from wordmouth.kit.durable_sqlite import SqliteDatabase
from wordmouth.kit.gate import FairGate
from wordmouth.kit.group_commit import GroupWriter, Unavailable
from wordmouth.kit.prompt import NotNow, Prompt
from wordmouth.kit.prompt_postgres import PromptPostgres
from wordmouth.kit.prompt_sqlite import PromptSqlite
from wordmouth.kit.prompt_writer import PromptWriter

TABLE = "CREATE TABLE numbers (id integer PRIMARY KEY, CHECK (id <> 13))"
INSERT = {
    "sqlite": "INSERT INTO numbers VALUES (?)",
    "postgresql": "INSERT INTO numbers SELECT * FROM unnest(%b::integer[])",
}
ALL = "SELECT id FROM numbers ORDER BY id"


class Place:
    """A database with a table of numbers."""

    def __init__(self, url: str) -> None:
        self.vendor = "sqlite" if url.startswith("sqlite") else "postgresql"
        self.insert = INSERT[self.vendor]
        self.gate = FairGate()
        if self.vendor == "sqlite":
            self.path = url.removeprefix("sqlite:///")
            with sqlite3.connect(self.path) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute(TABLE)
        else:
            named = psycopg.conninfo.conninfo_to_dict(url)
            self.named = {name: str(value) for name, value in named.items() if value is not None}
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(TABLE)

    def prompt(self) -> Prompt:
        if self.vendor == "sqlite":
            return PromptSqlite(self.path, self.gate)
        return PromptPostgres(**self.named)

    def patient(self) -> GroupWriter:
        if self.vendor == "sqlite":
            return GroupWriter(SqliteDatabase(self.path, gate=self.gate))
        return GroupWriter(PostgresDatabase(**self.named))


@pytest.fixture
def place(database_url: str) -> Place:
    return Place(database_url)


async def ready(prompt: Prompt) -> Prompt:
    """A prompt database that answers, soon after its connections broke."""
    await prompt.open()
    for _ in range(10_000):
        try:
            await prompt.read("SELECT 1", [])
            await prompt.write({})
        except NotNow:
            await asyncio.sleep(0.01)
        else:
            return prompt
    raise AssertionError("it never answers")


@pytest.mark.database
def test_what_is_written_is_there_and_can_be_read(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        await prompt.write({place.insert: [(1,), (2,)]})
        await prompt.write({place.insert: [(3,)], place.insert + " ": [(4,)]})
        assert [tuple(row) for row in await prompt.read(ALL, [])] == [(1,), (2,), (3,), (4,)]
        await prompt.close()

    asyncio.run(run())


@pytest.mark.database
def test_of_a_group_with_a_bad_row_nothing_is_written(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
            await prompt.write({place.insert: [(1,)], place.insert + " ": [(13,)]})
        assert await prompt.read(ALL, []) == []
        await prompt.write({place.insert: [(2,)]})
        await prompt.close()

    asyncio.run(run())


@pytest.mark.database
def test_behind_a_writer_a_bad_row_fails_alone(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        writer = PromptWriter(prompt, place.patient())
        writer.start()
        told = await asyncio.gather(
            *(writer.write(place.insert, (number,)) for number in range(40)),
            return_exceptions=True,
        )
        assert [n for n, error in enumerate(told) if error is not None] == [13]
        assert len(await prompt.read(ALL, [])) == 39
        writer.close()
        await prompt.close()

    asyncio.run(run())


@pytest.mark.database
def test_a_question_that_cannot_be_answered_is_left_to_the_threads(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        with pytest.raises(NotNow):
            await prompt.read("SELECT * FROM nowhere", [])
        await prompt.close()

    asyncio.run(run())


@pytest.mark.sqlite_only("it is about the gate of SQLite's writers")
def test_while_somebody_of_this_process_writes_it_is_not_now(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        with place.gate:
            assert await prompt.read(ALL, []) == [], "reading waits for nobody"
            with pytest.raises(NotNow):
                await prompt.write({place.insert: [(1,)]})
        await prompt.write({place.insert: [(1,)]})
        await prompt.close()

    asyncio.run(run())


@pytest.mark.sqlite_only("it is about SQLite's lock")
def test_while_another_process_writes_it_is_not_now_at_once(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        other = sqlite3.connect(place.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotNow):
            await prompt.write({place.insert: [(1,)]})
        other.execute("COMMIT")
        await prompt.write({place.insert: [(1,)]})
        other.close()
        await prompt.close()

    asyncio.run(run())


@pytest.mark.sqlite_only("it is about a slow disk")
def test_after_a_slow_commit_the_loop_is_spared_for_a_second(place, monkeypatch):
    watch = Watch()
    monkeypatch.setattr(prompt_sqlite, "time", watch)

    class Slow(PromptSqlite):
        def _write(self, work):
            super()._write(work)
            watch.move(0.011)

    async def run() -> None:
        prompt = Slow(place.path, place.gate)
        await prompt.write({place.insert: [(1,)]})
        with pytest.raises(NotNow):
            await prompt.write({place.insert: [(2,)]})
        with pytest.raises(NotNow):
            await prompt.read(ALL, [])
        assert place.gate.enter_now(), "it is let go"
        place.gate.leave()
        watch.move(1.001)
        await prompt.write({place.insert: [(2,)]})
        await prompt.close()

    asyncio.run(run())


@pytest.mark.sqlite_only("it is about SQLite's write-ahead log")
def test_the_log_is_moved_by_the_thread_alone_and_does_not_grow(place, monkeypatch):
    monkeypatch.setattr(prompt_sqlite, "time", Watch())
    log = Path(place.path + "-wal")

    async def run() -> None:
        prompt = await ready(place.prompt())
        patient = SqliteDatabase(place.path, gate=place.gate)
        patient.open()
        row = "x" * 3000
        insert = "INSERT INTO texts VALUES (?)"
        await prompt.write({"CREATE TABLE texts (t text)": [()]})
        sizes = []
        for _ in range(6):
            for _ in range(15):
                await prompt.write({insert: [(row,)] * 100})
            sizes.append(log.stat().st_size)
            patient.rest()
        assert sizes[0] > 4 * 1024 * 1024, "nothing was moved meanwhile"
        assert max(sizes) < 1.5 * sizes[0], sizes
        patient.close()
        await prompt.close()

    asyncio.run(run())


@pytest.mark.postgresql_only("it is about a server that may restart")
def test_connections_that_were_cut_are_made_anew(place, database_url):
    async def run() -> None:
        prompt = await ready(place.prompt())
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(NotNow):
            await prompt.read(ALL, [])
        with pytest.raises(Unavailable):
            await prompt.write({place.insert: [(1,)]})
        for _ in range(10_000):
            with contextlib.suppress(NotNow):
                await prompt.read(ALL, [])
                break
            await asyncio.sleep(0.01)
        await ready(prompt)
        await prompt.write({place.insert: [(1,)]})
        await prompt.close()

    asyncio.run(run())


@pytest.mark.postgresql_only("it is about a server")
def test_a_server_that_is_not_there_is_not_now():
    async def run() -> None:
        prompt = PromptPostgres(host="127.0.0.1", port="1", dbname="none")
        await prompt.open()
        for _ in range(3):
            with pytest.raises(NotNow):
                await prompt.read(ALL, [])
            with pytest.raises(NotNow):
                await prompt.write({"SELECT 1": [(1,)]})
            await asyncio.sleep(0.05)
        await prompt.close()

    asyncio.run(run())


@pytest.mark.postgresql_only("it is about what PostgreSQL plans without statistics")
def test_a_table_that_was_just_filled_is_read_by_its_index(place):
    async def run() -> None:
        prompt = await ready(place.prompt())
        asked = "EXPLAIN SELECT id FROM numbers WHERE id = ANY(%s)"
        plan = await prompt.read(asked, ["{1,2}"])
        assert "Seq Scan" not in str(plan)
        settings = await prompt.read("SHOW plan_cache_mode", [])
        assert settings == [("force_generic_plan",)]
        await prompt.close()

    asyncio.run(run())


def test_the_gate_lets_in_now_or_not_at_all():
    gate = FairGate()
    assert gate.enter_now()
    assert not gate.enter_now()
    gate.leave()
    with gate:
        assert not gate.enter_now()
    assert gate.enter_now()
    gate.leave()


def test_who_enters_now_passes_nobody_who_waits():
    import threading

    gate = FairGate()
    assert gate.enter_now()
    inside = threading.Event()
    go_on = threading.Event()

    def wait_in_line() -> None:
        with gate:
            inside.set()
            go_on.wait()

    thread = threading.Thread(target=wait_in_line)
    thread.start()
    until(lambda: gate.is_awaited)
    assert not gate.enter_now()
    gate.leave()
    assert inside.wait(60)
    assert not gate.enter_now()
    go_on.set()
    thread.join()
    assert gate.enter_now()
    gate.leave()
