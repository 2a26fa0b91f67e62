"""The real server: granian, doors, Django and worker, in a process group of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.harness.asgi import PHONE
from tests.harness.patience import PATIENCE, START_SECONDS, until
from tests.harness.server import Server, python
from wordmouth.project import upgrade

SCRIPT = Path(__file__).parent / "serve.py"


@pytest.fixture
def server(program_environment, tmp_path):
    running = Server(python(SCRIPT), program_environment, tmp_path / "log")
    yield running
    running.kill()


@pytest.fixture
def first_server(empty_environment, tmp_path):
    running = Server(python(SCRIPT), empty_environment, tmp_path / "log")
    yield running
    running.kill()


def raw(port: int, request: bytes) -> bytes:
    """Send bytes as they are and read until the server closes or has told all its headers."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer and (part := connection.recv(65536)):
            answer += part
        return answer


def has_ended(server: Server) -> None:
    """No process may be left."""
    until(lambda: not server.alive(), server.said)


@pytest.mark.database
def test_it_migrates_answers_ends_and_starts_again(first_server):
    server = first_server
    server.start()
    assert server.get("/healthz")[0] == 200
    status, headers, body = server.get("/r/NOBODY-123", user_agent=PHONE)
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"does not lead anywhere" in body
    assert server.get("/api/v1/openapi.json")[0] == 200
    assert server.get("/s/nobody")[0] == 404
    for path in ("/in/%ff%fe", "/r/%00", "/s/%ff?a=%ff", "/%2e%2e/x"):
        assert server.get(path)[0] in (400, 404, 405), path
    strange = raw(server.port, b"GET /s/x?a=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n")
    assert strange.split(b" ")[1] in (b"400", b"404")
    post = b"POST /in/x/generic HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert raw(server.port, post + b"5\r\nhello\r\n0\r\n\r\n").startswith(b"HTTP/1.1 404")
    assert server.stop() == 0
    has_ended(server)
    server.start()
    assert server.stop(signal.SIGINT) == 0
    has_ended(server)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop for Windows")
def test_the_event_loop_is_uvloop(server):
    server.start()
    assert "event loop: uvloop" in server.said()
    assert server.stop() == 0


@pytest.mark.database
@pytest.mark.skipif(not os.path.exists("/proc"), reason="needs Linux: it reads /proc")
def test_no_process_outlives_the_first(server):
    server.start()
    os.kill(server.group, signal.SIGKILL)
    has_ended(server)


def run(environment: dict[str, str], port: str = "1") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*python(SCRIPT), port],
        env=environment,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )


@pytest.mark.sqlite_only("the setting concerns SQLite")
def test_sqlite_takes_one_process(program_environment):
    done = run({**program_environment, "WORDMOUTH_WORKERS": "2"})
    assert done.returncode != 0
    assert "SQLite has one writer and takes 1" in done.stderr


@pytest.mark.postgresql_only("SQLite takes one process")
@pytest.mark.database
def test_postgresql_takes_several_processes(server):
    server._environment["WORDMOUTH_WORKERS"] = "2"
    server.start()

    def processes() -> int:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "-g", str(server.group)], capture_output=True, text=True
        )
        return len(listed.stdout.split())

    until(lambda: processes() == 3, server.said)
    assert server.stop() == 0


@pytest.mark.sqlite_only("one example of a database that cannot be used is enough")
def test_a_database_that_cannot_be_used_is_said_in_words(program_environment):
    program_environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    done = run(program_environment)
    assert done.returncode != 0
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_the_database_of_a_newer_version_is_left_alone():
    upgrade.migrate()
    MigrationRecorder(connection).record_applied("orders", "0999_of_the_future")
    with pytest.raises(upgrade.DatabaseTooNew, match=r"\(it has orders.0999_of_the_future\)"):
        upgrade.migrate()


@pytest.mark.django_db
def test_what_is_still_to_be_applied_is_named(monkeypatch):
    monkeypatch.setattr(upgrade, "_done", False)
    assert upgrade.pending() == []
    monkeypatch.setattr(upgrade, "_done", False)
    newest = MigrationLoader(connection).graph.leaf_nodes("visits")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert ".".join(newest) in upgrade.pending()


@pytest.mark.database
def test_processes_that_start_together_migrate_once(empty_environment):
    starting = [
        subprocess.Popen(
            [
                *python("-c")[:1],
                "-c",
                "from wordmouth.project.serve import prepare; prepare(); print('ready')",
            ],
            env=empty_environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in starting:
        out, err = process.communicate(timeout=START_SECONDS)
        assert (process.returncode, out.strip()) == (0, "ready"), err
