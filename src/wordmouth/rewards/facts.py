"""What other rooms are told about a reward."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class RewardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One thing owed. `value` is whole percent for percent_off, minor units of `unit` for money
    kinds, points for points, 0 for the others; `unit` is a currency, `PTS`, or `CPN` where the
    value is neither. `state` is pending (waits for the hold), due, redeemed, withdrawn or expired.

    `details` hold what the kind needs beside a value (product, access, name) and `count`, the
    number of referrals that earned it. `holder` is whose wallet it stands in; `offset` is the part
    that pays a debt of theirs; `expired` what was left of a credit at the end of its time.
    """

    id: str
    key: str
    round: int
    party: str
    advocate_id: str
    person_id: str
    holder: str
    referral_id: str | None
    claim_id: str | None
    redemption_id: str | None
    program_id: str
    version_id: str
    kind: str
    value: int
    unit: str
    cost: int
    details: dict[str, Any]
    offset: int
    expired: int
    min_order: int | None
    code: str
    state: str
    why: str
    granted_at: datetime
    due_at: datetime | None
    redeemed_at: datetime | None
    withdrawn_at: datetime | None
    expires_at: datetime | None

    @property
    def worth(self) -> int:
        """What a coupon for it is made for: the value, less what pays a debt."""
        return self.value - self.offset if self.unit != "CPN" else self.value


class RedemptionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Something bought from a wallet: `price` of `unit` (`PTS` or a currency), paid with points or
    store_credit, for a thing of `kind`. `option` is the programme's key for it, empty where store
    credit became a coupon one to one. `state` is made or cancelled."""

    id: str
    advocate_id: str
    program_id: str
    option: str
    pay_with: str
    price: int
    unit: str
    kind: str
    value: int
    product: str
    state: str
    made_at: datetime
    cancelled_at: datetime | None
