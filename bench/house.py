"""`python -m bench.house`: how soon `wordmouth serve` answers, and how much memory it takes.

Web and worker together, as a user starts them, on a database that is migrated. Then new visitors
open links and a shop sends orders, both as fast as they are answered, until so many operations are
done. Afterwards everything that was acknowledged has to be stored.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import check, load, memory
from bench.cpu import cpu_seconds
from bench.databases import Place, connected, kind_of
from bench.memory import Memory
from bench.processes import ROOT, serving, set_up
from bench.processes import load as closed_load
from bench.run import say
from bench.telling import carry_out
from tests.harness.server import Server

PATHS = ("click", "delivery")
_CONNECTIONS = 16
"""Of each path."""
_WARM_UP = 0.3
_REST = 3.0
"""Seconds without a request before memory at rest is looked at."""
HEAD = (
    "database operations start-s start-cpu-s idle-rss-MB idle-pss-MB peak-rss-MB peak-pss-MB "
    "growth-MB"
).split()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much to do, in turns of so many seconds, and how often to start before."""

    databases: tuple[str, ...]
    operations: int
    codes: int
    starts: int
    seconds: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One database. `begun` are the starts (seconds by the clock, and of processor time), `rested`
    is the memory at rest: before the first operation and after each turn, with how many were done
    by then."""

    database: str
    begun: list[tuple[float, float]]
    rested: list[tuple[int, Memory]]
    peak: Memory

    @property
    def growth(self) -> int:
        """By how many bytes (PSS) the second half of the operations let the memory grow."""
        done, last = self.rested[-1]
        half = next(held for count, held in self.rested if count * 2 >= done)
        return last.pss - half.pss

    def row(self) -> list[str]:
        """The result under HEAD."""
        idle = self.rested[0][1]
        return [
            self.database,
            f"{self.rested[-1][0]:,}",
            f"{statistics.median(seconds for seconds, _ in self.begun):.2f}",
            f"{statistics.median(cpu for _, cpu in self.begun):.2f}",
            *(_megabytes(size) for size in (*idle, *self.peak, self.growth)),
        ]


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.0f}"


class House:
    """`wordmouth serve` on one database, started again and again and then put under load."""

    _server: Server

    def __init__(self, plan: Plan, place: Place, stack: ExitStack) -> None:
        self._plan, self._place, self._stack = plan, place, stack
        place.kind.fresh("house")
        self._environment = place.environment("house")
        # As where it was started before: what Python compiled then is kept.
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._environment["PYTHONPYCACHEPREFIX"] = str(place.folder / "compiled")
        self._shop = set_up(self._environment, plan.codes)
        self.findings: list[str] = []

    def run(self) -> Result:
        """Start it a few times, then let it work."""
        self._start()[0].stop()
        begun = []
        for number in range(self._plan.starts):
            if number:
                self._server.stop()
            self._server, taken = self._start()
            begun.append(taken)
        with memory.watched(self._server.group) as peak:
            rested = self._work()
        for _, at_rest in rested:
            # The looks in between may have missed what is still held now.
            peak.see(at_rest)
        return Result(database=self._place.kind.name, begun=begun, rested=rested, peak=peak.most)

    def _start(self) -> tuple[Server, tuple[float, float]]:
        """A server that is ready, and how long that took."""
        began = time.perf_counter()
        server = serving(self._environment, self._place.folder / "log", worker=True)
        taken = time.perf_counter() - began, cpu_seconds(server.group)
        self._stack.callback(server.kill)
        return server, taken

    def _work(self) -> list[tuple[int, Memory]]:
        """Turn by turn; memory at rest before the first and after each."""
        done, rested = 0, [(0, self._rest())]
        while done < self._plan.operations:
            done += self._turn(len(rested))
            rested.append((done, self._rest()))
            say(f"{done:,} operations; {_megabytes(rested[-1][1].pss)} MB (PSS)")
        return rested

    def _rest(self) -> Memory:
        time.sleep(_REST)
        return memory.held(self._server.group)

    def _turn(self, number: int) -> int:
        """Both paths at once; how many operations."""
        jobs = [
            load.Job(
                kind=path,
                port=self._server.port,
                shop=self._shop,
                name=f"{path}{number}",
                connections=_CONNECTIONS,
                warm_up=_WARM_UP,
                seconds=self._plan.seconds,
                watched=[],
                acknowledged=str(self._place.folder / path),
            )
            for path in PATHS
        ]
        with ThreadPoolExecutor(len(jobs)) as threads:
            outcomes = list(threads.map(closed_load, jobs))
        for outcome in outcomes:
            self.findings += [f"{count} answers: {what}" for what, count in outcome.wrong.items()]
        return sum(outcome.answered for outcome in outcomes)

    def check(self) -> list[str]:
        """End the server; everything that is not as it was acknowledged, in words."""
        self._server.stop()
        told = {path: check.acknowledged(self._place.folder / path) for path in PATHS}
        with connected(self._place.kind.address("house")) as connection:
            self.findings += check.visits(connection, self._shop, told["click"])
            self.findings += check.deliveries(connection, self._shop, told["delivery"])
        return self.findings


def run(plan: Plan) -> tuple[list[Result], list[str]]:
    """Every database, and what is wrong afterwards."""
    results: list[Result] = []
    findings: list[str] = []
    with TemporaryDirectory(prefix="wordmouth-house-") as made:
        for name in plan.databases:
            folder = Path(made) / name
            folder.mkdir()
            with ExitStack() as stack:
                kind = kind_of(name, folder)
                stack.callback(kind.close)
                say(f"{name}: making two stores")
                house = House(plan, Place(kind, folder, ROOT / "src"), stack)
                results.append(house.run())
                findings += [f"{name}: {finding}" for finding in house.check()]
    return results, findings


def main() -> int:
    """Measure as the command line says; gives the exit status."""
    made = argparse.ArgumentParser(prog="python -m bench.house", description=__doc__)
    made.add_argument("--operations", type=int, default=200_000, help="clicks and deliveries")
    made.add_argument("--codes", type=int, default=10_000, help="known to each store")
    made.add_argument("--starts", type=int, default=5)
    made.add_argument("--seconds", type=float, default=10.0, help="of load between two rests")
    made.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    given = made.parse_args()
    plan = Plan(
        databases=tuple(given.database or ("sqlite", "postgresql")),
        operations=given.operations,
        codes=given.codes,
        starts=given.starts,
        seconds=given.seconds,
    )
    return carry_out(f"{plan.starts} starts, then {plan.codes:,} codes", HEAD, partial(run, plan))


if __name__ == "__main__":
    sys.exit(main())
