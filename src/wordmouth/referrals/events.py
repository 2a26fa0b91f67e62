"""What this room tells."""

from __future__ import annotations

from wordmouth.kit.events import Event
from wordmouth.referrals.facts import ReferralFacts


class ReferralChanged(Event, frozen=True, kw_only=True):
    """A referral is new (`before` is None) or was decided anew."""

    store_id: str
    referral: ReferralFacts
    before: ReferralFacts | None
