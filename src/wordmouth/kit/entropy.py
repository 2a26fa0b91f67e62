"""The only source of randomness: a port, so that a simulation can be replayed from one seed."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_AHEAD = 1024


class _Drawn(threading.local):
    """Bytes that were drawn ahead for one thread; each is given once.

    To ask the system for a few bytes lets all other threads go first, and a thread of a busy
    process waits long for its next turn.
    """

    left = b""

    def take(self, count: int) -> bytes:
        if len(self.left) < count:
            self.left = os.urandom(max(count, _AHEAD))
        taken, self.left = self.left[:count], self.left[count:]
        return taken


_drawn = _Drawn()


def _forget() -> None:
    """A process that was forked must not give what its parent gives as well."""
    global _drawn
    _drawn = _Drawn()


os.register_at_fork(after_in_child=_forget)


def _from_the_system(count: int) -> bytes:
    return _drawn.take(count)


_source: Callable[[int], bytes] = _from_the_system


def random_bytes(count: int) -> bytes:
    """`count` unpredictable bytes (predictable only under `seeded`)."""
    return _source(count)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Run a block with randomness drawn from `seed`; for simulations and tests only."""
    global _source
    before = _source
    _source = random.Random(seed).randbytes  # noqa: S311 - predictable is what it is for
    try:
        yield
    finally:
        _source = before
