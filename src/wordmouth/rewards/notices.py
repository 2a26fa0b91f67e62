"""Which credits end soon, so that their holders can be told in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from django.db.models import QuerySet
from django_scopes import scopes_disabled

from wordmouth.kit import clock
from wordmouth.programs import queries as programs
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.rewards.models import Reward
from wordmouth.rewards.purses import Purses

FARTHEST = timedelta(days=365)
"""No notice is given earlier than that."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """A credit that ends at `at`: what is `left` of it, and what its purse holds altogether."""

    reward_id: str
    holder: str
    program_id: str
    unit: str
    left: int
    available: int
    at: datetime


def stores_to_notify() -> list[str]:
    """The stores with credits that end within a year. Needs no scope; for the clock."""
    with scopes_disabled():
        rows = _ending_before(clock.now() + FARTHEST)
        return list(rows.order_by().values_list("store_id", flat=True).distinct())


def ending_soon() -> Iterator[Ending]:
    """What ends within the days that the programme of its holder names, and is not used up."""
    now = clock.now()
    rows = list(_ending_before(now + FARTHEST).filter(expires_at__gt=now).order_by("expires_at"))
    found = programs.programs({row.program_id for row in rows})
    purses = Purses()
    for row in rows:
        purses.expect(row.holder, row.kind, row.unit)
    for row in rows:
        days = found[row.program_id].version.document.wallet.expiry_notice_days
        near = row.expires_at is not None and row.expires_at - now <= timedelta(days=days)
        told = _ending(row, purses) if near else None
        if told is not None:
            yield told


def ending(reward_id: str) -> Ending | None:
    """That credit, while it can still be used and something is left of it."""
    row = Reward.objects.filter(id=reward_id, state="due", expires_at__gt=clock.now()).first()
    return _ending(row, Purses()) if row is not None else None


def _ending_before(at: datetime) -> QuerySet[Reward]:
    return Reward.objects.filter(
        state="due", kind__in=WALLET_KINDS, expires_at__isnull=False, expires_at__lte=at
    )


def _ending(row: Reward, purses: Purses) -> Ending | None:
    left = purses.left_of(row)
    if left <= 0 or row.expires_at is None:
        return None
    return Ending(
        reward_id=row.id,
        holder=row.holder,
        program_id=row.program_id,
        unit=row.unit,
        left=left,
        available=purses.available(row),
        at=row.expires_at,
    )
