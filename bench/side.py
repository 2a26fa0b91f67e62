"""One side of a measurement: a version of the product, served and settling on one database."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bench import check, inbox
from bench.cpu import cpu_seconds
from bench.databases import Place, connected
from bench.figures import Sample, percentile
from bench.load import Job
from bench.processes import BenchFailed, Settler, load, serving, set_up
from bench.traffic import Shop
from tests.harness.server import Server

PATHS = ("click", "code", "widget", "delivery", "settle")
_WARM_UP = 0.3
_MOST_A_SECOND = 4000
_VISITS_AN_ORDER = 5
_SEED = 20_000
_LONG = 3600.0

A = TypeVar("A")
B = TypeVar("B")


class Side:
    """`start`, then samples, then `stop` and `check`.

    `empty`: a database that has the tables and nothing else, of which this side's is a copy.
    """

    def __init__(self, place: Place, empty: str) -> None:
        self._kind = place.kind
        self._name = f"{empty}_filled"
        self._folder = place.folder
        place.kind.copy(empty, self._name)
        self._environment = place.environment(self._name)
        self._server: Server | None = None
        self._settler: Settler | None = None
        self._told = self._done = 0
        self._loads = 0
        self.wrong: list[str] = []

    def start(self, codes: int, prior: int, paths: tuple[str, ...]) -> None:
        """Fill the database and start the processes that these paths need."""
        self._shop = set_up(self._environment, codes)
        if prior or "settle" in paths:
            self._settler = Settler(
                self._environment, self._shop.back, self._folder / "settler.log"
            )
        if prior:
            self._seed(prior)
        self._server = serving(self._environment, self._folder / "log")

    @property
    def shop(self) -> Shop:
        """The stores of this side."""
        return self._shop

    def _seed(self, prior: int) -> None:
        """So many orders, told and settled as any, and five visits for each."""
        while self._done < prior:
            self._fill(min(_SEED, prior - self._done))
            assert self._settler is not None
            settled = sum(count for count, _ in self._settler.go(_LONG).batches)
            self._done += settled
        with connected(self._kind.address(self._name)) as connection:
            connection.begin()
            connection.change(
                "INSERT INTO visits_visit (store_id, advocate_id, click, channel, at) "
                "SELECT a.store_id, a.id, 'clk_before', '', a.joined_at FROM "
                "(SELECT * FROM advocates_advocate WHERE store_id = ? LIMIT ?) a",
                self._visits(prior),
            )
            connection.commit()

    def _visits(self, prior: int) -> list[tuple[str, int]]:
        """Rounds over all advocates of the settled store until there are enough visits."""
        full, rest = divmod(prior * _VISITS_AN_ORDER, self._shop.codes)
        return [(self._shop.back, self._shop.codes)] * full + [(self._shop.back, rest)]

    def _fill(self, wanted: int) -> None:
        with connected(self._kind.address(self._name)) as connection:
            self._told = inbox.fill(connection, self._shop.back, self._shop.codes, wanted)

    def sample(self, path: str, seconds: float, connections: int) -> Sample:
        """One round of a path."""
        if path == "settle":
            return self._settle(seconds)
        assert self._server is not None
        self._loads += 1
        job = Job(
            kind=path,
            port=self._server.port,
            shop=self._shop,
            name=f"{path}{self._loads}",
            connections=connections,
            warm_up=_WARM_UP,
            seconds=seconds,
            watched=self._watched(),
            acknowledged=str(self._folder / path),
        )
        outcome = load(job)
        self.wrong += [
            f"{path}: {count} answers had the status {status}"
            for status, count in outcome.wrong.items()
        ]
        if not outcome.answered:
            raise BenchFailed(f"nothing was answered on {path} in {seconds:g} s")
        return Sample(
            rate=outcome.answered / outcome.seconds,
            cpu_us=outcome.cpu / outcome.answered * 1e6,
            p50_ms=outcome.p50_ms,
            p99_ms=outcome.p99_ms,
            crowded=outcome.busy > 0.9,
        )

    def _watched(self) -> list[int]:
        assert self._server is not None
        return [self._server.group, *self._kind.watched]

    def _settle(self, seconds: float) -> Sample:
        """Settle for so long; p50 and p99 are those of a batch."""
        assert self._settler is not None
        self._fill(int(seconds * _MOST_A_SECOND))
        before = cpu_seconds(*self._watched())
        settled = self._settler.go(seconds)
        beside = cpu_seconds(*self._watched()) - before
        count = sum(orders for orders, _ in settled.batches)
        self._done += count
        times = [took for _, took in settled.batches]
        return Sample(
            rate=count / settled.seconds,
            cpu_us=(settled.cpu + beside) / count * 1e6,
            p50_ms=percentile(times, 0.5) * 1000,
            p99_ms=percentile(times, 0.99) * 1000,
        )

    def stop(self) -> None:
        """End the processes; harmless when there are none."""
        if self._settler is not None:
            self._settler.close()
            self._settler = None
        if self._server is not None:
            self._server.stop()
            self._server.kill()
            self._server = None

    def check(self) -> list[str]:
        """Everything that is not as it was acknowledged, in words."""
        with connected(self._kind.address(self._name)) as connection:
            clicks = check.acknowledged(self._folder / "click")
            keys = check.acknowledged(self._folder / "delivery")
            return [
                *self.wrong,
                *check.visits(connection, self._shop, clicks),
                *check.deliveries(connection, self._shop, keys),
                *check.settled(connection, self._shop, self._told, self._done),
            ]

    @property
    def address(self) -> str:
        """The DATABASE_URL of this side."""
        return self._kind.address(self._name)


def in_turns(first: Callable[[], A], second: Callable[[], B], number: int) -> tuple[A, B]:
    """Both, the other one first in every other round: what drifts then favours neither."""
    if number % 2:
        late = second()
        return first(), late
    return first(), second()
