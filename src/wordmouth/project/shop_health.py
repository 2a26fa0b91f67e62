"""What the doctor says of shops that are read by their API: what the last looks found, and when
they were. The sentences are those of the desk. Nothing is asked of a shop here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wordmouth.cli.project import Check

if TYPE_CHECKING:
    from datetime import datetime

    from wordmouth.stores.facts import StoreFacts


def checks(store: StoreFacts) -> Iterator[Check]:
    """One check for everything that is wrong with a shop of the store, else one that says how far
    it was read. None for shops that tell by themselves."""
    from wordmouth.inbox import queries
    from wordmouth.integrations import condition
    from wordmouth.integrations.ports import BROKEN, OK
    from wordmouth.stores.transactions import store_read

    with store_read(store.id):
        feeds = queries.feeds()
    for adapter in dict.fromkeys(feed.adapter for feed in feeds):
        mine = [feed for feed in feeds if feed.adapter == adapter]
        wrong = [sign for sign in condition.of_feeds(mine, _moment) if sign.state != OK]
        for sign in wrong or [condition.read_so_far(mine, _moment)]:
            yield Check(
                name=f"shop {store.slug} ({adapter})",
                state="ok" if sign.state == OK else "broken" if sign.state == BROKEN else "warning",
                text=sign.text,
                mend=sign.mend,
            )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
