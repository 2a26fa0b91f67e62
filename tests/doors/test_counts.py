"""What does not vary: statements and commits of the doors, and the indexes that they stand on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.doors.conftest import order_body, signed
from tests.doors.test_clicks import enrol
from tests.harness.asgi import PHONE, Client, Request, living
from tests.harness.patience import PATIENCE, until
from wordmouth.api import codes
from wordmouth.kit.durable_sqlite import SqliteDatabase
from wordmouth.kit.prompt_postgres import PromptPostgres
from wordmouth.kit.prompt_sqlite import PromptSqlite
from wordmouth.programs import services as programs
from wordmouth.programs.tests.samples import give_10
from wordmouth.project.asgi import Application, build
from wordmouth.stores import sets, versions
from wordmouth.stores.facts import Created
from wordmouth.stores.transactions import store_write
from wordmouth.visits import links

WAITING = 40


@pytest.fixture
def application(shop: Created) -> Application:
    with store_write(shop.store.id):
        programs.apply_document(give_10(), by="test")
    return build(worker=False)


@pytest.fixture
def server(application: Application) -> Iterator[Client]:
    with living(application) as client:
        yield client


def groups_of(
    server: Client, application: Application, requests: list[Request], monkeypatch: Any
) -> list[dict[str, int]]:
    """The transactions for requests of which all but the first wait for the first one's commit:
    rows by statement."""
    groups: list[dict[str, int]] = []
    release = threading.Event()
    kind = PromptSqlite if connection.vendor == "sqlite" else PromptPostgres
    real = kind.write

    async def noted(self: Any, work: Any) -> None:
        groups.append({statement: len(rows) for statement, rows in work.items()})
        await asyncio.to_thread(release.wait, PATIENCE)
        await real(self, work)

    monkeypatch.setattr(kind, "write", noted)
    begun = [server.begin(requests[0])]
    until(lambda: groups)
    begun += [server.begin(request) for request in requests[1:]]
    until(lambda: len(application._doors.writer._waiting) == len(requests) - 1)
    release.set()
    assert all(future.result(PATIENCE).status in (202, 302) for future in begun)
    return groups


def test_clicks_that_wait_together_are_one_statement_and_one_commit(
    application, server, shop, monkeypatch
):
    ana = enrol(shop.store)
    requests = [Request("GET", f"/r/{ana.code}", {"user-agent": PHONE})] * WAITING
    first, rest = groups_of(server, application, requests, monkeypatch)
    assert list(first.values()) == [1]
    assert list(rest.values()) == [WAITING - 1]


def test_deliveries_that_wait_together_are_one_statement_and_one_commit(
    application, server, shop, monkeypatch
):
    path = f"/in/{shop.store.id}/generic"
    requests = []
    for number in range(WAITING):
        body = order_body(str(number))
        headers = signed(shop.webhook_secret, body, f"msg_{number}")
        requests.append(Request("POST", path, headers, body))
    first, rest = groups_of(server, application, requests, monkeypatch)
    assert list(first.values()) == [1]
    assert list(rest.values()) == [WAITING - 1]


@pytest.mark.sqlite_only("reads what SQLite traces")
def test_a_group_is_one_transaction_of_the_database(tmp_path):
    database = SqliteDatabase(str(tmp_path / "group.sqlite3"))
    database.open()
    said: list[str] = []
    assert database._connection is not None
    database._connection.execute("CREATE TABLE t (n)")
    database._connection.set_trace_callback(said.append)
    database.write({"INSERT INTO t VALUES (?)": [(number,) for number in range(WAITING)]})
    database.close()
    assert (said[0], said[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    assert len(said) == WAITING + 2


HOT = {"links": links._LINKS, "owners": codes._OWNERS, "versions": versions._NUMBERS}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", HOT)
def test_every_hot_statement_stands_on_indexes(statement):
    sql = sets._complete(HOT[statement], connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", ['["ANA-1","BEN-2"]'])
            plan = [row[3] for row in cursor.fetchall()]
            scans = [step for step in plan if "SCAN" in step and "json_each" not in step]
        else:
            # Tables of a test are small enough to be read whole; that they need not be counts.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", [["ANA-1", "BEN-2"]])
            scans = [row[0] for row in cursor.fetchall() if "Seq Scan" in row[0]]
    assert scans == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql_only("SQLite plans in no time, and keeps what it has prepared by itself")
@pytest.mark.parametrize("statement", HOT.values(), ids=HOT)
def test_every_hot_statement_is_planned_once_whatever_the_keys(statement):
    connection.close()
    for number in range(1, 21):
        sets.read_set(statement, [f"ANA-{key}" for key in range(number)])
    asked = psycopg.Cursor(connection.connection).execute(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements "
        "WHERE statement = replace(%s, '{in_set}', '= ANY($1)')",
        [statement],
    )
    assert asked.fetchall() == [(20, 0)]
