"""`python -m bench.storm`: what becomes of a server that is asked for ten times what it can do.

One store is stormed while another goes on as ever. Measured are what is taken and what is refused,
how much memory that costs, how long the other store's visitors wait, with the storm and without,
and how soon everything is as before. Afterwards everything that was acknowledged has to be stored.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import check, load, memory, open_loop
from bench.databases import Place, connected, kind_of
from bench.processes import ROOT, BenchFailed, serving, set_up
from bench.processes import load as closed_load
from bench.run import say
from bench.telling import carry_out
from bench.traffic import Shop
from tests.harness.server import Server

PATHS = ("click", "delivery")
_CODES = 10_000
_SUSTAINED = 32
"""Connections that ask again as soon as they are answered: what they get is sustainable."""
_QUIET = 32
_SUSTAINED_SECONDS = 5.0
_AFTERWARDS = 15.0
HEAD = (
    "path database sustained/s due/s taken/s refused outside quiet-p50-ms storm-p50-ms "
    "quiet-p99-ms storm-p99-ms ratio rss-MB peak-MB recovery-s"
).split()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to storm, how long, and how hard."""

    databases: tuple[str, ...]
    paths: tuple[str, ...]
    seconds: float
    times: float
    connections: int
    quiet_rate: float
    worker: bool


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One storm: the rate that was sustainable before, the storm itself, the quiet store before
    and during it, memory before and at its peak, and how long it took to recover."""

    path: str
    database: str
    sustained: float
    seconds: float
    storm: open_loop.Outcome
    quiet: open_loop.Outcome
    beside: open_loop.Outcome
    rss: int
    peak: int
    recovery: float

    def row(self) -> list[str]:
        """The result under HEAD."""
        storm = self.storm
        asked = max(storm.due - storm.outside, 1)
        return [
            self.path,
            self.database,
            f"{self.sustained:,.0f}",
            f"{storm.due / self.seconds:,.0f}",
            f"{storm.taken / self.seconds:,.0f}",
            f"{storm.refused / asked:.0%}",
            f"{storm.outside / storm.due:.0%}",
            f"{self.quiet.p50_ms:.1f}",
            f"{self.beside.p50_ms:.1f}",
            f"{self.quiet.p99_ms:.1f}",
            f"{self.beside.p99_ms:.1f}",
            f"{self.beside.p99_ms / self.quiet.p99_ms:.1f}",
            f"{self.rss / 2**20:.0f}",
            f"{self.peak / 2**20:.0f}",
            f"{self.recovery:.1f}",
        ]


class Storms:
    """The storms on one database, each of them on one path of the same server."""

    def __init__(self, plan: Plan, place: Place, stack: ExitStack) -> None:
        self._plan, self._place = plan, place
        place.kind.fresh("storm")
        environment = place.environment("storm")
        self._shop = set_up(environment, _CODES)
        self._server: Server = serving(environment, place.folder / "log", worker=plan.worker)
        stack.callback(self._server.kill)
        stack.callback(self._server.stop)
        self.findings: list[str] = []

    def run(self, path: str) -> Result:
        """Storm one path."""
        plan = self._plan
        sustained = self._sustained(path)
        say(f"{path}: {sustained:,.0f}/s are sustainable; the other store without a storm")
        quiet = self._finish(self._ask(path, "quiet"))
        say(f"{path}: storm of {plan.times * sustained:,.0f}/s")
        before = memory.held(self._server.group).rss
        with memory.watched(self._server.group) as peak:
            others = self._ask(path, "beside")
            storm = self._finish(self._ask(path, "storm", plan.times * sustained))
            beside = self._finish(others)
        say(f"{path}: afterwards")
        after = self._finish(self._ask(path, "after", sustained / 2, _AFTERWARDS))
        return Result(
            path=path,
            database=self._place.kind.name,
            sustained=sustained,
            seconds=plan.seconds,
            storm=storm,
            quiet=quiet,
            beside=beside,
            rss=before,
            peak=peak.most.rss,
            recovery=max(after.last_bad - storm.ended, 0.0),
        )

    def _sustained(self, path: str) -> float:
        job = load.Job(
            kind=path,
            port=self._server.port,
            shop=self._shop,
            name=f"{path}-sustained",
            connections=_SUSTAINED,
            warm_up=1.0,
            seconds=_SUSTAINED_SECONDS,
            watched=[],
            acknowledged=str(self._told(path, self._shop)),
        )
        outcome = closed_load(job)
        return outcome.answered / outcome.seconds

    def _ask(
        self, path: str, name: str, rate: float = 0.0, seconds: float = 0.0
    ) -> subprocess.Popen[bytes]:
        """Begin a load on the stormed store, or without a rate a small one on the other store."""
        shop = self._shop if rate else self._shop.other()
        job = open_loop.Job(
            kind=path,
            port=self._server.port,
            shop=shop,
            name=f"{path}-{name}",
            connections=self._plan.connections if rate else _QUIET,
            rate=rate or self._plan.quiet_rate,
            seconds=seconds or self._plan.seconds,
            acknowledged=str(self._told(path, shop)),
        )
        begun = subprocess.Popen(
            [sys.executable, "-m", "bench.open_loop"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert begun.stdin is not None
        begun.stdin.write(msgspec.json.encode(job))
        begun.stdin.close()
        return begun

    def _finish(self, begun: subprocess.Popen[bytes]) -> open_loop.Outcome:
        assert begun.stdout is not None
        told = begun.stdout.read()
        begun.stdout.close()
        if begun.wait():
            raise BenchFailed("a load broke off")
        outcome = msgspec.json.decode(told, type=open_loop.Outcome)
        self.findings += [f"{count} answers: {what}" for what, count in outcome.wrong.items()]
        return outcome

    def _told(self, path: str, shop: Shop) -> Path:
        return self._place.folder / f"{path}-{shop.store}"

    def check(self) -> list[str]:
        """End the server; everything that is not as it was acknowledged, in words."""
        self._server.stop()
        with connected(self._place.kind.address("storm")) as connection:
            for shop in (self._shop, self._shop.other()):
                told = {path: check.acknowledged(self._told(path, shop)) for path in PATHS}
                self.findings += check.visits(connection, shop, told["click"])
                self.findings += check.deliveries(connection, shop, told["delivery"])
        return self.findings


def run(plan: Plan) -> tuple[list[Result], list[str]]:
    """All storms, and what is wrong afterwards."""
    results: list[Result] = []
    findings: list[str] = []
    with TemporaryDirectory(prefix="wordmouth-storm-") as made:
        for name in plan.databases:
            folder = Path(made) / name
            folder.mkdir()
            with ExitStack() as stack:
                kind = kind_of(name, folder)
                stack.callback(kind.close)
                say(f"{name}: making two stores")
                storms = Storms(plan, Place(kind, folder, ROOT / "src"), stack)
                results += [storms.run(path) for path in plan.paths]
                findings += [f"{name}: {finding}" for finding in storms.check()]
    return results, findings


def main() -> int:
    """Storm as the command line says; gives the exit status."""
    made = argparse.ArgumentParser(prog="python -m bench.storm", description=__doc__)
    made.add_argument("--seconds", type=float, default=60.0, help="of each storm")
    made.add_argument("--times", type=float, default=10.0, help="the sustainable rate")
    made.add_argument("--connections", type=int, default=1000, help="of the storm")
    made.add_argument("--quiet-rate", type=float, default=50.0, help="of the other store")
    made.add_argument("--no-worker", action="store_true", help="nobody settles meanwhile")
    made.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    made.add_argument("--path", action="append", choices=PATHS)
    given = made.parse_args()
    plan = Plan(
        databases=tuple(given.database or ("sqlite", "postgresql")),
        paths=tuple(given.path or PATHS),
        seconds=given.seconds,
        times=given.times,
        connections=given.connections,
        quiet_rate=given.quiet_rate,
        worker=not given.no_worker,
    )
    how = f"storms of {plan.seconds:g} s over {plan.connections} connections"
    return carry_out(how, HEAD, partial(run, plan))


if __name__ == "__main__":
    sys.exit(main())
