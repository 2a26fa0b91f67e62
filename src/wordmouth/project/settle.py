"""Settling: what shops delivered becomes facts, and what follows from them, in one transaction.

A batch is settled whole. If it fails, each of its deliveries is tried alone, so that one that
cannot be settled is set aside with its problem and holds nobody up.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import connection

from wordmouth.catalog import services as catalog
from wordmouth.inbox import services as inbox
from wordmouth.inbox.facts import StoredDelivery
from wordmouth.inbox.ports import FETCHED, HISTORY_BEFORE
from wordmouth.integrations import following
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import Parsed, Ref
from wordmouth.kit.pace import Pace
from wordmouth.orders import services as orders
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.people import services as people
from wordmouth.project import privacy
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores.growth import Growth
from wordmouth.stores.transactions import WRITE_GATE, store_write

log = structlog.get_logger(__name__)

_PACES = {
    "sqlite": Pace(0.15, awaited=0.04, first=50, least=25, most=500),
    "postgresql": Pace(0.6, awaited=0.6, first=50, least=25, most=1000),
}
"""How long a batch should take. On SQLite clicks and deliveries wait for its transaction, so it is
short while there are any; on PostgreSQL only others who write facts of the same store do."""
_growth = Growth()


def settle_store(store_id: str, limit: int | None = None) -> int:
    """Settle the next deliveries of a store; how many were looked at.

    Without a `limit` as many as can be settled in the time that a batch should take.
    """
    pace = _PACES[connection.vendor]
    limit = limit or pace.limit
    try:
        with store_write(store_id):
            began = time.monotonic()
            settled = _settle(store_id, inbox.claim_batch(store_id, limit))
            is_awaited = WRITE_GATE.is_awaited
        pace.note(settled, time.monotonic() - began, is_awaited=is_awaited)
        _growth.note(settled)
        return settled
    except Exception:
        log.warning("settle.batch_failed", store=store_id, exc_info=True)
    return _one_by_one(store_id, limit)


def _one_by_one(store_id: str, limit: int) -> int:
    with store_write(store_id):
        batch = inbox.claim_batch(store_id, limit)
    for delivery in batch:
        try:
            with store_write(store_id):
                _settle(store_id, [delivery])
        except Exception as error:
            log.exception("settle.delivery_failed", store=store_id, delivery=delivery.id)
            with store_write(store_id):
                inbox.failed(delivery.seq, f"{type(error).__name__}: {error}")
    return len(batch)


def _settle(store_id: str, batch: Sequence[StoredDelivery]) -> int:
    told: list[Parsed] = []
    done: list[int] = []
    history: list[OrderSnapshot] = []
    news: list[OrderSnapshot] = []
    hints: dict[tuple[str, Ref], StoredDelivery] = {}
    for delivery in batch:
        try:
            parsed = _parsed(delivery)
        except BadDelivery as error:
            inbox.refused(delivery.seq, str(error))
            continue
        told.append(parsed)
        done.append(delivery.seq)
        hints.update({(delivery.adapter, ref): delivery for ref in parsed.refetch})
        if parsed.asks:
            privacy.take(store_id, delivery.adapter, parsed.asks)
        if parsed.closed:
            following.close(delivery.adapter, parsed.closed)
        before = delivery.headers.get(HISTORY_BEFORE)
        for order in parsed.orders:
            (history if before and _is_history(order, before) else news).append(order)
    catalog.take(store_id, [product for parsed in told for product in parsed.products])
    people.take(store_id, [customer for parsed in told for customer in parsed.customers])
    orders.take(store_id, history, imported=True)
    orders.take(store_id, news)
    following.ask_to_fetch(hints)
    inbox.settled(done)
    return len(batch)


def _parsed(delivery: StoredDelivery) -> Parsed:
    """What a delivery tells. What the engine read itself is never read again for what it lacks:
    it would come back the same, for ever."""
    parsed = ADAPTERS[delivery.adapter].parse(delivery.headers, delivery.body)
    if parsed.refetch and FETCHED in delivery.headers:
        raise BadDelivery([("", "what was read at the shop does not tell enough by itself")])
    return parsed


def _is_history(order: OrderSnapshot, before: str) -> bool:
    """Whether an order was placed before the shop was followed: then it is known, and nobody is
    written to about it."""
    placed = order.placed_at if isinstance(order.placed_at, datetime) else order.updated_at
    return placed < datetime.fromisoformat(before)


def take_orders(
    store_id: str, snapshots: Sequence[OrderSnapshot], *, imported: bool = False
) -> int:
    """Take orders that did not come as deliveries, in one transaction; how many changed."""
    with store_write(store_id):
        return len(orders.take(store_id, snapshots, imported=imported))
