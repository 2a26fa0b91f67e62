"""Random histories of a store: what happens, one step after another, written down beforehand.

A step is a name and some numbers, so that a history can be shown, told again, and made shorter.
Numbers choose among what is there when the step is taken; where nothing is, nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.rewards.picking import Pick, chance, one_of
from tests.rewards.programmes import KINDS, Data, next_version, programme
from tests.rewards.shop import BASKETS, CHANGES

Step = tuple[str, tuple[int, ...]]

FEW = (("amount_off", "gift_card"), ("free_shipping",), ("points", "store_credit"), ("cash",))
"""Kinds that pay each other's debts, or fill one purse: with few of them they meet more often."""

ADVOCATES, FRIENDS = 3, 6
"""The first friend is the second advocate, who may be recommended like anybody else."""


@dataclass(frozen=True)
class History:
    """The versions of a programme, and what happened while they were in force."""

    versions: tuple[Data, ...]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        told = [f"version {number}: {data}" for number, data in enumerate(self.versions)]
        told += [f"{name} {' '.join(map(str, numbers))}" for name, numbers in self.steps]
        return "\n".join(told)


def history(pick: Pick, *, threads: bool = False) -> History:
    """A random history; with `threads` some batches are told by several threads at once."""
    kinds = KINDS if chance(pick, 60) else _few(pick)
    versions = [programme(pick, kinds)]
    if chance(pick, 35):
        versions.append(next_version(pick, versions[0], kinds))
    steps: list[Step] = [("join", (0,)), ("claim", (0, 0))]
    for _ in range(one_of(pick, (12, 6, 18, 24))):
        steps += _some(pick, len(versions), threads)
    return History(tuple(versions), (*steps, ("tell", (99, 0, 0, 1))))


def _few(pick: Pick) -> tuple[str, ...]:
    return one_of(
        pick,
        (("amount_off", "gift_card"), ("free_shipping",), ("points", "store_credit"), ("cash",)),
    )


def _some(pick: Pick, versions: int, threads: bool) -> list[Step]:
    """What happens next; mostly the shop tells of it at once."""
    what = one_of(pick, _WEIGHTED)
    steps = [_STEPS[what](pick)]
    if what == "buy" and chance(pick, 60):
        steps = [("claim", (steps[0][1][0], pick.number(0, ADVOCATES - 1))), *steps]
    if what == "join" and versions > 1 and chance(pick, 50):
        steps = [("version", (pick.number(0, versions - 1),)), *steps]
    if what in ("buy", "change", "use") and chance(pick, 65):
        several = one_of(pick, (2, 3)) if threads and chance(pick, 60) else 1
        steps.append(("tell", (99, pick.number(0, 99), one_of(pick, (0, 0, 1, 2)), several)))
    return steps


_STEPS: dict[str, Callable[[Pick], Step]] = {
    "join": lambda pick: ("join", (pick.number(0, ADVOCATES - 1),)),
    "claim": lambda pick: (
        "claim",
        (pick.number(0, FRIENDS - 1), pick.number(0, ADVOCATES - 1)),
    ),
    # Who, which basket, whether paid at once, whether with the code, whether a moment later.
    "buy": lambda pick: (
        "buy",
        (
            pick.number(0, FRIENDS - 1),
            one_of(pick, (0, 1, pick.number(0, len(BASKETS) - 1))),
            one_of(pick, (1, 1, 0)),
            one_of(pick, (1, 0)),
            one_of(pick, (60, 1, 0)),
        ),
    ),
    "change": lambda pick: (
        "change",
        (pick.number(0, 20), pick.number(0, len(CHANGES) - 1), pick.number(0, 11)),
    ),
    "use": lambda pick: ("use", (pick.number(0, 20),)),
    "spent": lambda pick: ("spent", (pick.number(0, 20),)),
    "tell": lambda pick: ("tell", (pick.number(1, 3), pick.number(0, 99), pick.number(0, 2), 1)),
    "rule": lambda pick: ("rule", (pick.number(0, 20), pick.number(0, 1))),
    "pass": lambda pick: ("pass", (one_of(pick, (15, 1, 8, 31, 46)),)),
    "redeem": lambda pick: ("redeem", (pick.number(0, 5), pick.number(0, 4))),
    "cancel": lambda pick: ("cancel", (pick.number(0, 5),)),
}
_WEIGHTED = tuple(
    name
    for name, weight in {
        "buy": 6,
        "change": 7,
        "pass": 4,
        "use": 2,
        "spent": 1,
        "rule": 1,
        "tell": 1,
        "join": 1,
        "claim": 1,
        "redeem": 2,
        "cancel": 1,
    }.items()
    for _ in range(weight)
)


def shortest(found: History, fails: Callable[[History], bool]) -> History:
    """A history that still fails and of which no step can be left out any more."""
    size = max(len(found.steps) // 2, 1)
    while size:
        place = 0
        while place < len(found.steps):
            less = replace(found, steps=found.steps[:place] + found.steps[place + size :])
            if fails(less):
                found = less
            else:
                place += size
        size //= 2
    return found
