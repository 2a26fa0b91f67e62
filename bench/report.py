"""What a measurement shows: a table for people, a list for programs."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from bench.figures import Measured, Row, row_of, spread

HEAD = "path database prior rate/s cpu-us p50-ms p99-ms limit/s ratio spread".split()


def table(rows: Iterable[Sequence[str]]) -> str:
    """Columns under each other: the first two to the left, the others to the right."""
    told = [list(row) for row in rows]
    widths = [max(len(row[place]) for row in told) for place in range(len(told[0]))]
    return "".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in told
    )


def figures(measured: Iterable[Measured]) -> str:
    """The table of a measurement; `spread` is that of the rate over the rounds."""
    rows: list[Sequence[str]] = [HEAD]
    crowded = False
    for each in measured:
        row = row_of(each)
        at_least = any(limit.crowded for limit in each.limits)
        crowded = crowded or at_least
        limit = "-" if row.limit is None else f"{row.limit:,.0f}{'+' if at_least else ''}"
        ratio = "-" if row.ratio_to_limit is None else f"{row.ratio_to_limit:.3f}"
        rows.append(
            [
                row.path,
                row.database,
                f"{row.prior_orders:,}",
                f"{row.rate:,.0f}",
                f"{row.cpu_us:,.0f}",
                f"{row.p50_ms:.1f}",
                f"{row.p99_ms:.1f}",
                limit,
                ratio,
                f"{spread([sample.rate for sample in each.rounds]):.0%}",
            ]
        )
    text = table(rows)
    if crowded:
        text += "+ at least: the load generator had no more to give\n"
    return text


def header(root: Path, how: str) -> str:
    """The commit, the machine and how busy it is, and how it was measured."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"Wordmouth {commit(root)}; {how}\n"
        f"{processor()}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"Python {platform.python_version()}; load before: {load}\n\n"
    )


def commit(root: Path) -> str:
    """The commit of a checkout, with a word where files differ from it."""
    name = _git(root, "rev-parse", "--short", "HEAD") or "without git"
    changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    return f"{name} with changes" if changed else name


def processor() -> str:
    """What the machine calls its processor."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def keep(measured: Iterable[Measured], path: Path) -> None:
    """Write the rows as a list of JSON objects."""
    rows = [row_of(each) for each in measured]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")


def read(path: Path) -> list[Row]:
    """The rows that `keep` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=list[Row])
