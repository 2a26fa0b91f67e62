"""The hot doors put together: writer, caches and doors, for one process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.conf import settings
from django.db import connection

from wordmouth.api import codes
from wordmouth.api.doors import CodeDoor
from wordmouth.inbox.doors import Access, DeliveryDoor
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.kit.errors import NotFound
from wordmouth.kit.group_commit import GroupWriter, Writer
from wordmouth.kit.lanes import Lanes
from wordmouth.kit.prompt_writer import PromptWriter
from wordmouth.project import headers
from wordmouth.project.adapters import ADAPTERS
from wordmouth.project.durable import durable_database, prompt_database
from wordmouth.project.lookups import LookUps
from wordmouth.storefront.doors import WidgetDoor
from wordmouth.storefront.widget import configuration
from wordmouth.stores import queries as stores
from wordmouth.stores import versions
from wordmouth.visits.doors import ClickDoor
from wordmouth.visits.links import Links, find_home

_LOOK_UPS = 4
_STOP_SECONDS = 20
_LANES, _ROOM = 16, 1024
"""Of clicks, and of deliveries, while several stores have visitors; and how many wait for one."""


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
        writer: Writer | None = None,
    ) -> None:
        self._prompt = prompt_database()
        self.writer = writer or PromptWriter(
            self._prompt, GroupWriter(durable_database(), report=_report)
        )
        self.executor = ThreadPoolExecutor(_LOOK_UPS, thread_name_prefix="look-up")
        kept = LookUps(connection.vendor, self._prompt.read, self.executor)
        site = settings.SITE_URL
        links = Links(site)
        lanes = Lanes(_LANES, _ROOM)
        access = kept.one_by_one(load_access)
        self.deliveries = DeliveryDoor(
            self.writer, connection.vendor, verifiers, lanes, access, wake
        )
        common = headers.of_every_answer()
        self.codes = CodeDoor(
            kept.in_sets(codes.find_owners_now, codes.find_owners),
            kept.one_by_one(codes.find_face),
            common,
            headers.language_of,
            settings.PROXY_HOPS,
        )
        self.widgets = WidgetDoor(
            kept.one_by_one(lambda key: configuration(*key)), common, headers.language_of
        )
        self.clicks = ClickDoor(
            self.writer,
            connection.vendor,
            lanes,
            kept.in_sets(links.find_now, links.find),
            kept.one_by_one(lambda host: find_home(host, site)),
            secure=site.startswith("https:"),
        )

    async def start(self) -> None:
        """Start the writer. Raises kit.group_commit.Unavailable."""
        self.writer.start()
        await self._prompt.open()

    async def hang_up(self) -> None:
        """End what the event loop has open; from then on the threads do it all."""
        await self._prompt.close()

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


def _report(what: str, error: Exception) -> None:
    structlog.get_logger("doors").error(what, error=str(error))
