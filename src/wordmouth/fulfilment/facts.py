"""What other rooms are told about a coupon."""

from __future__ import annotations

from datetime import datetime

import msgspec


class CouponFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A reward's coupon. `reference` is the shop's own name for it; `problem` says in words why
    it is not (or not yet) as it should be."""

    reward_id: str
    code: str
    adapter: str
    state: str
    reference: str
    problem: str
    issued_at: datetime | None
    revoked_at: datetime | None
