"""Random histories of a store: what happens, one step after another, written down beforehand.

A step is a name and some numbers, so that a history can be shown, told again, and made shorter.
Numbers choose among what is there when the step is taken; where nothing is, nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.rewards.picking import Pick, chance, one_of
from tests.rewards.programmes import KINDS, Data, next_version, plain, programme
from tests.rewards.shop import BASKETS, CHANGES

Step = tuple[str, tuple[int, ...]]

FEW = (
    ("amount_off", "gift_card"),
    ("store_credit",),
    ("points",),
    ("free_shipping",),
    ("amount_off", "store_credit", "points"),
    ("cash",),
)
"""Kinds that pay each other's debts, or fill one purse: with few of them they meet more often."""

FRIENDS = 6
"""So many meet again and again; whoever has a higher number is new."""


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
    kinds = KINDS if chance(pick, 30) else one_of(pick, FEW)
    versions = [(plain if chance(pick, 50) else programme)(pick, kinds)]
    if chance(pick, 35):
        versions.append(next_version(pick, versions[0], kinds))
    steps = _beginning(pick)
    for _ in range(one_of(pick, (4, 3, 6, 8))):
        new = FRIENDS + len(steps)
        steps += _next(pick, len(versions), threads, _way_to_spend(kinds), new)
    return History(tuple(versions), (*steps, ("tell", (99, 0, 0, 1))))


def _beginning(pick: Pick) -> list[Step]:
    """Somebody recommends, some friends buy, and mostly their orders stand."""
    steps: list[Step] = [("join", (0,))]
    for friend in range(1, 1 + one_of(pick, (3, 2, 4, 5))):
        steps += [("claim", (friend, 0)), ("buy", (friend, _basket(pick), 1, 1, 60))]
        if chance(pick, 20):
            steps.append(_change(pick))
    return [*steps, _tell(pick, 1), ("pass", (one_of(pick, (31, 8, 15)),))]


def _way_to_spend(kinds: tuple[str, ...]) -> str:
    """What a holder of such rewards does with them."""
    if kinds == ("cash",):
        return "payout"
    if set(kinds) <= {"points", "store_credit"}:
        return "redeem"
    return "use" if len(kinds) < 3 else "either"


def _next(pick: Pick, versions: int, threads: bool, spends: str, new: int) -> list[Step]:
    """What happens next; mostly the shop tells of it at once. `new` is a friend who was not there
    before."""
    what = one_of(pick, _WEIGHTED)
    spends = one_of(pick, ("use", "redeem", "payout")) if spends == "either" else spends
    what = spends if what == "spend" else what
    several = one_of(pick, (2, 3)) if threads and chance(pick, 60) else 1
    tell = [_tell(pick, several)] if chance(pick, 75) else []
    if what in ("friend", "version"):
        version: list[Step] = [("version", (versions - 1,))] if what == "version" else []
        return [*version, *_friend(pick, new), *tell]
    if what == "changes":
        return [*(_change(pick) for _ in range(one_of(pick, (1, 1, 2, 3)))), *tell]
    if what == "regret":
        return _regret(pick, spends, tell, new)
    return [_STEPS[what](pick), *(tell if what == "use" else ())]


def _regret(pick: Pick, spends: str, tell: list[Step], new: int) -> list[Step]:
    """What was earned is spent; then it is not owed; perhaps more is earned, and it is owed."""
    spent = [_STEPS[spends](pick) for _ in range(one_of(pick, (2, 1, 3)))]
    regret: Step = ("regret", (one_of(pick, (0, 4, pick.number(0, 7))),))
    steps = [*spent, regret, *tell]
    if chance(pick, 65):
        steps += [*_friend(pick, new), _tell(pick, 1), ("pass", (31,))]
        if chance(pick, 75):
            steps += [regret, *tell]
    return steps


def _friend(pick: Pick, new: int) -> list[Step]:
    """A friend buys, mostly for the first time, and perhaps time passes until that stands."""
    friend = one_of(pick, (new, new, new, pick.number(0, FRIENDS - 1)))
    advocate = one_of(pick, (0, 0, 0, 1, 2))
    steps: list[Step] = [("join", (advocate,))] if advocate else []
    wait = one_of(pick, (60, 1, 0))
    paid, code = one_of(pick, (1, 1, 1, 0)), one_of(pick, (1, 1, 0))
    steps += [("claim", (friend, advocate)), ("buy", (friend, _basket(pick), paid, code, wait))]
    return [*steps, _tell(pick, 1), ("pass", (31,))] if chance(pick, 40) else steps


def _basket(pick: Pick) -> int:
    return one_of(pick, (0, 1, 1, 2, 3, pick.number(0, len(BASKETS) - 1)))


def _change(pick: Pick) -> Step:
    return "change", (pick.number(0, 20), pick.number(0, len(CHANGES) - 1), pick.number(0, 11))


def _tell(pick: Pick, threads: int) -> Step:
    """Of what is not told yet all or a little, mixed, and some of it again."""
    return "tell", (one_of(pick, (99, 99, 99, 2)), pick.number(0, 99), pick.number(0, 2), threads)


_STEPS: dict[str, Callable[[Pick], Step]] = {
    "use": lambda pick: ("use", (pick.number(0, 20),)),
    "spent": lambda pick: ("spent", (pick.number(0, 20),)),
    "rule": lambda pick: ("rule", (pick.number(0, 20), pick.number(0, 1))),
    "pass": lambda pick: ("pass", (one_of(pick, (15, 8, 31, 46)),)),
    "redeem": lambda pick: ("redeem", (one_of(pick, (0, 0, 1)), pick.number(0, 4))),
    "payout": lambda pick: ("payout", (pick.number(0, 3),)),
    "bank": lambda pick: ("bank", (pick.number(0, 3), pick.number(0, 1))),
    "cancel": lambda pick: ("cancel", (pick.number(0, 5),)),
}
_OFTEN = {
    "regret": 8,
    "changes": 5,
    "friend": 5,
    "pass": 4,
    "spend": 4,
    "version": 2,
    "rule": 2,
    "spent": 1,
    "cancel": 1,
    "payout": 1,
    "bank": 2,
}
_WEIGHTED = tuple(name for name, weight in _OFTEN.items() for _ in range(weight))


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
