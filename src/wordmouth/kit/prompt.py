"""A database that the event loop speaks to itself, as long as that keeps nobody waiting.

To hand a row to another thread and be told by it costs several times what the row does. So the
loop reads and writes at once what can be done at once; what cannot (`NotNow`) goes to the
threads, which have patience.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from wordmouth.kit.group_commit import Work


class NotNow(Exception):
    """It would have to be waited for; nothing was done."""


class Prompt(Protocol):
    """A database for one event loop: nothing here holds the loop up for longer than a quick disk
    takes to write."""

    async def open(self) -> None:
        """Connect, so that the first question need not wait for that; no error when it fails."""
        ...

    async def read(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that a statement tells. Raises NotNow, also where the database is at fault."""
        ...

    async def write(self, work: Work) -> None:
        """Execute each statement with all its rows in one transaction; durable on return.

        Raises NotNow; Unavailable when the database is at fault and nothing may be relied on;
        anything else when a row is, and nothing is written.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
