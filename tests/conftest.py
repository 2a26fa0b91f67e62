"""What the whole-product tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world import START, World
from wordmouth.kit import clock


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A store with a live programme, at the start of the test's time."""
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield World(watch)
