"""How long tests wait for what must happen.

No test asserts how quick something is: on a slow or busy machine everything takes ten times as
long and is right all the same. A deadline only ends what hangs. Where a promise is about time, a
test moves the time itself (`Watch`, or `wordmouth.kit.clock.SetClock`).
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds after which what has still not happened is taken to hang."""
START_SECONDS = 240.0
"""The same for a program that starts, which may first make a database."""


def until(condition: Callable[[], object], said: Callable[[], str] = str) -> None:
    """Wait for the condition; fails when that takes longer than anybody's patience, with what
    is `said` then."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {said()}"
        time.sleep(0.02)


class Watch:
    """Takes the place of `time` in a module that measures durations: it stands still until it
    is moved."""

    def __init__(self) -> None:
        self._at = 1000.0

    def monotonic(self) -> float:
        """Seconds since some moment in the past."""
        return self._at

    def move(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._at += seconds
