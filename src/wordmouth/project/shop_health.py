"""What the doctor says of shops that are read by their API: what the last looks found, and when
they were. The sentences are those of the desk. Nothing is asked of a shop here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from wordmouth.cli.project import Check

if TYPE_CHECKING:
    from datetime import datetime

    from wordmouth.integrations.condition import Sign
    from wordmouth.stores.facts import StoreFacts


class _Found(NamedTuple):
    """What is wrong with a shop, and how far it was read."""

    adapter: str
    wrong: list[Sign]
    read: Sign


def checks(store: StoreFacts) -> Iterator[Check]:
    """One check for everything that is wrong with a shop of the store, else one that says how far
    it was read. None for shops that tell by themselves."""
    from wordmouth.integrations.ports import BROKEN, OK

    for found in _followed(store):
        for sign in found.wrong or [found.read]:
            yield Check(
                name=f"shop {store.slug} ({found.adapter})",
                state="ok" if sign.state == OK else "broken" if sign.state == BROKEN else "warning",
                text=sign.text,
                mend=sign.mend,
            )


def mend() -> list[str]:
    """Have every shop looked at now in which something is wrong; what was asked for, in sentences.
    The look has a shop deliver again that does not, and its lists are read on."""
    from wordmouth.integrations import following
    from wordmouth.project.adapters import ADAPTERS
    from wordmouth.stores import queries

    asked = []
    for store in queries.list_stores():
        for found in _followed(store):
            if found.wrong and found.adapter in ADAPTERS:
                following.begin(store.id, found.adapter)
                asked.append(
                    f"shop {store.slug} ({found.adapter}) is looked at by `wordmouth serve`, which "
                    "mends what it can."
                )
    return asked


def _followed(store: StoreFacts) -> Iterator[_Found]:
    from wordmouth.inbox import queries
    from wordmouth.integrations import condition
    from wordmouth.integrations.ports import OK
    from wordmouth.stores.transactions import store_read

    with store_read(store.id):
        feeds = queries.feeds()
    for adapter in dict.fromkeys(feed.adapter for feed in feeds):
        mine = [feed for feed in feeds if feed.adapter == adapter]
        wrong = [sign for sign in condition.of_feeds(mine, _moment) if sign.state != OK]
        yield _Found(adapter, wrong, condition.read_so_far(mine, _moment))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
