"""Reading a list of a shop on, in the order of its last changes and in pages that are numbered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.ports import Page

OVERLAP = timedelta(minutes=2)
"""How much is read again when a list is read on: a thing is stamped before it is committed."""
SECOND = timedelta(seconds=1)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Cursor(msgspec.Struct, frozen=True):
    """Where to read on: things changed `after` that moment, from page `page` on."""

    after: datetime = BEGINNING
    page: int = 1

    def text(self) -> str:
        """As it is kept."""
        return msgspec.json.encode(self).decode()


def cursor_of(text: str) -> Cursor:
    """A cursor as it was kept; the beginning where there is none yet."""
    return msgspec.json.decode(text, type=Cursor) if text else Cursor()


def page_by_time(
    items: tuple[Fetched, ...], times: Sequence[datetime], at: Cursor, *, last: bool
) -> Page:
    """The things that were read from `at` on, with when each was changed, and where to read on:
    by time and not by place, so that nothing is passed over when what is changed meanwhile moves
    to the end. Only within one second there is no other way. `last`: nothing is behind them."""
    newest = max(times, default=at.after)
    if last:
        # Never from further back than this time.
        onward = Cursor(max(newest - OVERLAP, at.after))
    elif newest - SECOND > at.after:
        onward = Cursor(newest - SECOND)
    else:
        onward = Cursor(at.after, at.page + 1)
    return Page(items=items, cursor=onward.text(), done=last)
