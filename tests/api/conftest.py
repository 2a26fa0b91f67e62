from collections.abc import Iterator

import pytest

from tests.api.world import NOW, Api, World
from wordmouth.api import limits
from wordmouth.kit import clock


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Nobody has called yet."""
    for limit in limits.ALL:
        limit.reset()


@pytest.fixture
def set_clock() -> Iterator[clock.SetClock]:
    """A clock that stands still until it is moved."""
    with clock.using(clock.SetClock(NOW)) as found:
        assert isinstance(found, clock.SetClock)
        yield found


@pytest.fixture
def world(db: None, set_clock: clock.SetClock) -> World:
    return World("acme")


@pytest.fixture
def api(world: World) -> Api:
    return world.api
