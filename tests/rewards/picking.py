"""Random choices, from a seed or from Hypothesis' bytes: what is made of them is told once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Pick(Protocol):
    """Somebody who chooses."""

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends among them."""
        ...


class Seeded:
    """Chooses by a seed: quick, and the same again for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


class Written:
    """Chooses as a text of bytes says, and whatever is first when the text is over: a shorter
    text and smaller bytes make a simpler case, and Hypothesis makes both."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0

    def number(self, low: int, high: int) -> int:
        width = 1 if high - low < 256 else 4
        part = self._text[self._at : self._at + width]
        self._at += width
        return low + int.from_bytes(part, "big") % (high - low + 1)


def one_of(pick: Pick, among: Sequence[T]) -> T:
    """One of these; the first is the simplest."""
    return among[pick.number(0, len(among) - 1)]


def chance(pick: Pick, percent: int) -> bool:
    """True in so many cases of a hundred."""
    return pick.number(1, 100) > 100 - percent


def shuffled(pick: Pick, things: Sequence[T]) -> list[T]:
    """All of these in a random order."""
    left = list(things)
    return [left.pop(pick.number(0, len(left) - 1)) for _ in things]
