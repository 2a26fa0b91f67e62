"""`python -m bench.workers`: how much more two workers settle than one, on PostgreSQL.

One store after the other is settled by one worker, and then both at once by two, in turns. Where
the database has no cores of its own, what is told beside the rates says how much of the machine one
worker with its part of the database takes already: two can get no more than there is.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import inbox, report
from bench.cpu import cpu_seconds
from bench.databases import Place, connected, kind_of
from bench.processes import ROOT, BenchFailed, Settler, set_up
from bench.run import say
from bench.traffic import OTHER_PREFIX

_CODES = 10_000
_MOST_A_SECOND = 4000
_TICKS = os.sysconf("SC_CLK_TCK")
HEAD = "workers database rate/s cpu-us worker-us database-us cores others".split()


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """What so many workers did in one go: orders, and the processor time of the workers, of the
    database and of all else that the machine did meanwhile, in seconds."""

    seconds: float
    orders: int
    workers: float
    database: float
    others: float

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.orders / self.seconds

    def figures(self) -> tuple[float, ...]:
        """From `rate/s` on what stands in the table."""
        ours = self.workers + self.database
        return (
            self.rate,
            ours / self.orders * 1e6,
            self.workers / self.orders * 1e6,
            self.database / self.orders * 1e6,
            ours / self.seconds,
            self.others / self.seconds,
        )


def _busy() -> float:
    """Processor seconds of everything on this machine so far."""
    first = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, irq, softirq, *_ = map(int, first)
    return (user + nice + system + irq + softirq) / _TICKS


def go(settlers: Sequence[Settler], watched: Sequence[int], seconds: float) -> Go:
    """Let these workers settle at once."""
    busy, database, began = _busy(), cpu_seconds(*watched), time.perf_counter()
    with ThreadPoolExecutor(len(settlers)) as threads:
        done = list(threads.map(lambda settler: settler.go(seconds), settlers))
    spent = time.perf_counter() - began
    database = cpu_seconds(*watched) - database
    workers = sum(settled.cpu for settled in done)
    return Go(
        seconds=spent,
        orders=sum(count for settled in done for count, _ in settled.batches),
        workers=workers,
        database=database,
        others=max(_busy() - busy - workers - database, 0.0),
    )


def run(rounds: int, seconds: float) -> dict[int, list[Go]]:
    """All goes, by the number of workers."""
    found: dict[int, list[Go]] = {1: [], 2: []}
    with TemporaryDirectory(prefix="wordmouth-workers-") as made, ExitStack() as stack:
        kind = kind_of("postgresql", Path(made))
        stack.callback(kind.close)
        kind.fresh("workers")
        environment = Place(kind, Path(made), ROOT / "src").environment("workers")
        say("making two stores")
        shop = set_up(environment, _CODES)
        stores = {shop.back: OTHER_PREFIX, shop.store: ""}
        settlers = [
            stack.enter_context(closing(Settler(environment, store, Path(made) / store)))
            for store in stores
        ]
        for number in range(rounds):
            for workers in (1, 2) if number % 2 else (2, 1):
                say(f"round {number + 1} of {rounds}, {workers}")
                with connected(kind.address("workers")) as connection:
                    for store, prefix in stores.items():
                        wanted = int(seconds * _MOST_A_SECOND)
                        inbox.fill(connection, store, _CODES, wanted, prefix)
                first = number % 2
                chosen = settlers if workers == 2 else settlers[first : first + 1]
                found[workers].append(go(chosen, kind.watched, seconds))
    return found


def table(found: dict[int, list[Go]]) -> str:
    """The medians of all rounds, and how much more two settled than one in the same round."""
    rows: list[Sequence[str]] = [HEAD]
    for workers, goes in found.items():
        middle = [
            statistics.median(each) for each in zip(*(g.figures() for g in goes), strict=True)
        ]
        whole = [f"{value:,.0f}" for value in middle[:4]]
        rows.append([str(workers), "postgresql", *whole, *(f"{n:.2f}" for n in middle[4:])])
    ratios = [two.rate / one.rate for one, two in zip(found[1], found[2], strict=True)]
    told = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return report.table(rows) + f"\ntwo by one: {told}\n"


def main() -> int:
    """Measure; gives the exit status."""
    made = argparse.ArgumentParser(prog="python -m bench.workers", description=__doc__)
    made.add_argument("--rounds", type=int, default=5)
    made.add_argument("--seconds", type=float, default=3.0, help="of each round")
    given = made.parse_args()
    # Whoever ends this ends all that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    how = f"medians of {given.rounds} rounds of {given.seconds:g} s"
    top = report.header(ROOT, how)
    try:
        found = run(given.rounds, given.seconds)
    except BenchFailed as error:
        say(str(error))
        return 1
    sys.stdout.write(top + table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
