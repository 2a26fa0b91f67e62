"""What this room tells."""

from __future__ import annotations

from wordmouth.kit.events import Event
from wordmouth.payouts.facts import PayoutFacts


class PayoutChanged(Event, frozen=True, kw_only=True):
    """A payout came to another state; `before` is None where it was made."""

    store_id: str
    payout: PayoutFacts
    before: str | None
