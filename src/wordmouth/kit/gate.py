"""A queue for threads that may only act one at a time: whoever came first goes first.

The standard library's locks are not fair: a thread that lets go and asks again at once usually
gets the lock again, and one that waits beside it may wait for seconds.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType

_HANDED_OVER = -1


class FairGate:
    """A lock to be used by `with`: first come, first served; the holder may enter it again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._holder: int | None = None
        self._depth = 0
        self._queue: deque[threading.Lock] = deque()

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it just now."""
        return bool(self._queue)

    def __enter__(self) -> FairGate:
        me = threading.get_ident()
        with self._guard:
            if self._holder in (None, me):
                self._holder = me
                self._depth += 1
                return self
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
        try:
            turn.acquire()
        except BaseException:
            self._give_up(turn)
            raise
        self._holder, self._depth = me, 1
        return self

    def enter_now(self) -> bool:
        """Enter if nobody is inside or waits; whoever did has to `leave`."""
        with self._guard:
            if self._holder is not None or self._queue:
                return False
            self._holder = threading.get_ident()
            self._depth = 1
            return True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """What the end of a `with` block does."""
        with self._guard:
            self._depth -= 1
            if not self._depth:
                self._pass_on()

    def _pass_on(self) -> None:
        """Hand the gate to the next in the queue, so that nobody can slip in between."""
        if self._queue:
            self._holder = _HANDED_OVER
            self._queue.popleft().release()
        else:
            self._holder = None

    def _give_up(self, turn: threading.Lock) -> None:
        """Leave the queue; if the gate was handed over meanwhile, pass it on."""
        with self._guard:
            if turn in self._queue:
                self._queue.remove(turn)
            else:
                self._pass_on()
