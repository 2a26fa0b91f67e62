"""How a measurement of its own is carried out and told: a table, and whether anything was lost."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from bench import report
from bench.processes import ROOT, BenchFailed
from bench.run import say


class Told(Protocol):
    """Something that was measured, a line of the table."""

    def row(self) -> Sequence[str]:
        """Its cells."""
        ...


def carry_out(
    how: str, head: Sequence[str], measure: Callable[[], tuple[Sequence[Told], list[str]]]
) -> int:
    """Measure and tell what came of it; gives the exit status. `how` stands above the table;
    `measure` gives its lines and what was found wrong afterwards, in words."""
    # Whoever ends this ends all that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    top = report.header(ROOT, how)
    try:
        measured, findings = measure()
    except BenchFailed as error:
        say(str(error))
        return 1
    sys.stdout.write(top + report.table([head, *(each.row() for each in measured)]))
    for finding in findings:
        say(f"WRONG: {finding}")
    if not findings:
        sys.stdout.write("\nEverything that was acknowledged is stored, once.\n")
    return 1 if findings else 0
