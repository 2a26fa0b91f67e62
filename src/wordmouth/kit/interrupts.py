"""Waiting for what the operating system tells a process, without missing it.

A handler that sets a `threading.Event`, or puts into a queue, can be called just as the main thread
begins to wait: under the lock that it needs, or a moment after the last look. Then nobody wakes it.
Signals that are held back are there when they are asked for.
"""

from __future__ import annotations

import signal


def hold_back(*numbers: signal.Signals) -> None:
    """Let these wait until they are asked for, in this thread and in those that it starts."""
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def next_of(*numbers: signal.Signals) -> signal.Signals:
    """Wait for the next of these, which are held back."""
    return signal.Signals(signal.sigwait(numbers))
