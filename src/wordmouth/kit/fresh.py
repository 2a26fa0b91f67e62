"""A cache for what is asked on every request and changes seldom, never older than it promises."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Generic, TypeAlias, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

LookUp: TypeAlias = Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]
"""What answers for every key of a set. Called from the event loop."""

LARGEST_SET = 500
"""Keys that are looked up together; those that wait beyond it come with the next look-up."""


class Busy(Exception):
    """Too many different things are being looked up at once."""


def in_threads(load: Callable[[Sequence[K]], Mapping[K, V]], executor: Executor) -> LookUp[K, V]:
    """A look-up that is done in threads."""
    return lambda keys: asyncio.get_running_loop().run_in_executor(executor, load, keys)


class FreshCache(Generic[K, V]):
    """Answers of `look_up`, kept for at most `seconds` after it began.

    There is no timer: an idle cache
    looks up at once what one round of the event loop asks for, and what is missed while a look-up
    is under way is looked up together by the next one. Whatever it answers (also "there is none")
    is kept, an error is not: it is told to all of its set. A key that is asked for in the second
    half of its time is looked up again in the background, so a busy key never makes anybody wait.
    The `size` least recently used keys stay; more than `most_loads` keys do not wait. Use it from
    one event loop.
    """

    def __init__(
        self,
        look_up: LookUp[K, V],
        *,
        seconds: float = 1.0,
        size: int = 10_000,
        most_loads: int = 500,
    ) -> None:
        self._ask = look_up
        self._seconds = seconds
        self._size = size
        self._most_loads = most_loads
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._loading: dict[K, list[asyncio.Future[tuple[float, V]]]] = {}
        self._next: list[K] = []
        self._under_way = False

    async def get(self, key: K) -> V:
        """The answer for `key`. Raises what the look-up raises, and Busy."""
        return (await self.dated(key))[1]

    async def dated(self, key: K) -> tuple[float, V]:
        """The answer for `key` with the moment from which on it was true. Raises as `get`."""
        kept = self._kept.get(key)
        if kept is None:
            return await self._refresh(key)
        age = time.monotonic() - kept[0]
        if age > self._seconds:
            return await self._refresh(key)
        if age * 2 > self._seconds and key not in self._loading:
            self._start(key)
        return kept

    async def _refresh(self, key: K) -> tuple[float, V]:
        waiting = self._loading.get(key)
        if waiting is None:
            if len(self._loading) >= self._most_loads:
                raise Busy
            waiting = self._start(key)
        # Each has a future of its own: one who hangs up cancels nothing of the others.
        mine: asyncio.Future[tuple[float, V]] = asyncio.get_running_loop().create_future()
        waiting.append(mine)
        return await mine

    def _start(self, key: K) -> list[asyncio.Future[tuple[float, V]]]:
        """Look it up; who wants to be told adds a future to the list."""
        waiting: list[asyncio.Future[tuple[float, V]]] = []
        self._loading[key] = waiting
        self._next.append(key)
        if not self._under_way:
            # What else is asked for in this round of the event loop comes along.
            self._under_way = True
            asyncio.get_running_loop().call_soon(self._look_up)
        return waiting

    def _look_up(self) -> None:
        keys, self._next = self._next[:LARGEST_SET], self._next[LARGEST_SET:]
        began = time.monotonic()
        try:
            looking = asyncio.ensure_future(self._ask(keys))
        except RuntimeError as ended:
            # The executor takes nothing more: the process is ending.
            self._under_way = False
            self._fail(keys, ended)
            return
        looking.add_done_callback(partial(self._finish, keys, began))

    def _finish(self, keys: list[K], began: float, done: asyncio.Future[Mapping[K, V]]) -> None:
        try:
            answers = done.result()
            found = [(key, answers[key]) for key in keys]
        except BaseException as error:  # noqa: BLE001 - told to those who asked
            self._fail(keys, error)
        else:
            for key, answer in found:
                self._keep(key, began, answer)
                for waiting in self._loading.pop(key):
                    if not waiting.done():
                        waiting.set_result((began, answer))
        self._under_way = bool(self._next)
        if self._next:
            self._look_up()

    def _fail(self, keys: list[K], error: BaseException) -> None:
        for key in keys:
            for waiting in self._loading.pop(key):
                if not waiting.done():
                    waiting.set_exception(error)

    def _keep(self, key: K, began: float, answer: V) -> None:
        self._kept[key] = (began, answer)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)


class VersionedCache(FreshCache[K, V]):
    """A FreshCache whose answers are kept for as long as their version holds.

    `stamp` tells which version an answer has: whose, and the number that was read before or
    together with it; None for an answer without one, which is kept for `seconds`. `versions`
    looks up the numbers of today: one look-up for all answers of one owner, so that what is
    asked for often is hardly ever looked up again, and nothing is older than `versions` promises.
    """

    def __init__(
        self,
        look_up: LookUp[K, V],
        versions: FreshCache[str, int | None],
        stamp: Callable[[V], tuple[str, int] | None],
        *,
        seconds: float = 1.0,
        size: int = 10_000,
        most_loads: int = 500,
    ) -> None:
        super().__init__(look_up, seconds=seconds, size=size, most_loads=most_loads)
        self._versions = versions
        self._stamp = stamp

    async def dated(self, key: K) -> tuple[float, V]:
        """The answer for `key` with the moment from which on it was true. Raises as `get`, and
        what the look-up of versions raises."""
        kept = self._kept.get(key)
        if kept is None:
            return await self._refresh(key)
        began, answer = kept
        age = time.monotonic() - began
        if age * 2 <= self._seconds:
            return kept
        stamp = self._stamp(answer)
        if stamp is None:
            return await super().dated(key)
        checked, number = await self._versions.dated(stamp[0])
        if number == stamp[1]:
            self._keep(key, max(began, checked), answer)
            return self._kept[key]
        if checked <= began and age <= self._seconds:
            # The version was read before the answer, and the answer is new enough by itself.
            return kept
        return await self._refresh(key)
