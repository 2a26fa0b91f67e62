"""How much to do at once so that others need not wait long."""

from __future__ import annotations


class Pace:
    """The size of the next batch, from how long the last ones took.

    Aims at `seconds` for a batch, from `least` to `most` things; begins with `first`.
    """

    def __init__(self, seconds: float, *, first: int, least: int, most: int) -> None:
        self._seconds = seconds
        self._least, self._most = least, most
        self.limit = first

    def note(self, count: int, seconds: float) -> None:
        """A batch of `count` things took so many seconds."""
        if count <= 0:
            return
        fitting = int(count * self._seconds / max(seconds, 1e-6))
        # A small batch says little about large ones: grow at most twofold at a time.
        self.limit = max(self._least, min(fitting, 2 * max(count, self.limit // 2), self._most))
