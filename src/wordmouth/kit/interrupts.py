"""Waiting for what the operating system tells a process."""

from __future__ import annotations

import signal
from queue import SimpleQueue


def listen_for(*numbers: signal.Signals) -> SimpleQueue[int]:
    """A queue that gets each of these signals from now on. Call it in the main thread.

    Not a `threading.Event`: a signal that comes just as the main thread begins to wait for one is
    handled in that thread, which then waits for ever for the lock that it holds.
    """
    told: SimpleQueue[int] = SimpleQueue()
    for number in numbers:
        signal.signal(number, lambda number, _: told.put(number))
    return told
