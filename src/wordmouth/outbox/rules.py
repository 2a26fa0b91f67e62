"""How long to wait before the next try. Pure."""

from __future__ import annotations

from datetime import timedelta

LEASE = timedelta(seconds=60)
"""How long a worker may hold an effect; every outside call must end well before."""

PER_STORE = 2
"""How many effects of one store are in flight at once; a shop is not to be flooded either."""

BACKOFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=12),
    timedelta(hours=12),
    timedelta(hours=2),
)
"""The pauses between tries; together a little over 48 hours, the last try included."""

JITTER = 0.1
LONGEST_PAUSE = timedelta(hours=24)


def pause(attempts: int, retry_after: float | None, noise: float) -> timedelta | None:
    """How long to wait after the try number `attempts` failed; None: give up.

    `retry_after` (seconds) is what the outside asked for: it prolongs the pause, up to a day,
    and never shortens it. `noise` from 0 to 1 spreads the tries of many effects over a tenth of
    the pause, so that they do not come back all at once.
    """
    if attempts > len(BACKOFF):
        return None
    step = BACKOFF[max(attempts, 1) - 1]
    if retry_after is not None:
        step = max(step, min(timedelta(seconds=max(retry_after, 0.0)), LONGEST_PAUSE))
    return step * (1 + JITTER * noise)
