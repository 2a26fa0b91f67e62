"""Verbs on deliveries. All are called inside `stores.transactions.store_write(store_id)`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from wordmouth.inbox import statements, states
from wordmouth.inbox.errors import DeliveryNotFound, NotRepeatable
from wordmouth.inbox.facts import FeedFacts, Fetched, StoredDelivery
from wordmouth.inbox.models import Delivery, Feed
from wordmouth.inbox.ports import FETCHED, HISTORY_BEFORE
from wordmouth.inbox.queries import feed_facts
from wordmouth.inbox.rules import wait_after
from wordmouth.inbox.statements import delivery_id, kept_headers
from wordmouth.kit import clock
from wordmouth.stores import prepared
from wordmouth.stores.rows import scoped_store
from wordmouth.stores.sets import as_set
from wordmouth.stores.tables import moment

_headers = msgspec.json.Decoder(dict[str, str]).decode
_PROBLEM_LENGTH = 2000


def receive(store_id: str, adapter: str, dedupe: str, headers: dict[str, str], body: bytes) -> str:
    """Store a delivery that came by another way than the door; returns its id.

    The same `dedupe` again stores nothing and returns the same id.
    """
    key = delivery_id(store_id, adapter, dedupe)
    delivery = Delivery(
        store_id=store_id,
        key=key,
        adapter=adapter,
        received_at=clock.now(),
        headers=msgspec.json.encode(kept_headers(headers)).decode(),
        body=body,
    )
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)
    return key


def receive_fetched(
    store_id: str, adapter: str, things: Sequence[Fetched], history_before: datetime | None
) -> int:
    """Store what the engine itself read at a shop, as deliveries of that shop; how many were new.

    The same thing with the same content is stored once, however often it is read.
    """
    bodies = {_fetched_id(store_id, adapter, thing): thing for thing in things}
    known = set(Delivery.objects.filter(key__in=bodies).values_list("key", flat=True))
    history = {HISTORY_BEFORE: history_before.isoformat()} if history_before else {}
    new = [
        Delivery(
            store_id=store_id,
            key=key,
            adapter=adapter,
            received_at=clock.now(),
            headers=msgspec.json.encode({FETCHED: thing.kind, **history}).decode(),
            body=thing.body,
        )
        for key, thing in bodies.items()
        if key not in known
    ]
    Delivery.objects.bulk_create(new)
    return len(new)


def _fetched_id(store_id: str, adapter: str, thing: Fetched) -> str:
    content = hashlib.sha256(thing.body).hexdigest()
    return delivery_id(store_id, adapter, f"fetched:{thing.kind}:{content}")


def open_feeds(store_id: str, adapter: str, kinds: Iterable[str]) -> None:
    """Begin to look at these kinds of thing in a shop; those that are looked at already go on
    where they are. All are due now."""
    now = clock.now()
    new = [
        Feed(store_id=store_id, adapter=adapter, kind=kind, opened_at=now, due_at=now)
        for kind in kinds
    ]
    Feed.objects.bulk_create(new, ignore_conflicts=True)
    Feed.objects.filter(adapter=adapter).update(due_at=now)


def close_feeds(adapter: str) -> None:
    """Look at nothing in that shop any more. How far its lists were read is forgotten: who begins
    again reads all of it, and what is known already is stored once."""
    Feed.objects.filter(adapter=adapter).delete()


def due_feeds(hold: timedelta) -> list[FeedFacts]:
    """The store's feeds that are due; they are due again after `hold`, unless something becomes
    of them before."""
    now = clock.now()
    due = list(Feed.objects.filter(due_at__lte=now).order_by("id"))
    Feed.objects.filter(id__in=[row.id for row in due]).update(due_at=now + hold)
    return [feed_facts(row) for row in due]


def feed_read(feed: FeedFacts, cursor: str, taken: int, due_at: datetime, *, done: bool) -> None:
    """A list was read on up to `cursor`, in the store write that keeps what was read. Somebody
    who read on from the same place meanwhile is not overtaken: the cursor moves once."""
    now = clock.now()
    changes: dict[str, Any] = {"cursor": cursor, "due_at": due_at, "problem": ""}
    if done:
        changes |= {"done_at": now, "caught_up_at": Coalesce("caught_up_at", Value(now))}
    mine = Feed.objects.filter(id=feed.id, cursor=feed.cursor)
    mine.update(taken=F("taken") + taken, **changes)


def feed_rests(feed: FeedFacts, due_at: datetime, problem: str = "") -> None:
    """It could not be looked at, for that `problem`, or has to wait; it is due then."""
    Feed.objects.filter(id=feed.id).update(due_at=due_at, problem=problem[:_PROBLEM_LENGTH])


def feed_reported(feed: FeedFacts, report: dict[str, Any], due_at: datetime) -> None:
    """What looking at a connection has found."""
    Feed.objects.filter(id=feed.id).update(
        report=report, due_at=due_at, done_at=clock.now(), problem=""
    )


def claim_batch(store_id: str, limit: int) -> list[StoredDelivery]:
    """The next deliveries to settle, in the order in which they came, at most `limit`.

    They are claimed by the transaction: nobody else writes in this store until it ends.
    """
    found = prepared.answer(statements.CLAIM, [store_id, moment(clock.now()), limit])
    return [
        StoredDelivery(
            seq=seq,
            id=key,
            adapter=adapter,
            headers=_headers(headers),
            body=bytes(body or b""),
            attempts=attempts,
        )
        for seq, key, adapter, headers, body, attempts in found
    ]


def settled(seqs: Sequence[int]) -> None:
    """Their facts are recorded in this very transaction."""
    told = [moment(clock.now()), scoped_store(), as_set(seqs)]
    prepared.carry_out(statements.settle(connection.vendor), told)


def refused(seq: int, problem: str) -> None:
    """It can never be settled; `problem` says why in the sender's terms."""
    _waiting([seq]).update(
        state=states.REFUSED,
        settled_at=clock.now(),
        retry_at=None,
        problem=problem[:_PROBLEM_LENGTH],
    )


def failed(seq: int, problem: str) -> None:
    """It could not be settled this time: try again later, at the eighth failure give up."""
    row = _waiting([seq]).first()
    if row is None:
        return
    now = clock.now()
    wait = wait_after(row.attempts + 1)
    _waiting([seq]).update(
        state=states.RECEIVED if wait else states.DEAD,
        attempts=F("attempts") + 1,
        retry_at=now + wait if wait else None,
        settled_at=None if wait else now,
        problem=problem[:_PROBLEM_LENGTH],
    )


def repeat(delivery: str) -> None:
    """Let a refused or dead delivery wait to be settled again, its cause being mended.

    Raises DeliveryNotFound, NotRepeatable.
    """
    row = Delivery.objects.filter(key=delivery).first()
    if row is None:
        raise DeliveryNotFound(f"This store has no delivery {delivery}.")
    if not states.may_move(row.state, states.RECEIVED):
        raise NotRepeatable(f"Delivery {delivery} is {row.state}; only refused and dead ones can.")
    Delivery.objects.filter(seq=row.seq).update(
        state=states.RECEIVED, attempts=0, retry_at=None, settled_at=None
    )


def _waiting(seqs: Sequence[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(seq__in=seqs, state=states.RECEIVED)
