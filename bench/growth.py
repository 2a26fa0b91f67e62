"""`python -m bench.growth`: whether the hot paths cost more in a store that has grown.

Beside an empty database stand one with a big past, most of it in one of many stores, and one whose
only advocate has many friends. All are asked in turns within each round, so that the ratio of what
an operation costs there to what it costs in the empty one is not one of two different hours.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import check
from bench.databases import Connection, Place, connected, kind_of
from bench.figures import Sample, middle, spread
from bench.past import Size
from bench.processes import ROOT, BenchFailed, Settler, migrate, serving
from bench.run import say
from bench.side import Side
from bench.telling import carry_out
from bench.traffic import Shop

KEPT = "click-kept"
PATHS = ("click", KEPT, "delivery", "settle")

_KEPT_CODES = 1000
_FIRST_ORDERS = 1000
_LONG = 3600.0
_OF_FRIENDS = (KEPT, "settle")
_TABLES = "growth_tables"
HEAD = "path database past rate/s cpu-us ratio least most spread".split()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure, how long, and how big the pasts are."""

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    paths: tuple[str, ...] = PATHS
    pasts: tuple[str, ...] = ()
    rounds: int = 5
    seconds: float = 2.0
    connections: int = 32
    orders: int = 1_000_000
    visits: int = 5_000_000
    stores: int = 1000
    codes: int = 1_000_000
    share: float = 0.9
    friends: int = 100_000
    empty_codes: int = 100_000

    def sizes(self) -> dict[str, Size]:
        """Each past by its name; the first is that without one."""
        grown = Size(
            orders=self.orders,
            visits=self.visits,
            stores=self.stores,
            codes=self.codes,
            share=self.share,
        )
        found = {
            "empty": Size(codes=self.empty_codes),
            "grown": grown,
            "friends": Size(friends=self.friends),
            "unlimited": Size(friends=self.friends, limited=False),
        }
        wanted = ("empty", *self.pasts) if self.pasts else tuple(found)
        return {name: found[name] for name in wanted}


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The rounds of a path with a past, and those without one in the same rounds."""

    path: str
    database: str
    past: str
    rounds: list[Sample]
    empty: list[Sample]

    def row(self) -> list[str]:
        """Under HEAD: medians; the ratios are those of the processor time in each round."""
        ratios = [
            done.cpu_us / empty.cpu_us
            for done, empty in zip(self.rounds, self.empty, strict=True)
            if empty.cpu_us
        ]
        costs = [sample.cpu_us for sample in self.rounds]
        return [
            self.path,
            self.database,
            self.past,
            f"{middle(self.rounds, lambda s: s.rate):,.0f}",
            f"{statistics.median(costs):,.0f}",
            *(f"{of(ratios):.2f}" for of in (statistics.median, min, max)),
            f"{spread(costs):.0%}",
        ]


class Grown(Side):
    """A database with a past, served and settling."""

    def __init__(self, place: Place, name: str) -> None:
        place.kind.copy(_TABLES, name)
        super().__init__(place, name)
        place.kind.drop(name)

    def grow(self, size: Size) -> None:
        """Make the past, and start what is to be measured."""
        self._shop = past(self._environment, size)
        self._settler = Settler(self._environment, self._shop.back, self._folder / "settler.log")
        self._server = serving(self._environment, self._folder / "log")
        self._friends = size.friends > 0
        with connected(self.address) as connection:
            self._before = _counts(connection)
        self._fill(_FIRST_ORDERS)
        # The first batches load much, and batches grow with what they are seen to take.
        self._done += sum(count for count, _ in self._settler.go(_LONG).batches)

    def paths(self, wanted: Iterable[str]) -> list[str]:
        """Those of these that this past has anything to do with."""
        return [path for path in wanted if not self._friends or path in _OF_FRIENDS]

    def sample(self, path: str, seconds: float, connections: int) -> Sample:
        """One round of a path; `click-kept` opens only links that are known to the cache."""
        if path != KEPT:
            return super().sample(path, seconds, connections)
        all_of_it = self._shop
        few = min(all_of_it.codes, _KEPT_CODES)
        self._shop = msgspec.structs.replace(all_of_it, codes=few)
        try:
            return super().sample("click", seconds, connections)
        finally:
            self._shop = all_of_it

    def check(self) -> list[str]:
        """Everything that is not as it was acknowledged, in words."""
        with connected(self.address) as connection:
            found = [*self.wrong, *self._stored(connection)]
            now = _counts(connection)
        grew = {what: count - self._before[what] for what, count in now.items()}
        for what, wanted in (
            ("settled", self._done),
            ("orders", self._done),
            ("referrals", grew["naming"]),
            ("broken", 0),
        ):
            if grew[what] != wanted:
                found.append(f"{what}: {wanted}, and {grew[what]} are stored")
        return found

    def _stored(self, connection: Connection) -> list[str]:
        """What the doors acknowledged, against what was stored since the past was made."""
        clicks = connection.read(
            "SELECT click FROM visits_visit WHERE seq > ?", [self._before["visits"]]
        )
        keys = connection.read(
            "SELECT key FROM inbox_delivery WHERE seq > ? AND substr(key, 1, 10) <> 'dlv_order-'",
            [self._before["deliveries"]],
        )
        told = {path: check.acknowledged(self._folder / path) for path in ("click", "delivery")}
        return [
            *check.compare("visits", told["click"], (key for (key,) in clicks)),
            *check.compare("deliveries", told["delivery"], (key for (key,) in keys)),
        ]


_COUNTS = {
    "visits": "coalesce(max(seq), 0) FROM visits_visit",
    "deliveries": "coalesce(max(seq), 0) FROM inbox_delivery",
    "settled": "count(*) FROM inbox_delivery WHERE state = 'settled'",
    "broken": "count(*) FROM inbox_delivery WHERE state IN ('refused', 'dead')",
    "orders": "count(*) FROM orders_order",
    "naming": "count(*) FROM orders_order WHERE code <> ''",
    "referrals": "count(*) FROM referrals_referral",
}


def _counts(connection: Connection) -> dict[str, int]:
    """What is stored so far; of visits and deliveries the last number."""
    return {what: int(connection.read(f"SELECT {of}")[0][0]) for what, of in _COUNTS.items()}


def past(environment: dict[str, str], size: Size) -> Shop:
    """Make a past in an empty database."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.past"],
        cwd=ROOT,
        env=environment,
        input=msgspec.json.encode(size),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"the past could not be made:\n{done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=Shop)


def run(plan: Plan) -> tuple[list[Measured], list[str]]:
    """Measure all of it; and what is not as it was acknowledged."""
    measured: list[Measured] = []
    findings: list[str] = []
    with TemporaryDirectory(prefix="wordmouth-growth-") as made:
        for name in plan.databases:
            with ExitStack() as stack:
                sides = _sides(plan, name, Path(made) / name, stack)
                measured += _rounds(plan, name, sides)
                for past_name, side in sides.items():
                    side.stop()
                    findings += [f"{name}, {past_name}: {found}" for found in side.check()]
    return measured, findings


def _sides(plan: Plan, name: str, folder: Path, stack: ExitStack) -> dict[str, Grown]:
    folder.mkdir()
    kind = kind_of(name, folder)
    stack.callback(kind.close)
    kind.fresh(_TABLES)
    migrate(Place(kind, folder, ROOT / "src").environment(_TABLES))
    sides = {}
    for past_name, size in plan.sizes().items():
        say(f"{name}: making the past {past_name}")
        own = folder / past_name
        own.mkdir()
        sides[past_name] = side = Grown(Place(kind, own, ROOT / "src"), f"growth_{past_name}")
        stack.callback(side.stop)
        side.grow(size)
    return sides


def _rounds(plan: Plan, name: str, sides: dict[str, Grown]) -> Iterator[Measured]:
    taken: dict[tuple[str, str], list[Sample]] = {}
    for number in range(plan.rounds):
        for path in plan.paths:
            say(f"{name}: round {number + 1} of {plan.rounds}, {path}")
            for past_name, side in _in_turn(list(sides.items()), number):
                if path in side.paths(plan.paths):
                    sample = side.sample(path, plan.seconds, plan.connections)
                    taken.setdefault((path, past_name), []).append(sample)
    for path in plan.paths:
        for past_name in sides:
            if (path, past_name) in taken:
                yield Measured(
                    path=path,
                    database=name,
                    past=past_name,
                    rounds=taken[path, past_name],
                    empty=taken[path, "empty"],
                )


def _in_turn(sides: Sequence[tuple[str, Grown]], number: int) -> Iterable[tuple[str, Grown]]:
    """Another one first in every round: what drifts favours none."""
    first = number % len(sides)
    return [*sides[first:], *sides[:first]]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    made.add_argument("--rounds", type=int, default=5)
    made.add_argument("--seconds", type=float, default=2.0, help="of load in each round")
    made.add_argument("--connections", type=int, default=32)
    made.add_argument("--orders", type=int, default=1_000_000, help="settled before")
    made.add_argument("--visits", type=int, default=5_000_000)
    made.add_argument("--stores", type=int, default=1000)
    made.add_argument("--codes", type=int, default=1_000_000)
    made.add_argument("--share", type=float, default=0.9, help="of one store in all of that")
    made.add_argument("--friends", type=int, default=100_000, help="of one advocate")
    made.add_argument("--empty-codes", type=int, default=100_000, help="where there is no past")
    made.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    made.add_argument("--path", action="append", choices=PATHS)
    made.add_argument("--past", action="append", choices=["grown", "friends", "unlimited"])
    return made


def main() -> int:
    """Measure what the command line says; gives the exit status."""
    given = parser().parse_args()
    plan = Plan(
        databases=tuple(given.database or ("sqlite", "postgresql")),
        paths=tuple(given.path or PATHS),
        pasts=tuple(given.past or ()),
        rounds=given.rounds,
        seconds=given.seconds,
        connections=given.connections,
        orders=given.orders,
        visits=given.visits,
        stores=given.stores,
        codes=given.codes,
        share=given.share,
        friends=given.friends,
        empty_codes=given.empty_codes,
    )
    how = f"medians of {plan.rounds} rounds of {plan.seconds:g} s"
    return carry_out(f"{how}, {plan.connections} connections", HEAD, partial(run, plan))


if __name__ == "__main__":
    sys.exit(main())
