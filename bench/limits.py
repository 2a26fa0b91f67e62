"""The limit of a path: the same durable work, done without the product."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from itertools import islice

from bench import inbox, processes, recording
from bench.databases import Connection, Place, connected
from bench.figures import Sample
from bench.load import Job
from bench.processes import Nginx, Settler, set_up
from bench.recording import Batch
from bench.traffic import Shop

_BASE, _RECORDED, _TWIN = "bench_base", "bench_recorded", "bench_twin"
_CODES = 1000
_STATIC = {"click": "static-redirect", "code": "static-json", "widget": "static-json"}


class Limits:
    """The limits on one database, each asked for once in every round.

    `empty`: a database that has the tables and nothing else.
    """

    def __init__(
        self,
        place: Place,
        empty: str,
        nginx: Nginx | None,
        connections: int,
    ) -> None:
        self._place = place
        self._kind = place.kind
        self._empty = empty
        self._nginx = nginx
        self._connections = connections
        self._shop: Shop | None = None
        self._batches: list[Batch] = []

    def prepare(self, orders: int) -> None:
        """Make the bare twin's database, and record what settling so many orders writes."""
        self._kind.copy(self._empty, _BASE)
        self._shop = set_up(self._place.environment(_BASE), _CODES)
        with connected(self._kind.address(_BASE)) as connection:
            inbox.fill(connection, self._shop.back, _CODES, orders)
        if orders:
            self._batches = self._recorded(orders)

    def _recorded(self, orders: int) -> list[Batch]:
        self._kind.copy(_BASE, _RECORDED)
        found: list[Batch] = []
        with (
            closing(self._settler()) as settler,
            connected(self._kind.address(_RECORDED)) as connection,
        ):
            before = recording.picture(connection)
            while sum(batch.orders for batch in found) < orders:
                ((count, _),) = settler.go(60, 1).batches
                after = recording.picture(connection)
                found.append(Batch(count, recording.difference(before, after)))
                before = after
        self._kind.drop(_RECORDED)
        return found

    def _settler(self) -> Settler:
        assert self._shop is not None
        log = self._place.folder / "recording.log"
        return Settler(self._place.environment(_RECORDED), self._shop.back, log)

    def sample(self, path: str, seconds: float) -> Sample | None:
        """One round of a path's limit; None where there is nothing to compare with."""
        if path == "delivery":
            return self._delivery(seconds)
        if path == "settle":
            return self._settle(seconds)
        return self._static(path, seconds)

    def _static(self, path: str, seconds: float) -> Sample | None:
        """nginx answers as many as it can with what it always has."""
        if self._nginx is None:
            return None
        job = Job(
            kind=_STATIC[path],
            port=self._nginx.port,
            shop=Shop(store="", secret="", back="", codes=1),
            name="static",
            connections=self._connections,
            warm_up=0.3,
            seconds=seconds,
            watched=[self._nginx.number],
            acknowledged="",
        )
        outcome = processes.load(job)
        return Sample(rate=outcome.answered / outcome.seconds, crowded=outcome.busy > 0.9)

    def _delivery(self, seconds: float) -> Sample:
        """Deliveries inserted by bare SQL, as many to a commit as there are connections."""
        assert self._shop is not None
        self._kind.copy(_BASE, _TWIN)
        with connected(self._kind.address(_TWIN)) as connection:
            source = inbox.rows(connection.vendor, self._shop.store, _CODES, 10**9)
            count, spent = 0, 0.0
            while spent < seconds:
                some = list(islice(source, self._connections))
                began = time.perf_counter()
                connection.begin()
                connection.insert("inbox_delivery", inbox.COLUMNS, some)
                connection.commit()
                spent += time.perf_counter() - began
                count += len(some)
        self._kind.drop(_TWIN)
        return Sample(rate=count / spent)

    def _settle(self, seconds: float) -> Sample:
        """What settling really wrote, written again by bare SQL in the same batches."""
        count, spent = 0, 0.0
        while spent < seconds:
            self._kind.copy(_BASE, _TWIN)
            with connected(self._kind.address(_TWIN)) as connection:
                spent += _played(connection, self._batches)
            count += sum(batch.orders for batch in self._batches)
            self._kind.drop(_TWIN)
        return Sample(rate=count / spent)


def _played(connection: Connection, batches: Sequence[Batch]) -> float:
    began = time.perf_counter()
    for batch in batches:
        recording.play(connection, batch)
    return time.perf_counter() - began
