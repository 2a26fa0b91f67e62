"""Who recommended an order: explicit code > signed token > claimed e-mail. Pure.

First touch wins within each of them; an explicit code is what the friend typed or redeemed, so it
goes before what a cookie remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.orders.facts import OrderFacts
from wordmouth.visits.facts import ClaimFacts, Token


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """A way in which an order leads to an advocate."""

    advocate_id: str
    via: str
    seen_at: datetime
    claim: ClaimFacts | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows about the codes, tokens and claims of one buyer's orders.

    `coupons` are claims by coupon code, `codes` advocates by referral code, `tokens` genuine
    tokens by their text, `claims` the buyer's own claims, oldest first.
    """

    coupons: Mapping[str, ClaimFacts]
    codes: Mapping[str, AdvocateFacts]
    tokens: Mapping[str, Token]
    claims: Sequence[ClaimFacts]


def touch_of(order: OrderFacts, known: Known) -> Touch | None:
    """The touch that counts for an order, or None where nobody recommended it."""
    return _by_code(order, known) or _by_token(order, known) or _by_claim(order, known)


def _by_code(order: OrderFacts, known: Known) -> Touch | None:
    given = [*order.codes, *([order.code] if order.code else [])]
    coupons = [known.coupons[code] for code in given if code in known.coupons]
    if coupons:
        first = min(coupons, key=lambda claim: (claim.claimed_at, claim.id))
        return _from_claim(first, "code")
    for code in given:
        advocate = known.codes.get(code)
        if advocate is not None:
            return Touch(advocate_id=advocate.id, via="code", seen_at=order.placed_at, claim=None)
    return None


def _by_token(order: OrderFacts, known: Known) -> Touch | None:
    token = known.tokens.get(order.token)
    advocate = known.codes.get(token.code) if token else None
    if token is None or advocate is None:
        return None
    before = [claim for claim in known.claims if claim.claimed_at <= order.placed_at]
    claim = next((claim for claim in before if claim.advocate_id == advocate.id), None)
    return Touch(advocate_id=advocate.id, via="token", seen_at=token.at, claim=claim)


def _by_claim(order: OrderFacts, known: Known) -> Touch | None:
    before = [claim for claim in known.claims if claim.claimed_at <= order.placed_at]
    return _from_claim(before[0], "claim") if before else None


def _from_claim(claim: ClaimFacts, via: str) -> Touch:
    return Touch(advocate_id=claim.advocate_id, via=via, seen_at=claim.claimed_at, claim=claim)
