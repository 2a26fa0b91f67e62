"""One background thread per process that sends pending snapshots after a commit.

It exists only while something is pending, so a shop that runs no cron job loses nothing as long
as it is visited; the ``wordmouth_flush`` command covers the process that ends too early.
"""

import logging
import os
import threading
from collections.abc import Callable

from django.db import connections

log = logging.getLogger("wordmouth_oscar")

FIRST_SLEEP_AFTER_TROUBLE = 5.0
LONGEST_SLEEP = 60.0


class Trouble(Exception):
    """The engine is not available; try again later."""


class Flusher:
    """Runs ``work`` in a daemon thread: when kicked, and when something falls due.

    ``work`` sends what is due and returns the seconds until the next is due, or None if nothing
    is pending any more. It raises Trouble if there is no point in going on at once.
    """

    def __init__(self, work: Callable[[], float | None]) -> None:
        self._work = work
        self._reset()
        # A forked worker inherits the lock, perhaps held, but not the thread.
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._troubles = 0

    def kick(self) -> None:
        """Make sure that what was just committed is sent soon. Returns at once."""
        with self._lock:
            self._wake.set()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="wordmouth-flush", daemon=True
                )
                self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait until nothing is pending any more; False if that takes longer."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        try:
            sleep: float | None = 0.0
            while sleep is not None:
                self._wake.wait(sleep)
                self._wake.clear()
                sleep = self._once()
        finally:
            connections.close_all()

    def _once(self) -> float | None:
        """Work once; return the seconds to sleep, None to end the thread."""
        try:
            due_in = self._work()
        except Exception as error:
            # Trouble is the engine's; anything else is the shop's (its database, an extension).
            # Nothing is lost either way: the rows are still there.
            if not isinstance(error, Trouble):
                log.exception("sending pending snapshots failed; trying again")
                connections.close_all()
            self._troubles += 1
            doubled = FIRST_SLEEP_AFTER_TROUBLE * (1 << min(self._troubles - 1, 6))
            return min(doubled, LONGEST_SLEEP)
        self._troubles = 0
        if due_in is not None:
            return min(max(due_in, 0.05), LONGEST_SLEEP)
        with self._lock:
            if self._wake.is_set():
                return 0.0
            self._thread = None
        return None
