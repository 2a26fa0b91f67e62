"""`/readyz` is 200 only while this process can serve, and says in words what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.harness.asgi import Answer, Client, living
from wordmouth.project import asgi, upgrade
from wordmouth.project.doors import Doors, end_threads


@pytest.fixture
def doors(transactional_db: None) -> Doors:
    """The doors of one process, whose writer a test can end."""
    return Doors({}, wake=lambda: None)


def application(doors: Doors, unready: Callable[[], list[str]]) -> asgi.Application:
    """An application with these doors; Django's pages are not asked."""
    return asgi.Application(doors, lambda environ, start_response: [], unready, end_threads)


@pytest.fixture
def client(doors: Doors) -> Iterator[Client]:
    """The application with the question that the server asks."""
    with living(application(doors, asgi.unready)) as living_client:
        yield living_client


@pytest.fixture
def unapplied() -> Iterator[str]:
    """A migration that the database does not know to be applied: the newest of a room."""
    applied = MigrationRecorder(connection)
    newest = MigrationLoader(connection).graph.leaf_nodes("visits")[0]
    applied.record_unapplied(*newest)
    yield ".".join(newest)
    applied.record_applied(*newest)


def refused(answer: Answer) -> str:
    """The detail of a `not_ready` that nobody may keep."""
    assert answer.status == 503
    assert answer.header("content-type") == "application/problem+json"
    assert answer.header("cache-control") == "no-store"
    problem = answer.json()
    assert (problem["code"], problem["status"]) == ("not_ready", 503)
    return str(problem["detail"])


def test_all_is_well(client: Client) -> None:
    answer = client.request("GET", "/readyz")
    assert (answer.status, answer.json()) == (200, {"status": "ready"})


def test_a_migration_is_missing(
    client: Client, unapplied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade, "_done", False)
    waiting = len(upgrade.pending())
    assert unapplied in upgrade.pending()
    assert refused(client.request("GET", "/readyz")) == f"{waiting} migrations are to be applied."
    assert client.request("GET", "/healthz").status == 200


def test_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def pending() -> list[str]:
        raise OperationalError("connection refused at 10.1.2.3")

    with monkeypatch.context() as broken:
        broken.setattr(upgrade, "pending", pending)
        detail = refused(client.request("GET", "/readyz"))
        assert detail == "the database does not answer (OperationalError)."
        assert client.request("GET", "/healthz").status == 200
    assert client.request("GET", "/readyz").status == 200


def test_the_writer_is_not_running(client: Client, doors: Doors) -> None:
    doors.writer.close()
    assert refused(client.request("GET", "/readyz")) == "the writer is not running."
    assert client.request("GET", "/healthz").status == 200


def test_everything_that_is_missing_is_named(doors: Doors) -> None:
    with living(application(doors, lambda: ["one thing", "another"])) as client:
        doors.writer.close()
        detail = refused(client.request("GET", "/readyz"))
    assert detail == "one thing; another; the writer is not running."
