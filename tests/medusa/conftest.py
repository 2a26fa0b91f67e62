"""One engine and one shop for all tests here: starting them is most of the work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.databases import environment_for, fresh_database
from tests.medusa.people import Staff
from tests.medusa.running import BUILT, MedusaShops, connected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(BUILT):
        return
    why = pytest.mark.skip(reason="a real Medusa is installed and asked by `make test-shops`")
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(why)


@pytest.fixture(scope="package")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MedusaShops]:
    """The engine and the shop, each on a database of its own."""
    folder = tmp_path_factory.mktemp("medusa")
    with fresh_database(folder) as url, connected(environment_for(url, folder), folder) as both:
        yield both


@pytest.fixture(scope="package")
def staff(shops: MedusaShops) -> Staff:
    """The shop's staff."""
    return Staff(shops.shop, shops.keys)
