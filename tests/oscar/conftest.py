"""One engine and one shop for all tests here: starting them is most of the work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.databases import environment_for, fresh_database
from tests.oscar.people import Staff
from tests.oscar.running import Pair, connected


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """The engine, on a database of the run's kind, and the shop, on its own."""
    folder = tmp_path_factory.mktemp("oscar")
    with fresh_database(folder) as url, connected(environment_for(url, folder), folder) as both:
        yield both


@pytest.fixture(scope="package")
def staff(pair: Pair) -> Staff:
    """The shop's staff, logged in."""
    return Staff(pair)
