"""How much to do at once so that others need not wait long."""

from __future__ import annotations


class Pace:
    """The size of the next batch, from how long the last ones took.

    Aims at `seconds` for a batch, or at `awaited` where somebody waits for its end, from `least`
    to `most` things; begins with `first`.
    """

    def __init__(
        self, seconds: float, *, awaited: float, first: int, least: int, most: int
    ) -> None:
        self._seconds, self._awaited = seconds, awaited
        self._least, self._most = least, most
        self.limit = first

    def note(self, count: int, seconds: float, *, is_awaited: bool = False) -> None:
        """A batch of `count` things took so many seconds, and somebody waited for its end or
        not."""
        if count <= 0:
            return
        aim = self._awaited if is_awaited else self._seconds
        fitting = int(count * aim / max(seconds, 1e-6))
        # A small batch says little about large ones: grow at most twofold at a time.
        self.limit = max(self._least, min(fitting, 2 * max(count, self.limit // 2), self._most))
