"""What the door of this process refused because nothing proved who had sent it: the last of each
shop. It is not stored, since anybody could fill the store with it; it is kept here to be shown to
somebody who connects a shop with a wrong secret."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from wordmouth.inbox.facts import Refusal

MOST_KEPT = 10_000

_last: OrderedDict[tuple[str, str], Refusal] = OrderedDict()
_guard = threading.Lock()


def note(store_id: str, adapter: str, at: datetime, why: str) -> None:
    """A delivery was refused, and this is why."""
    key = (store_id, adapter)
    with _guard:
        _last[key] = Refusal(adapter=adapter, at=at, why=why)
        _last.move_to_end(key)
        if len(_last) > MOST_KEPT:
            _last.popitem(last=False)


def last(store_id: str, adapter: str) -> Refusal | None:
    """What was refused last of what came for a store through this adapter, if anything was."""
    with _guard:
        return _last.get((store_id, adapter))


def forget() -> None:
    """Begin anew; for tests."""
    with _guard:
        _last.clear()
