"""The only source of randomness: a port, so that a simulation can be replayed from one seed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_source: Callable[[int], bytes] = os.urandom


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
