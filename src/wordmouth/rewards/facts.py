"""What other rooms are told about a reward."""

from __future__ import annotations

from datetime import datetime

import msgspec


class RewardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One thing owed. `value` is whole percent for percent_off, minor units of `unit` for
    amount_off, 0 for free_shipping; `unit` is a currency, or `CPN` where the value is not money.
    `state` is pending (waits for the hold), due, redeemed, withdrawn or expired.
    """

    id: str
    key: str
    round: int
    party: str
    advocate_id: str
    person_id: str
    referral_id: str | None
    claim_id: str | None
    version_id: str
    kind: str
    value: int
    unit: str
    min_order: int | None
    code: str
    state: str
    why: str
    granted_at: datetime
    due_at: datetime | None
    redeemed_at: datetime | None
    withdrawn_at: datetime | None
    expires_at: datetime | None
