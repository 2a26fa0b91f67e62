"""The command line for the tests of this room."""

import pytest

from wordmouth.cli.tests.door import Door


@pytest.fixture
def door(db) -> Door:
    """The commands, run in this process on the test's database."""
    return Door()


@pytest.fixture
def made(door: Door) -> dict[str, str]:
    """A store that was made by the command line."""
    return door.facts("store", "create", "Tea House", "--currency", "eur")
