"""Requests side by side: all of them while their owner is alone, a few while others are there.

What one owner asks for in a storm would fill the event loop, and whoever else comes would wait
behind it, however early the storm is told that it has its share. So while several owners ask,
each has so many lanes at a time and waits in front of them. The few that are under way share their
commits as ever, and the loop has time for the others.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque

from wordmouth.kit.turns import Full

COMPANY_SECONDS = 1.0
"""An owner who came so lately is there."""

Lane = tuple[str, str]


class _Pass:
    """What `Lanes.lane` gives. A generator would cost several times as much."""

    __slots__ = ("_lane", "_lanes")

    def __init__(self, lanes: Lanes, lane: Lane) -> None:
        self._lanes, self._lane = lanes, lane

    async def __aenter__(self) -> None:
        await self._lanes.enter(self._lane)

    async def __aexit__(self, *error: object) -> None:
        self._lanes.leave(self._lane)


class Lanes:
    """`width` lanes for each owner and kind of request, and `room` for those that wait, which
    nobody has more of than is left. Use it from one event loop."""

    def __init__(self, width: int, room: int) -> None:
        self._width = width
        self._left = room
        self._inside: Counter[Lane] = Counter()
        self._waiting: dict[Lane, deque[asyncio.Future[None]]] = {}
        self._came: OrderedDict[str, float] = OrderedDict()

    def lane(self, owner: str, kind: str) -> _Pass:
        """A lane to have for the length of an `async with` block. Entering it raises
        kit.turns.Full at once where too many wait already."""
        return _Pass(self, (owner, kind))

    async def enter(self, lane: Lane) -> None:
        """See `lane`."""
        self._note(lane[0])
        if self._is_open(lane):
            self._inside[lane] += 1
        else:
            await self._wait(lane)

    def _note(self, owner: str) -> None:
        now = time.monotonic()
        self._came[owner] = now
        self._came.move_to_end(owner)
        while next(iter(self._came.values())) < now - COMPANY_SECONDS:
            self._came.popitem(last=False)

    def _is_open(self, lane: Lane) -> bool:
        return self._inside[lane] < self._width or not self._has_company(lane[0])

    def _has_company(self, owner: str) -> bool:
        newest = next((name for name in reversed(self._came) if name != owner), None)
        return newest is not None and self._came[newest] >= time.monotonic() - COMPANY_SECONDS

    async def _wait(self, lane: Lane) -> None:
        """Wait for a lane; whoever lets one in has counted it."""
        line = self._waiting.setdefault(lane, deque())
        if len(line) + 1 > self._left:
            raise Full(whole=self._left < 1)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        self._left -= 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._give_up(lane, turn)
            else:
                self.leave(lane)
            raise

    def _give_up(self, lane: Lane, turn: asyncio.Future[None]) -> None:
        line = self._waiting.get(lane)
        if line is not None and turn in line:
            line.remove(turn)
            self._left += 1

    def leave(self, lane: Lane) -> None:
        """Let in who waits: more than one where the owner is alone by now."""
        self._inside[lane] -= 1
        line = self._waiting.get(lane)
        while line and self._is_open(lane):
            turn = line.popleft()
            self._left += 1
            if not turn.done():
                self._inside[lane] += 1
                turn.set_result(None)
        if not line:
            self._waiting.pop(lane, None)
            if not self._inside[lane]:
                del self._inside[lane]
