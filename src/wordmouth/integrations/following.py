"""Following shops: what they told only in part is read there, what their deliveries lost is
found in their lists, and where they deliver is looked after.

Whatever is read becomes a delivery of that shop and settles like any other, so what is read and
what is told are the same by construction.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import services as inbox_services
from wordmouth.inbox.facts import FeedFacts, StoredDelivery
from wordmouth.integrations.ports import (
    BROKEN,
    CREDENTIALS,
    SUBSCRIPTIONS,
    Finding,
    Ref,
    ShopAdapter,
    ShopApi,
)
from wordmouth.kit import clock
from wordmouth.kit.ids import derived_id
from wordmouth.outbox import services as outbox
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.outbox.facts import EffectRequest, LeasedEffect
from wordmouth.outbox.rules import LONGEST_PAUSE
from wordmouth.outbox.runner import Handler
from wordmouth.stores import addresses
from wordmouth.stores import queries as stores
from wordmouth.stores.jobs import each_store
from wordmouth.stores.transactions import store_read, store_write

FETCH, POLL, CHECK = "shop.fetch", "shop.poll", "shop.check"
CONNECTION = "connection"
"""The kind of feed that looks at the connection itself."""
CLOSED = "closed"
"""In its report: why the shop has ended the connection."""

POLL_EVERY = timedelta(minutes=10)
CHECK_EVERY = timedelta(hours=1)
CHECK_AGAIN = timedelta(minutes=5)
"""How soon a connection is looked at again in which something is broken."""
HOLD = timedelta(minutes=30)
"""How long the outbox tries by itself before it is asked anew: its pauses grow to half a day, and
a shop that is back should not wait for the end of one."""
SPELL_SECONDS = 5.0
"""How long one effect reads on: the threads that carry effects out are there for all stores."""
MOST_WAITING = 2000
"""Nothing more is read while so many deliveries of the store wait, so that what the shop tells
meanwhile does not wait behind its whole history."""
BREATH = timedelta(seconds=10)

_adapters: Mapping[str, ShopAdapter] = {}


def install(adapters: Mapping[str, ShopAdapter]) -> None:
    """Make these the shops that this process knows."""
    global _adapters
    _adapters = adapters


def begin(store_id: str, adapter: str) -> None:
    """Follow the store's shop from now on: read its history, and look whether it delivers. For
    one that is followed already, all of it is due at once."""
    with store_write(store_id):
        inbox_services.open_feeds(store_id, adapter, _kinds(_adapters[adapter]))
        _ask(inbox_services.due_feeds(HOLD))


def _kinds(adapter: ShopAdapter) -> tuple[str, ...]:
    return (CONNECTION, *adapter.capabilities.lists)


def adopt() -> int:
    """Begin with shops that are connected and that nobody follows yet, or not in all that a newer
    version reads; how many. Done by the clock: a shop may be connected by a process that ends right
    afterwards."""
    followed_by = {
        name: _kinds(adapter)
        for name, adapter in _adapters.items()
        if adapter.capabilities.lists or adapter.capabilities.subscriptions
    }
    wanted = {
        (store_id, name, kind)
        for store_id, name in stores.connected_through(followed_by)
        for kind in followed_by[name]
    }
    new = sorted({(store_id, name) for store_id, name, _ in wanted - inbox.followed()})
    for store_id, adapter in new:
        begin(store_id, adapter)
    return len(new)


def follow() -> int:
    """Ask for whatever is due in any shop; how much was asked for. Done by the clock."""
    return sum(each_store(inbox.stores_to_look_at(clock.now()), "shop.not_asked", _ask_store))


def _ask_store(store_id: str) -> int:
    with store_write(store_id):
        return _ask(inbox_services.due_feeds(HOLD))


def _ask(due: list[FeedFacts]) -> int:
    outbox.again(
        [
            EffectRequest(
                key=f"{_act(feed)}:{feed.adapter}:{feed.kind}",
                kind=_act(feed),
                payload={"adapter": feed.adapter, "kind": feed.kind},
            )
            for feed in due
        ]
    )
    return len(due)


def _act(feed: FeedFacts) -> str:
    return CHECK if feed.kind == CONNECTION else POLL


def ask_to_fetch(hints: Mapping[tuple[str, Ref], StoredDelivery]) -> None:
    """Ask that things be read at the shop of which deliveries (by adapter and thing) told only
    that they changed; in the store write that settles those."""
    outbox.enqueue(
        [
            EffectRequest(
                key=f"{FETCH}:{derived_id('hint', delivery.id, ref.kind, ref.id)}",
                kind=FETCH,
                payload={"adapter": adapter, "kind": ref.kind, "id": ref.id},
            )
            for (adapter, ref), delivery in hints.items()
        ]
    )


def close(adapter: str, why: str) -> None:
    """The shop has ended the connection, and says `why` in a sentence: nothing is asked of it until
    a later look finds that it lets us in; in the store write that settles what it said."""
    feed = inbox.feed(adapter, CONNECTION)
    if feed is not None:
        report = {"findings": [msgspec.to_builtins(_ended(why))], "mended": [], CLOSED: why}
        inbox_services.feed_reported(feed, report, clock.now() + CHECK_AGAIN)


def why_closed(store_id: str, adapter: str) -> str:
    """Why the shop has ended the connection; empty while it did not."""
    with store_read(store_id):
        feed = inbox.feed(adapter, CONNECTION)
    return str(feed.report.get(CLOSED, "")) if feed else ""


def _ended(why: str) -> Finding:
    return Finding(
        name=CREDENTIALS,
        state=BROKEN,
        text=why,
        mend="Let Wordmouth into the shop again and connect the store anew; what is to be done "
        "there waits for two days.",
    )


def _check_open(effect: LeasedEffect) -> None:
    if why := why_closed(effect.store_id, effect.payload["adapter"]):
        raise Unreachable(why)


def fetch(effect: LeasedEffect) -> dict[str, Any]:
    """Read one thing at the shop."""
    adapter, kind = effect.payload["adapter"], effect.payload["kind"]
    with _outcome():
        _check_open(effect)
        found = _api(effect).fetch(Ref(kind=kind, id=effect.payload["id"]))
    if found is None:
        return {"state": "the shop has none (any more)"}
    with store_write(effect.store_id):
        feed = inbox.feed(adapter, kind)
        since = feed.opened_at if feed else None
        inbox_services.receive_fetched(effect.store_id, adapter, [found], since)
    return {"state": "read"}


def poll(effect: LeasedEffect) -> dict[str, Any]:
    """Read a list of the shop on from where it was read to."""
    api, ends, taken = _api(effect), time.monotonic() + SPELL_SECONDS, 0
    while True:
        feed = _feed(effect)
        if _is_behind(feed):
            return {"state": "waits until what was read is settled", "taken": taken}
        with _outcome(feed):
            _check_open(effect)
            page = api.changes(feed.kind, feed.cursor)
        if not page.done and page.cursor == feed.cursor:
            raise TryLater("The shop's list does not go on from where it was read to.")
        due_at = clock.now() + (POLL_EVERY if page.done else timedelta(0))
        with store_write(feed.store_id):
            new = inbox_services.receive_fetched(
                feed.store_id, feed.adapter, page.items, feed.opened_at
            )
            inbox_services.feed_read(feed, page.cursor, new, due_at, done=page.done)
        taken += new
        if page.done or time.monotonic() > ends:
            return {"state": "read to its end" if page.done else "goes on", "taken": taken}


def check(effect: LeasedEffect) -> dict[str, Any]:
    """Look at the connection, and have the shop deliver again where it does not."""
    api, feed = _api(effect), _feed(effect)
    mended: tuple[str, ...] = ()
    address = addresses.deliveries(feed.store_id, feed.adapter)
    with _outcome(feed):
        found = api.health(address)
        if any(each.name == SUBSCRIPTIONS and each.state == BROKEN for each in found):
            mended = api.install(address)
            found = api.health(address)
    well = all(each.state != BROKEN for each in found)
    why = "" if well else feed.report.get(CLOSED, "")
    if why:
        found = (_ended(why), *(each for each in found if each.name != CREDENTIALS))
    report = {"findings": msgspec.to_builtins(found), "mended": list(mended), CLOSED: why}
    with store_write(feed.store_id):
        due_at = clock.now() + (CHECK_EVERY if well else CHECK_AGAIN)
        inbox_services.feed_reported(feed, report, due_at)
    return {"state": "well" if well else "not well", "mended": list(mended)}


HANDLERS: Mapping[str, Handler] = {FETCH: fetch, POLL: poll, CHECK: check}


def _api(effect: LeasedEffect) -> ShopApi:
    name = effect.payload["adapter"]
    adapter, connection = _adapters.get(name), stores.connection(effect.store_id, name)
    api = adapter.api(connection) if adapter and connection else None
    if api is None:
        raise Hopeless(f"The API of the shop behind {name} is not open to us.")
    return api


def _feed(effect: LeasedEffect) -> FeedFacts:
    with store_read(effect.store_id):
        feed = inbox.feed(effect.payload["adapter"], effect.payload["kind"])
    if feed is None:
        raise Hopeless("This shop is not followed any more.")
    return feed


def _is_behind(feed: FeedFacts) -> bool:
    """Whether too much waits to be settled; then the list is due a little later."""
    with store_read(feed.store_id):
        if inbox.waiting(MOST_WAITING) < MOST_WAITING:
            return False
    with store_write(feed.store_id):
        inbox_services.feed_rests(feed, clock.now() + BREATH)
    return True


@contextmanager
def _outcome(feed: FeedFacts | None = None) -> Iterator[None]:
    """Say what was answered in the outbox's words, and note what went wrong with the feed."""
    try:
        yield
    except (Refused, Unreachable) as error:
        pause = error.retry_after if isinstance(error, Unreachable) else None
        if feed is not None:
            # A shop that asks for a longer pause gets it: nobody asks anew before.
            rest = max(HOLD, min(timedelta(seconds=pause or 0), LONGEST_PAUSE))
            with store_write(feed.store_id):
                inbox_services.feed_rests(feed, clock.now() + rest, str(error))
        if isinstance(error, Refused):
            raise Hopeless(str(error)) from error
        raise TryLater(str(error), pause) from error
