"""One engine and one shop for all tests here: starting them is most of the work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.databases import environment_for, fresh_database
from tests.vendure.people import Staff
from tests.vendure.running import BUILT, Shops, connected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(BUILT):
        return
    why = pytest.mark.skip(reason="a real Vendure is installed and asked by `make test-shops`")
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(why)


@pytest.fixture(scope="package")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shops]:
    """The engine, on a database of the run's kind, and the shop, on its own."""
    folder = tmp_path_factory.mktemp("vendure")
    with fresh_database(folder) as url, connected(environment_for(url, folder), folder) as both:
        yield both


@pytest.fixture(scope="package")
def staff(shops: Shops) -> Staff:
    """The shop's staff, logged in."""
    return Staff(shops.shop)
