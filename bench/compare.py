"""Two versions in turns, and what is different beyond the noise."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import report
from bench.databases import Place, kind_of
from bench.figures import Sample, spread
from bench.processes import ROOT, BenchFailed, migrate
from bench.run import Plan, say
from bench.side import Side, in_turns

Rounds = dict[tuple[str, str], list[tuple[Sample, Sample]]]

_HEAD = "path database figure before after change noise".split()
_FIGURES: dict[str, tuple[Callable[[Sample], float], int]] = {
    "rate/s": (lambda sample: sample.rate, 1),
    "cpu-us": (lambda sample: sample.cpu_us, -1),
    "p50-ms": (lambda sample: sample.p50_ms, -1),
    "p99-ms": (lambda sample: sample.p99_ms, -1),
}
"""What is compared, and whether more (1) or less (-1) of it is better."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a path before and after; `change` and `noise` are shares."""

    path: str
    database: str
    figure: str
    before: float
    after: float
    change: float
    noise: float
    verdict: str


def changes(rounds: Rounds) -> list[Change]:
    """Every figure of every path. It is `better` or `worse` where the medians differ by more than
    the spreads of both together, and every single round says the same."""
    found = []
    for (path, database), samples in rounds.items():
        for figure, (of, sign) in _FIGURES.items():
            old = [of(before) for before, _ in samples]
            new = [of(after) for _, after in samples]
            before, after = statistics.median(old), statistics.median(new)
            change = after / before - 1 if before else 0.0
            noise = spread(old) + spread(new)
            found.append(
                Change(
                    path=path,
                    database=database,
                    figure=figure,
                    before=before,
                    after=after,
                    change=change,
                    noise=noise,
                    verdict=_verdict(change, noise, sign) if _agree(old, new) else "",
                )
            )
    return found


def _agree(old: Sequence[float], new: Sequence[float]) -> bool:
    """Whether the figure went the same way in every round."""
    ways = {(after > before) - (after < before) for before, after in zip(old, new, strict=True)}
    return len(ways) == 1


def _verdict(change: float, noise: float, sign: int) -> str:
    if abs(change) <= noise:
        return ""
    return "better" if change * sign > 0 else "worse"


def shown(found: Iterable[Change]) -> str:
    """The comparison as a table."""
    rows: list[Sequence[str]] = [[*_HEAD, ""]]
    rows += [
        [
            each.path,
            each.database,
            each.figure,
            f"{each.before:,.1f}",
            f"{each.after:,.1f}",
            f"{each.change:+.1%}",
            f"{each.noise:.1%}",
            each.verdict,
        ]
        for each in found
    ]
    return report.table(rows)


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """The files of a revision in a folder of their own, while the block lasts."""
    with TemporaryDirectory(prefix="wordmouth-revision-") as folder:
        path = Path(folder) / "files"
        _git("worktree", "add", "--detach", str(path), revision)
        try:
            yield path
        finally:
            _git("worktree", "remove", "--force", str(path))


def _git(*arguments: str) -> None:
    done = subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchFailed(f"git {' '.join(arguments)}: {done.stderr.strip()}")


def compare(plan: Plan, old: Path) -> tuple[Rounds, list[str]]:
    """Measure the version in `old` and this one in turns; all rounds, and what was lost."""
    rounds: Rounds = {}
    findings: list[str] = []
    with TemporaryDirectory(prefix="wordmouth-bench-") as folder:
        for name in plan.databases:
            findings += _on(plan, name, Path(folder) / name, old, rounds)
    return rounds, findings


def _on(plan: Plan, name: str, folder: Path, old: Path, rounds: Rounds) -> list[str]:
    folder.mkdir()
    with ExitStack() as stack:
        kind = kind_of(name, folder)
        stack.callback(kind.close)
        sides = []
        for which, root in (("before", old), ("after", ROOT)):
            say(f"{name}: starting the version {which}")
            place = Place(kind, folder / which, root / "src")
            place.folder.mkdir()
            kind.fresh(f"bench_{which}")
            migrate(place.environment(f"bench_{which}"))
            side = Side(place, f"bench_{which}")
            stack.callback(side.stop)
            side.start(plan.codes, plan.prior, plan.paths)
            sides.append(side)
        for number in range(plan.rounds):
            for path in plan.paths:
                say(f"{name}: round {number + 1} of {plan.rounds}, {path}")
                before, after = (
                    partial(side.sample, path, plan.seconds, plan.connections) for side in sides
                )
                pair = in_turns(before, after, number)
                rounds.setdefault((path, name), []).append(pair)
        for side in sides:
            side.stop()
        return [f"{name}: {finding}" for side in sides for finding in side.check()]


def command(plan: Plan, revision: str) -> int:
    """Compare and show; gives the exit status, 1 when anything acknowledged is not there."""
    top = report.header(ROOT, f"against {revision}; {plan.in_words()}")
    try:
        with checked_out(revision) as old:
            rounds, findings = compare(plan, old)
    except BenchFailed as error:
        say(str(error))
        return 1
    sys.stdout.write(top + shown(changes(rounds)))
    for finding in findings:
        say(f"WRONG: {finding}")
    return 1 if findings else 0
