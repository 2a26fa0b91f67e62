"""The harness keeps its promises: what is skipped, what fails, what runs on which database."""

import re
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest

from tests.floor_plan.plan import ROOT
from tests.harness import browser, selection
from tests.harness.environment import chosen_database
from tests.harness.migrations import left_behind, walking
from tests.harness.patience import until
from tests.harness.postgres import PostgresServer
from tests.harness.selection import uses_database


@pytest.mark.browser
def test_a_missing_browser_is_a_skip_here_and_a_failure_under_ci(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "chromium", lambda: None)
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        browser.pytest_runtest_setup(request.node)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        browser.pytest_runtest_setup(request.node)


@pytest.mark.browser
def test_the_browser_sees_accessibility_and_overflow(page) -> None:
    page.set_content("<html lang=en><title>A</title><main><h1>A</h1></main></html>")
    browser.assert_accessible(page)
    browser.assert_no_sideways_scroll(page)
    page.set_content("<html><main style='width: 3000px'><img src='data:,'></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        browser.assert_accessible(page)
    with pytest.raises(AssertionError, match="px wide"):
        browser.assert_no_sideways_scroll(page)


@pytest.mark.browser
def test_pages_reach_no_other_machine(page) -> None:
    with pytest.raises(Exception, match="ERR_FAILED"):
        page.goto("http://192.0.2.1/")


@pytest.mark.parametrize("fixture", ["db", "database_url", "program_environment"])
def test_a_test_with_a_database_fixture_uses_a_database(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    assert not uses_database(request.node)
    request.node.fixturenames.append(fixture)
    assert uses_database(request.node)
    request.node.fixturenames.remove(fixture)


@pytest.mark.sqlite_only("shows that the marker works")
def test_runs_on_sqlite_only() -> None:
    assert chosen_database() == "sqlite"


@pytest.mark.database
@pytest.mark.postgresql_only("shows that the marker works")
def test_runs_on_postgresql_only(database_url: str) -> None:
    assert chosen_database() == "postgresql"
    with psycopg.connect(database_url) as connection:
        assert connection.info.server_version >= 180000


def test_a_marker_without_a_reason_is_refused(request: pytest.FixtureRequest) -> None:
    request.node.add_marker(pytest.mark.sqlite_only)
    with pytest.raises(pytest.UsageError, match="must say why"):
        selection.pytest_collection_modifyitems(request.config, [request.node])


def test_an_unknown_database_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDMOUTH_TEST_DB", "oracle")
    with pytest.raises(SystemExit, match="sqlite or postgresql"):
        chosen_database()


@pytest.mark.postgresql_only("starts a server; once is enough")
@pytest.mark.database
def test_a_server_ends_with_the_run_that_is_killed() -> None:
    code = (
        "import time; from tests.harness.postgres import PostgresServer;"
        "s = PostgresServer(); print(s.start(), s._folder, flush=True); time.sleep(3600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        url, folder = run.stdout.readline().split()
        run.send_signal(signal.SIGKILL)

    def refuses() -> bool:
        try:
            psycopg.connect(url, connect_timeout=20).close()
        except psycopg.OperationalError:
            return True
        return False

    until(refuses)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.harness import postgres

    monkeypatch.setattr(postgres, "_FAST", ("no_such_setting=on",))
    with pytest.raises(RuntimeError, match="no_such_setting"):
        PostgresServer().start()


@pytest.mark.django_db(transaction=True)
def test_a_walk_through_migrations_ends_at_the_newest_of_all_rooms() -> None:
    with pytest.raises(ZeroDivisionError):
        _walk_and_fall()
    assert left_behind() == []


def _walk_and_fall() -> None:
    with walking() as migrate:
        migrate([("rewards", None)])
        rooms = {name.partition(".")[0] for name in left_behind()}
        assert {"rewards", "fulfilment"} <= rooms
        raise ZeroDivisionError


def test_every_walk_through_migrations_is_the_harness_own() -> None:
    """One that a test makes for itself may end elsewhere, and the tests after it fail for that."""
    walks = re.compile(r"^\s*from django\.db\.migrations\.executor", re.MULTILINE)
    makers = [
        str(path.relative_to(ROOT))
        for folder in ("src", "tests")
        for path in sorted((ROOT / folder).rglob("test_*.py"))
        if walks.search(path.read_text())
    ]
    assert makers == ["tests/floor_plan/test_migrations.py"], "that one's databases are its own"
