"""When a claim still stands. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from wordmouth.programs.document import Offer
from wordmouth.visits.facts import ClaimFacts


def expiry(offer: Offer, at: datetime) -> datetime | None:
    """When a coupon claimed at `at` stops working."""
    days = offer.friend.expires_days if offer.friend else None
    return at + timedelta(days=days) if days else None


def standing(claims: list[ClaimFacts], now: datetime) -> ClaimFacts | None:
    """The claim that a friend who claims again is given back: the first that has not expired."""
    valid = [claim for claim in claims if claim.expires_at is None or claim.expires_at > now]
    return min(valid, key=lambda claim: (claim.claimed_at, claim.id), default=None)
