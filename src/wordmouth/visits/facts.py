"""What other rooms are told about claims and first touches."""

from __future__ import annotations

from datetime import datetime

import msgspec


class ClaimFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A friend (`person_id`) holds `coupon_code` because of `advocate_id`."""

    id: str
    advocate_id: str
    person_id: str
    version_id: str
    offer: str
    coupon_code: str
    claimed_at: datetime
    expires_at: datetime | None


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A first touch: which advocate's code was followed, in which click, when."""

    store_id: str
    code: str
    click: str
    at: datetime
