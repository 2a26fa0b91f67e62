"""A queue in which owners take turns: whoever brings too much waits for itself.

First come, first served is not fair between stores: behind the thousand rows of one, the single
row of another waits for all of them. Here every owner has a line of its own, and one is taken from
each line in turn.

Nor may one owner fill the queue. None holds more than there is room left, the "dynamic threshold"
by which network switches share their memory (Choudhury and Hahne, 1998): one that storms gets half
of the room, two get a third each, and who comes new finds some.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Full(Exception):
    """There is no room. `whole`: for nobody; else this owner has its share."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__("all room is taken" if whole else "one owner has its share")
        self.whole = whole


class _Line(Generic[T]):
    """What waits for one owner, and how much room it takes."""

    __slots__ = ("held", "items")

    def __init__(self) -> None:
        self.items: deque[tuple[T, int]] = deque()
        self.held = 0


class Turns(Generic[T]):
    """A queue with so much `room`; an item takes as much of it as is its size. Not thread-safe."""

    def __init__(self, room: int) -> None:
        self._room = self._left = room
        self._lines: dict[str, _Line[T]] = {}
        self._order: deque[str] = deque()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def check(self, owner: str, size: int = 1) -> None:
        """Raises Full where an item of this owner would not be let in."""
        line = self._lines.get(owner)
        if (line.held if line else 0) + size > self._left:
            raise Full(whole=self._left < size)

    def put(self, owner: str, item: T, size: int = 1) -> None:
        """Let an item wait at the end of its owner's line. Raises Full."""
        self.check(owner, size)
        line = self._lines.get(owner)
        if line is None:
            line = self._lines[owner] = _Line()
            self._order.append(owner)
        line.items.append((item, size))
        line.held += size
        self._left -= size
        self._count += 1

    def take(self, most: int) -> list[T]:
        """The next items, one of each owner in turn."""
        taken: list[T] = []
        for _ in range(min(most, self._count)):
            owner = self._order.popleft()
            line = self._lines[owner]
            item, size = line.items.popleft()
            taken.append(item)
            line.held -= size
            self._left += size
            if line.items:
                self._order.append(owner)
            else:
                del self._lines[owner]
        self._count -= len(taken)
        return taken
