"""The hot doors put together: writer, caches and doors, for one process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from wordmouth.api import codes
from wordmouth.api.doors import CodeDoor
from wordmouth.inbox.doors import Access, DeliveryDoor
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.kit import asgi
from wordmouth.kit.errors import NotFound
from wordmouth.kit.fresh import FreshCache, VersionedCache
from wordmouth.kit.group_commit import GroupWriter
from wordmouth.kit.lanes import Lanes
from wordmouth.project import headers
from wordmouth.project.adapters import ADAPTERS
from wordmouth.project.durable import durable_database
from wordmouth.storefront.doors import WidgetDoor
from wordmouth.storefront.widget import configuration
from wordmouth.stores import queries as stores
from wordmouth.stores import versions
from wordmouth.visits.doors import ClickDoor
from wordmouth.visits.links import find_home, find_links

K = TypeVar("K")
V = TypeVar("V")

_LOOK_UPS = 4
_MOST_KEPT = 100_000
"""Of links about 40 MB; the rest of a million codes cost a look-up each, in sets."""
_MOST_AWAITED = 2_000
_STOP_SECONDS = 20
_LANES, _ROOM = 16, 1024
"""Of clicks, and of deliveries, while several stores have visitors; and how many wait for one."""


def looked_up(
    load: Callable[[Sequence[K]], Mapping[K, V]],
) -> Callable[[Sequence[K]], Mapping[K, V]]:
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
            _report("cannot look up", error)
            raise asgi.Unavailable("The database does not answer.", 2) from error

    return safely


def one_by_one(load: Callable[[K], V]) -> Callable[[Sequence[K]], Mapping[K, V]]:
    """For what there are few of: a set is looked up key by key."""
    return lambda keys: {key: load(key) for key in keys}


def load_access(key: tuple[str, str]) -> Access:
    """Whose keys open the delivery door for a store and an adapter."""
    store_id, adapter = key
    stamp = versions.stamp_of(store_id)
    found = stores.connection(store_id, adapter)
    if found is not None:
        return Access(store=True, keys=ADAPTERS[adapter].keys(found), stamp=stamp)
    try:
        stores.store(store_id)
    except NotFound:
        return Access(store=False)
    return Access(store=True, stamp=stamp)


class Doors:
    """All doors with what they stand on. `start` before the first request, `stop` at the end."""

    def __init__(
        self,
        verifiers: dict[str, DeliveryVerifier],
        wake: Callable[[], None],
        writer: GroupWriter | None = None,
    ) -> None:
        self.writer = writer or GroupWriter(durable_database(), report=_report)
        self.executor = ThreadPoolExecutor(_LOOK_UPS, thread_name_prefix="look-up")
        self._versions = FreshCache(
            looked_up(versions.numbers), self.executor, size=_MOST_KEPT, most_loads=_MOST_AWAITED
        )
        site = settings.SITE_URL
        lanes = Lanes(_LANES, _ROOM)
        self.deliveries = DeliveryDoor(
            self.writer,
            connection.vendor,
            verifiers,
            lanes,
            self._kept(one_by_one(load_access)),
            wake,
        )
        common = headers.of_every_answer()
        self.codes = CodeDoor(
            self._kept(codes.find_owners),
            self._kept(one_by_one(codes.find_face)),
            common,
            headers.language_of,
            settings.PROXY_HOPS,
        )
        self.widgets = WidgetDoor(
            self._kept(one_by_one(lambda key: configuration(*key))), common, headers.language_of
        )
        self.clicks = ClickDoor(
            self.writer,
            connection.vendor,
            lanes,
            self._kept(lambda codes: find_links(codes, site)),
            self._kept(one_by_one(lambda host: find_home(host, site))),
            secure=site.startswith("https:"),
        )

    def _kept(self, load: Callable[[Sequence[K]], Mapping[K, V]]) -> FreshCache[K, V]:
        return VersionedCache(
            looked_up(load),
            self.executor,
            self._versions,
            _stamp,
            size=_MOST_KEPT,
            most_loads=_MOST_AWAITED,
        )

    def start(self) -> None:
        """Start the writer. Raises kit.group_commit.Unavailable."""
        self.writer.start()

    def stop(self) -> None:
        """Write what waits and end."""
        self.writer.close()
        end_threads(self.executor, _LOOK_UPS)


def end_threads(executor: ThreadPoolExecutor, threads: int) -> None:
    """End an executor of so many threads, closing the database connection of each."""
    together = threading.Barrier(threads)

    def close() -> None:
        together.wait(_STOP_SECONDS)
        connection.close()

    for _ in range(threads):
        executor.submit(close)
    executor.shutdown()


def _stamp(answer: object) -> tuple[str, int] | None:
    """The version of an answer; what there is not has none, nor has a store's home."""
    return getattr(answer, "stamp", None)


def _report(what: str, error: Exception) -> None:
    structlog.get_logger("doors").error(what, error=str(error))
