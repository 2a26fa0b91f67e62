"""A store with a live programme, for any test that wants one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A store with a live programme, at the start of the test's time."""
    from tests.world import START, World
    from wordmouth.kit import clock

    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield World(watch)


@pytest.fixture
def able() -> Iterator[None]:
    """Every kind of reward can be carried out in every store."""
    from typing import get_args

    from wordmouth.programs import ports
    from wordmouth.programs.document import Kind

    everything = ports.Abilities(adapter="test", kinds=frozenset(get_args(Kind)))
    before = ports.install(lambda store_id: everything)
    yield
    ports.install(before)
