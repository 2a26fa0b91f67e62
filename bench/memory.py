"""How much memory trees of processes hold."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.cpu import processes, tree

_BETWEEN_SAMPLES = 0.2


class Memory(NamedTuple):
    """Bytes of all processes together: `rss` counts what they share once for each of them, `pss`
    once."""

    rss: int
    pss: int


def held(root: int) -> Memory:
    """The memory of a process and all that descend from it."""
    rss = pss = 0
    for number in tree([root], processes()):
        try:
            told = Path(f"/proc/{number}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has just ended.
        for line in told.splitlines():
            name, _, value = line.partition(":")
            if name == "Rss":
                rss += int(value.split()[0]) * 1024
            elif name == "Pss":
                pss += int(value.split()[0]) * 1024
    return Memory(rss, pss)


class Peak:
    """The most that was seen so far, each figure by itself."""

    def __init__(self, first: Memory) -> None:
        self.most = first

    def see(self, now: Memory) -> None:
        """Take one more look into account."""
        self.most = Memory(max(self.most.rss, now.rss), max(self.most.pss, now.pss))


@contextmanager
def watched(root: int) -> Iterator[Peak]:
    """Look at the memory again and again for the length of the block."""
    peak, over = Peak(held(root)), threading.Event()

    def look() -> None:
        while not over.wait(_BETWEEN_SAMPLES):
            peak.see(held(root))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield peak
    finally:
        over.set()
        watching.join()
