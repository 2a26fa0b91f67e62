"""The only clock: a port that the process, a test or the demo may set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say what time it is, in UTC."""

    def now(self) -> datetime:
        """The current moment as an aware UTC datetime."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved; for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


_clock: Clock = SystemClock()


def install(clock: Clock) -> None:
    """Make `clock` the clock of this process."""
    global _clock
    _clock = clock


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _clock.now()


@contextmanager
def using(clock: Clock) -> Iterator[Clock]:
    """Run a block with another clock."""
    before = _clock
    install(clock)
    try:
        yield clock
    finally:
        install(before)
