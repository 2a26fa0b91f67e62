"""`python -m bench`: measure this version, or compare it with another revision."""

from __future__ import annotations

import argparse
import signal
import sys

from bench import compare, run
from bench.side import PATHS


def plan_of(given: argparse.Namespace) -> run.Plan:
    """What the command line asks for."""
    return run.Plan(
        databases=tuple(given.database or ("sqlite", "postgresql")),
        paths=tuple(given.path or PATHS),
        rounds=given.rounds,
        seconds=given.seconds,
        connections=given.connections,
        codes=given.codes,
        prior=given.prior,
    )


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    made.add_argument("--rounds", type=int, default=5)
    made.add_argument("--seconds", type=float, default=2.0, help="of load in each round")
    made.add_argument("--connections", type=int, default=32)
    made.add_argument("--codes", type=int, default=100_000, help="known to each store")
    made.add_argument("--prior", type=int, default=0, help="orders settled before")
    made.add_argument("--against", metavar="REV", help="a revision to compare with, in turns")
    made.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    made.add_argument("--path", action="append", choices=PATHS)
    return made


def main() -> int:
    """Read the command line and do what it says; gives the exit status."""
    asked = parser()
    given = asked.parse_args()
    # Whoever ends this ends all that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if given.against == "":
        asked.error("name a revision to compare with: make bench-compare REV=main~5")
    if given.against is not None:
        return compare.command(plan_of(given), given.against)
    return run.command(plan_of(given))


if __name__ == "__main__":
    sys.exit(main())
