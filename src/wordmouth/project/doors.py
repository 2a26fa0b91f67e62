"""The hot doors put together: writer, caches and the two doors, for one process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from wordmouth.inbox.doors import Access, DeliveryDoor
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.kit import asgi
from wordmouth.kit.durable_postgres import PostgresDatabase
from wordmouth.kit.durable_sqlite import SqliteDatabase
from wordmouth.kit.errors import NotFound
from wordmouth.kit.fresh import FreshCache
from wordmouth.kit.group_commit import Database, GroupWriter
from wordmouth.kit.signing import secret_bytes
from wordmouth.stores import queries as stores
from wordmouth.stores.transactions import WRITE_GATE
from wordmouth.visits.doors import ClickDoor
from wordmouth.visits.links import find_home, find_links

K = TypeVar("K")
V = TypeVar("V")

_LOOK_UPS = 4
_LINKS_KEPT = 100_000
"""About 40 MB of codes; the rest of a million costs a look-up each, in sets."""
_LINKS_AWAITED = 2_000
_STOP_SECONDS = 20
_DJANGO_ONLY = frozenset({"pool", "isolation_level", "server_side_binding", "assume_role"})


def durable_database() -> Database:
    """The writer's own connection to the database of the settings."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return SqliteDatabase(str(given["NAME"]), gate=WRITE_GATE)
    named = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    options = {k: v for k, v in given["OPTIONS"].items() if k not in _DJANGO_ONLY}
    return PostgresDatabase(
        **{name: str(value) for name, value in {**named, **options}.items() if value}
    )


def looked_up(
    load: Callable[[Sequence[K]], Mapping[K, V]],
) -> Callable[[Sequence[K]], Mapping[K, V]]:
    """`load` for a thread of its own: with a live connection, and 503 when there is none."""

    def safely(keys: Sequence[K]) -> Mapping[K, V]:
        close_old_connections()
        try:
            return load(keys)
        except DatabaseError as error:
            close_old_connections()
            _report("cannot look up", error)
            raise asgi.Unavailable("The database does not answer.", 2) from error

    return safely


def one_by_one(load: Callable[[K], V]) -> Callable[[Sequence[K]], Mapping[K, V]]:
    """For what there are few of: a set is looked up key by key."""
    return lambda keys: {key: load(key) for key in keys}


def load_access(key: tuple[str, str]) -> Access:
    """Whose keys open the delivery door for a store and an adapter."""
    store_id, adapter = key
    found = stores.connection(store_id, adapter)
    if found is not None:
        return Access(store=True, keys=tuple(secret_bytes(s) for s in found.secrets))
    try:
        stores.store(store_id)
    except NotFound:
        return Access(store=False)
    return Access(store=True)


class Doors:
    """Both doors with what they stand on. `start` before the first request, `stop` at the end."""

    def __init__(
        self,
        verifiers: dict[str, DeliveryVerifier],
        wake: Callable[[], None],
        writer: GroupWriter | None = None,
    ) -> None:
        self.writer = writer or GroupWriter(durable_database(), report=_report)
        self.executor = ThreadPoolExecutor(_LOOK_UPS, thread_name_prefix="look-up")
        site = settings.SITE_URL
        self.deliveries = DeliveryDoor(
            self.writer,
            connection.vendor,
            verifiers,
            FreshCache(looked_up(one_by_one(load_access)), self.executor),
            wake,
        )
        self.clicks = ClickDoor(
            self.writer,
            connection.vendor,
            FreshCache(
                looked_up(lambda codes: find_links(codes, site)),
                self.executor,
                size=_LINKS_KEPT,
                most_loads=_LINKS_AWAITED,
            ),
            FreshCache(looked_up(one_by_one(lambda host: find_home(host, site))), self.executor),
            secure=site.startswith("https:"),
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


def _report(what: str, error: Exception) -> None:
    structlog.get_logger("doors").error(what, error=str(error))
