"""What the doctor says of shops that are read by their API: what the last looks found, and when
they were. Nothing is asked of a shop here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wordmouth.cli.project import Check

if TYPE_CHECKING:
    from wordmouth.inbox.facts import FeedFacts
    from wordmouth.stores.facts import StoreFacts

SILENT_FOR = timedelta(hours=1)
"""So long after it was due a feed is said to be left alone."""


def checks(store: StoreFacts) -> Iterator[Check]:
    """One check for everything that is wrong with a shop of the store, else one that says how far
    it was read. None for shops that tell by themselves."""
    from wordmouth.inbox import queries
    from wordmouth.stores.transactions import store_read

    with store_read(store.id):
        feeds = queries.feeds()
    for adapter in dict.fromkeys(feed.adapter for feed in feeds):
        mine = [feed for feed in feeds if feed.adapter == adapter]
        name = f"shop {store.slug} ({adapter})"
        wrong = [check for feed in mine for check in _wrong(name, feed)]
        yield from wrong or [_well(name, mine)]


def _wrong(name: str, feed: FeedFacts) -> Iterator[Check]:
    from wordmouth.kit import clock

    for finding in feed.report.get("findings", []):
        if finding["state"] != "ok":
            yield _found(name, finding)
    what = _what(feed)
    if feed.problem:
        yield Check(
            name=name,
            state="warning",
            text=f"The {what} could not be read: {feed.problem}",
            mend="It is tried again by itself, and nothing is lost; if it lasts, look at the shop.",
        )
    elif clock.now() - feed.due_at > SILENT_FOR:
        yield Check(
            name=name,
            state="broken",
            text=f"The {what} should have been read at {feed.due_at:%Y-%m-%d %H:%M} UTC.",
            mend="Start `wordmouth serve`; the work behind the doors is done there.",
        )


def _found(name: str, finding: dict[str, Any]) -> Check:
    return Check(
        name=name,
        state="broken" if finding["state"] == "broken" else "warning",
        text=finding["text"],
        mend=finding["mend"],
    )


def _well(name: str, feeds: list[FeedFacts]) -> Check:
    """How far a shop was read in which nothing is wrong."""
    lists = [feed for feed in feeds if feed.taken or feed.kind != "connection"]
    read = ", ".join(f"{feed.taken} {_what(feed)}" for feed in lists)
    looked = [feed.done_at for feed in feeds if feed.done_at]
    if not looked:
        return Check(name=name, state="ok", text="It was connected, and is read at once.")
    going_on = [_what(feed) for feed in lists if feed.caught_up_at is None]
    history = f"; the history of {' and '.join(going_on)} is being read" if going_on else ""
    text = f"{read} were read{history}; last at {max(looked):%Y-%m-%d %H:%M} UTC."
    return Check(name=name, state="ok", text=text)


def _what(feed: FeedFacts) -> str:
    return "connection" if feed.kind == "connection" else f"{feed.kind}s"
