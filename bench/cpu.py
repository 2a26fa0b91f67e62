"""How much processor time trees of processes have used."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """A process of this machine: its parent, and its ticks with those of its ended children."""

    parent: int
    ticks: int


def processes() -> dict[int, Process]:
    """All processes by their number."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has just ended: its parent has its time now.
        found[int(folder.name)] = Process(int(fields[1]), sum(int(n) for n in fields[11:15]))
    return found


def tree(roots: Iterable[int], among: dict[int, Process]) -> set[int]:
    """These processes and all that descend from them."""
    children: dict[int, list[int]] = {}
    for number, process in among.items():
        children.setdefault(process.parent, []).append(number)
    found: set[int] = set()
    waiting = [number for number in roots if number in among]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += children.get(number, [])
    return found


def cpu_seconds(*roots: int) -> float:
    """User and system time so far of these processes and all that descend from them."""
    among = processes()
    return sum(among[number].ticks for number in tree(roots, among)) / _TICKS
