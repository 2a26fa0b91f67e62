"""A whole measurement: every path on every database, in turns with its limit, then the check."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import report
from bench.databases import Place, kind_of
from bench.figures import Measured, Sample
from bench.limits import Limits
from bench.processes import ROOT, BenchFailed, Nginx, installed_nginx, migrate
from bench.side import PATHS, Side, in_turns

LATEST = ROOT / "bench" / "latest.json"
_RECORDED_ORDERS = 1000
_EMPTY = "bench_empty"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure and how long."""

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    paths: tuple[str, ...] = PATHS
    rounds: int = 5
    seconds: float = 2.0
    connections: int = 32
    codes: int = 100_000
    prior: int = 0
    limits: bool = True

    def in_words(self) -> str:
        """How it is measured, for the header."""
        return (
            f"medians of {self.rounds} rounds of {self.seconds:g} s, "
            f"{self.connections} connections, {self.codes:,} codes"
        )


class Result(msgspec.Struct, frozen=True):
    """What was measured, and what is not as it was acknowledged."""

    measured: list[Measured]
    findings: list[str]


def run(plan: Plan, before_check: Callable[[str], object] = str) -> Result:
    """Measure all of it; `before_check` is told the address of each database before its check.

    Raises BenchFailed when something does not start or answer.
    """
    measured: list[Measured] = []
    findings: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="wordmouth-bench-")))
        nginx = _nginx(plan, folder, stack)
        for name in plan.databases:
            done = _on(plan, name, folder / name, nginx, before_check)
            measured += done.measured
            findings += [f"{name}: {finding}" for finding in done.findings]
    return Result(measured, findings)


def _nginx(plan: Plan, folder: Path, stack: ExitStack) -> Nginx | None:
    program = installed_nginx()
    if not plan.limits or not {"click", "code", "widget"}.intersection(plan.paths):
        return None
    if program is None:
        say("nginx is not installed: no limit for click, code and widget")
        return None
    nginx = Nginx(program, folder / "nginx")
    stack.callback(nginx.stop)
    return nginx


def _on(
    plan: Plan, name: str, folder: Path, nginx: Nginx | None, before_check: Callable[[str], object]
) -> Result:
    """The measurement on one database."""
    folder.mkdir()
    with ExitStack() as stack:
        kind = kind_of(name, folder)
        stack.callback(kind.close)
        place = Place(kind, folder, ROOT / "src")
        say(f"{name}: making the tables")
        kind.fresh(_EMPTY)
        migrate(place.environment(_EMPTY))
        limits = Limits(place, _EMPTY, nginx, plan.connections) if plan.limits else None
        if limits is not None:
            say(f"{name}: recording what settling writes")
            limits.prepare(_RECORDED_ORDERS if "settle" in plan.paths else 0)
        side = Side(place, _EMPTY)
        stack.callback(side.stop)
        say(f"{name}: making {plan.codes:,} codes and {plan.prior:,} orders from before")
        side.start(plan.codes, plan.prior, plan.paths)
        measured = _rounds(plan, name, side, limits)
        side.stop()
        before_check(side.address)
        return Result(measured, side.check())


def _rounds(plan: Plan, name: str, side: Side, limits: Limits | None) -> list[Measured]:
    rounds: dict[str, list[Sample]] = {path: [] for path in plan.paths}
    bounds: dict[str, list[Sample]] = {path: [] for path in plan.paths}
    for number in range(plan.rounds):
        for path in plan.paths:
            say(f"{name}: round {number + 1} of {plan.rounds}, {path}")
            done, limit = in_turns(
                partial(side.sample, path, plan.seconds, plan.connections),
                partial(limits.sample, path, plan.seconds / 2) if limits else _nothing,
                number,
            )
            rounds[path].append(done)
            if limit is not None:
                bounds[path].append(limit)
    return [
        Measured(
            path=path,
            database=name,
            prior_orders=plan.prior,
            rounds=rounds[path],
            limits=bounds[path],
        )
        for path in plan.paths
    ]


def _nothing() -> None:
    """The limit where none is asked for."""


def say(what: str) -> None:
    """Tell whoever waits what is going on."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def command(plan: Plan, latest: Path = LATEST) -> int:
    """Measure, show, keep; gives the exit status, 1 when anything acknowledged is not there."""
    top = report.header(ROOT, plan.in_words())
    try:
        result = run(plan)
    except BenchFailed as error:
        say(str(error))
        return 1
    sys.stdout.write(top + report.figures(result.measured))
    report.keep(result.measured, latest)
    for finding in result.findings:
        say(f"WRONG: {finding}")
    if not result.findings:
        sys.stdout.write("\nEverything that was acknowledged is stored, once.\n")
    return 1 if result.findings else 0
