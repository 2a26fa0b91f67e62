"""Which outside places do not answer just now, so that they do not take everybody's time. Pure.

A place is one store's shop, or one service that all stores share, such as the mail server. A
place that failed is left to one patient worker, and even that one asks it ever more rarely;
the other workers go on with everybody else.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(seconds=60)

Place = tuple[str, str]


class Circuits:
    """What one process knows about the places; shared by its workers."""

    def __init__(self, shared: Collection[str] = ()) -> None:
        """`shared` names the kinds of place, such as `mail`, that all stores have in common."""
        self._shared = frozenset(shared)
        self._ailing: dict[Place, tuple[int, datetime]] = {}
        self._lock = threading.Lock()

    def place(self, store_id: str, kind: str) -> Place:
        """Where effects of this kind go: `coupon.issue` and `coupon.revoke` to the same shop."""
        family = kind.partition(".")[0]
        return ("" if family in self._shared else store_id, family)

    def answered(self, store_id: str, kind: str) -> None:
        """The place answered, be it with a no."""
        with self._lock:
            self._ailing.pop(self.place(store_id, kind), None)

    def failed(self, store_id: str, kind: str, now: datetime) -> None:
        """The place did not answer: it rests for 5 s, then twice as long, at most a minute."""
        with self._lock:
            place = self.place(store_id, kind)
            failures = self._ailing.get(place, (0, now))[0] + 1
            rest = min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)
            self._ailing[place] = (failures, now + rest)

    def avoided(
        self, store_id: str, kinds: Iterable[str], now: datetime, *, patient: bool
    ) -> frozenset[str]:
        """The kinds not to take from this store now: those whose place rests, and for a worker
        that is not patient all whose place failed last time."""
        with self._lock:
            return frozenset(
                kind
                for kind in kinds
                if (found := self._ailing.get(self.place(store_id, kind))) is not None
                and (not patient or found[1] > now)
            )
