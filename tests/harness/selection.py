"""Which tests run: all on SQLite, those that use a database again on PostgreSQL.

`--database-tests` keeps only the tests that use a database. `sqlite_only(reason)` and
`postgresql_only(reason)` keep a test to one of the two. Browser tests run once, on SQLite.

And in which order: what takes long goes first, so that all processes of a run end at about the
same time.
"""

import pytest
from django.test import TransactionTestCase

from tests.harness.environment import chosen_database

_DATABASE_FIXTURES = {
    "database_url",
    "db",
    "django_db_setup",
    "live_server",
    "program_environment",
    "transactional_db",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-tests", action="store_true", help="run only the tests that use a database"
    )


def pytest_report_header() -> str:
    return f"database: {chosen_database()}"


def uses_database(item: pytest.Item) -> bool:
    """Say whether a test can come out differently on another database."""
    if item.get_closest_marker("django_db") or item.get_closest_marker("database"):
        return True
    if isinstance(item, pytest.Function):
        if item.cls is not None and issubclass(item.cls, TransactionTestCase):
            return True
        return bool(_DATABASE_FIXTURES.intersection(item.fixturenames))
    return False


def _belongs(item: pytest.Item, database: str, database_tests: bool) -> bool:
    other = "postgresql_only" if database == "sqlite" else "sqlite_only"
    if item.get_closest_marker(other) is not None:
        return False
    if not database_tests:
        return True
    return uses_database(item) and not _needs_a_browser(item)


def _require_reasons(item: pytest.Item) -> None:
    for name in ("sqlite_only", "postgresql_only"):
        marker = item.get_closest_marker(name)
        if marker is not None and not (marker.args or marker.kwargs):
            raise pytest.UsageError(f"{item.nodeid}: {name} must say why: {name}(reason)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database = chosen_database()
    database_tests = bool(config.getoption("--database-tests"))
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        _require_reasons(item)
        (kept if _belongs(item, database, database_tests) else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool, bool, bool]:
    """By what the tests are sorted: those that take long go first, then those of the whole
    product. First of all are the two that share an engine and a shop, since one process gets the
    first two tests. Browser tests go last: their driver keeps an event loop running in the tests'
    thread."""
    of_the_whole = item.path.is_relative_to(item.config.rootpath / "tests")
    shares = "pair" in getattr(item, "fixturenames", ())
    return _needs_a_browser(item), not shares, not _takes_long(item), not of_the_whole


def _needs_a_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def _takes_long(item: pytest.Item) -> bool:
    """A test that takes long says itself how long it may take."""
    return item.get_closest_marker("timeout") is not None
