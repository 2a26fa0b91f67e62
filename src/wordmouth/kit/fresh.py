"""A cache for what is asked on every request and changes seldom, never older than it promises."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Busy(Exception):
    """Too many different things are being looked up at once."""


class FreshCache(Generic[K, V]):
    """Answers of `load`, kept for at most `seconds` after the look-up began.

    `load` runs in `executor`, once for all who ask for the same key at the same time; whatever it
    answers (also "there is none") is kept, an error is not. A key that is asked for in the second
    half of its time is looked up again in the background, so a busy key never makes anybody
    wait. The `size` least recently used keys stay. Use it from one event loop.
    """

    def __init__(
        self,
        load: Callable[[K], V],
        executor: Executor,
        *,
        seconds: float = 1.0,
        size: int = 10_000,
        most_loads: int = 500,
    ) -> None:
        self._load = load
        self._executor = executor
        self._seconds = seconds
        self._size = size
        self._most_loads = most_loads
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._loading: dict[K, asyncio.Future[V]] = {}

    async def get(self, key: K) -> V:
        """The answer for `key`. Raises what `load` raises, and Busy."""
        kept = self._kept.get(key)
        if kept is None:
            return await self._refresh(key)
        age = time.monotonic() - kept[0]
        if age > self._seconds:
            return await self._refresh(key)
        if age * 2 > self._seconds and key not in self._loading:
            self._start(key)
        return kept[1]

    async def _refresh(self, key: K) -> V:
        loading = self._loading.get(key)
        if loading is None:
            if len(self._loading) >= self._most_loads:
                raise Busy
            loading = self._start(key)
        # One who hangs up must not cancel the look-up for the others.
        return await asyncio.shield(loading)

    def _start(self, key: K) -> asyncio.Future[V]:
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        loading = loop.run_in_executor(self._executor, self._load, key)
        self._loading[key] = loading
        loading.add_done_callback(lambda done: self._finish(key, began, done))
        return loading

    def _finish(self, key: K, began: float, done: asyncio.Future[V]) -> None:
        self._loading.pop(key, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[key] = (began, done.result())
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
