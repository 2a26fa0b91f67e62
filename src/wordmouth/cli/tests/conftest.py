"""The command line for the tests of this room."""

from typing import Any

import pytest

from wordmouth.cli.tests.door import Door


@pytest.fixture
def door(db) -> Door:
    """The commands, run in this process on the test's database."""
    return Door()


@pytest.fixture
def made(door: Door) -> Any:
    """A store that was made by the command line."""
    return door.facts("store", "create", "Tea House", "--currency", "eur")
