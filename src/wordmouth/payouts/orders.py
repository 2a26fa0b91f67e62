"""What is ordered from a payment service, as it stands: read for the effects that carry it out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from wordmouth.kit.errors import NotFound
from wordmouth.outbox import queries as outbox
from wordmouth.payouts import collecting, queries, states
from wordmouth.payouts.facts import PayoutFacts
from wordmouth.payouts.models import Batch, Payout
from wordmouth.payouts.ports import Transfer
from wordmouth.stores import queries as stores

SEND = "payout.send"
ON_THE_WAY = (
    "The order for this payout has not ended: the payment service may still carry it out. Wait "
    "until it has, or is given up after about two days; until then only settled can be said."
)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a batch. `name` is what the service knows it by; `open` are the transfers that
    are not decided, `unclear` those of them that the service is not known to have, `doubts` the
    payouts of these. `tried_at` is when one of them could first have left; None: none has."""

    rail: str
    name: str
    open: tuple[Transfer, ...]
    unclear: tuple[Transfer, ...]
    doubts: tuple[PayoutFacts, ...]
    tried_at: datetime | None


def order(batch_id: str, part: int) -> Order:
    """A part of a batch that was sent. Raises NotFound."""
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NotFound("There is no such batch.")
    mine = Payout.objects.filter(batch_id=batch_id, part=part, state=states.SENT)
    rows = list(mine.order_by("id"))
    note = f"{stores.store(batch.store_id).name}: referral reward"
    transfers = {row.id: _transfer(row, note) for row in rows}
    doubts = [row for row in rows if row.told != states.REQUESTED]
    return Order(
        rail=batch.rail,
        name=f"{batch_id}-{part}",
        open=tuple(transfers.values()),
        unclear=tuple(transfers[row.id] for row in doubts),
        doubts=tuple(queries.payout_facts(row) for row in doubts),
        tried_at=min((row.tried_at for row in rows if row.tried_at), default=None),
    )


def send_key(batch_id: str, part: int) -> str:
    """The key of the effect that orders a part of a batch."""
    return f"{SEND}:{batch_id}:{part}"


def may_still_leave(rows: Iterable[Payout]) -> set[str]:
    """The ids of those of these payouts whose order has not ended."""
    keys = {row.id: send_key(row.batch_id, row.part) for row in rows}
    unfinished: set[str] = set()
    for some in collecting.chunks(set(keys.values())):
        unfinished |= outbox.unfinished(some)
    return {payout_id for payout_id, key in keys.items() if key in unfinished}


def is_on_the_way(payout_id: str) -> bool:
    """Whether the order for a payout has not ended, so that nobody may say it did not leave."""
    return bool(may_still_leave(Payout.objects.filter(id=payout_id)))


def _transfer(row: Payout, note: str) -> Transfer:
    return Transfer(
        id=row.id,
        amount=row.amount,
        currency=row.currency,
        account=queries.destination(row).account,
        note=note,
        reference=row.reference,
    )
