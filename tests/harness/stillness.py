"""A moment that lasts as long as a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wordmouth.kit import clock


@pytest.fixture
def no_time_passes() -> Iterator[None]:
    """The clock stands, so that whoever has called too often wins no call back while a slow machine
    answers."""
    with clock.using(clock.SetClock(clock.now())):
        yield
