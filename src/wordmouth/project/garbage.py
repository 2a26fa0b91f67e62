"""When Python looks for objects that hold each other and nobody else."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 50_000


def collect_seldom() -> None:
    """To be called once a process has loaded most of what it needs; those it makes do the same.

    By default Python looks after every 700 new objects, and a batch of orders makes some hundred
    thousand: it would spend a fifth of settling on looking through them in vain. What is loaded now
    stays for good and is not looked through again; so processes go on sharing its memory.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
