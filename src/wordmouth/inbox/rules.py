"""When a delivery that could not be settled is tried again."""

from __future__ import annotations

from datetime import timedelta

_WAITS = (5, 30, 120, 600, 1800, 3600, 10800)
MOST_ATTEMPTS = len(_WAITS) + 1


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failure (1 to 7); None: give up (the eighth)."""
    if attempts > len(_WAITS):
        return None
    return timedelta(seconds=_WAITS[attempts - 1])
