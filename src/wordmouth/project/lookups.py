"""The caches of the hot doors, and how what is not in them is looked up."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TypeAlias, TypeVar

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from wordmouth.kit import asgi
from wordmouth.kit.fresh import FreshCache, LookUp, VersionedCache, in_threads
from wordmouth.kit.prompt import NotNow
from wordmouth.stores import versions
from wordmouth.stores.sets import Read, SetReader

K = TypeVar("K")
V = TypeVar("V")
Load: TypeAlias = Callable[[Sequence[K]], Mapping[K, V]]
Ask: TypeAlias = Callable[[SetReader, Sequence[K]], Awaitable[Mapping[K, V] | None]]

_MOST_KEPT = 100_000
"""Of links about 40 MB; the rest of a million codes cost a look-up each, in sets."""
_MOST_AWAITED = 2_000


class LookUps:
    """Makes the caches of one process: `read` asks the database from the event loop, `executor`
    from threads."""

    def __init__(self, vendor: str, read: Read, executor: Executor) -> None:
        self._read = SetReader(vendor, read)
        self._executor = executor
        self._versions: FreshCache[str, int | None] = FreshCache(
            self._promptly(versions.numbers_now, versions.numbers),
            size=_MOST_KEPT,
            most_loads=_MOST_AWAITED,
        )

    def in_sets(self, ask: Ask[K, V], load: Load[K, V]) -> FreshCache[K, V]:
        """For what there are many of: `ask` looks a set up from the event loop (None: it cannot),
        `load` in a thread."""
        return self._kept(self._promptly(ask, load))

    def one_by_one(self, load: Callable[[K], V]) -> FreshCache[K, V]:
        """For what there are few of: a set is looked up key by key, in a thread."""
        return self._kept(self._patiently(lambda keys: {key: load(key) for key in keys}))

    def _patiently(self, load: Load[K, V]) -> LookUp[K, V]:
        return in_threads(_looked_up(load), self._executor)

    def _promptly(self, ask: Ask[K, V], load: Load[K, V]) -> LookUp[K, V]:
        patiently = self._patiently(load)

        async def look_up(keys: Sequence[K]) -> Mapping[K, V]:
            with contextlib.suppress(NotNow):
                answers = await ask(self._read, keys)
                if answers is not None:
                    return answers
            return await patiently(keys)

        return look_up

    def _kept(self, look_up: LookUp[K, V]) -> FreshCache[K, V]:
        return VersionedCache(
            look_up,
            self._versions,
            _stamp,
            size=_MOST_KEPT,
            most_loads=_MOST_AWAITED,
        )


def _looked_up(load: Load[K, V]) -> Load[K, V]:
    """`load` for a thread of its own: once more on a new connection where the old one does not
    answer any more, which nobody asks it before each look-up; 503 when there is none."""

    def safely(keys: Sequence[K]) -> Mapping[K, V]:
        with contextlib.suppress(DatabaseError):
            return load(keys)
        connection.close()
        try:
            return load(keys)
        except DatabaseError as error:
            connection.close()
            structlog.get_logger("doors").error("cannot look up", error=str(error))
            raise asgi.Unavailable("The database does not answer.", 2) from error

    return safely


def _stamp(answer: object) -> tuple[str, int] | None:
    """The version of an answer; what there is not has none, nor has a store's home."""
    return getattr(answer, "stamp", None)
