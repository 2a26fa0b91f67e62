"""A world for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wordmouth.payouts import registry


@pytest.fixture(autouse=True)
def services_as_before() -> Iterator[None]:
    """The payment services are those of before the test."""
    before = registry._factory
    yield
    registry.install(before)


@pytest.fixture
def standing():
    """A clock that stands still until it is moved."""
    from wordmouth.payouts.tests.world import set_clock

    with set_clock() as clock:
        yield clock


@pytest.fixture
def tea(db, standing):
    """A store whose programme pays out from 20 euros on."""
    from wordmouth.payouts.tests.world import World

    return World()
