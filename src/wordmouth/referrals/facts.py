"""What other rooms are told about a referral."""

from __future__ import annotations

from datetime import datetime

import msgspec


class ReferralFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided about one order. `reasons` are stable codes (`words.py`).

    `basis` is what was paid for the goods that count, `amount` what is left of it after refunds,
    both in minor units of the order's currency. `order_key` is the shop's own id of the order.
    """

    id: str
    advocate_id: str
    friend_id: str | None
    order_id: str
    order_key: str
    version_id: str
    offer: str
    claim_id: str | None
    via: str
    status: str
    reasons: tuple[str, ...]
    basis: int
    amount: int
    ordered_at: datetime
    hold_until: datetime | None
    released_at: datetime | None
    created_at: datetime
    decided_at: datetime
