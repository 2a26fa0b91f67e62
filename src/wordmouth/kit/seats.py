"""So many at a time; who finds no seat waits, owner by owner in turn, and not without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wordmouth.kit.turns import Turns


class Seats:
    """So many `seats`, and `room` for those that wait. Use it from one event loop."""

    def __init__(self, seats: int, room: int) -> None:
        self._free = seats
        self._waiting: Turns[asyncio.Future[None]] = Turns(room)

    @asynccontextmanager
    async def seat(self, owner: str, size: int = 1) -> AsyncIterator[None]:
        """Sit for the length of a block. Raises kit.turns.Full at once where there is no room."""
        await self._sit_down(owner, size)
        try:
            yield
        finally:
            self._stand_up()

    async def _sit_down(self, owner: str, size: int) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put(owner, turn, size)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._stand_up()
            raise

    def _stand_up(self) -> None:
        """Offer the seat to the next who still waits."""
        for turn in iter(lambda: self._waiting.take(1), []):
            if not turn[0].done():
                turn[0].set_result(None)
                return
        self._free += 1
