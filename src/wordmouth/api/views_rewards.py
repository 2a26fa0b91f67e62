"""Rewards with the state of their coupons, read in sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from wordmouth.api.paging import check_id, page_of
from wordmouth.api.requests import RewardQuery, RewardStatus
from wordmouth.api.shapes import Page, Reward, Text
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.referrals import words
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts

_COUPON_STATES = {
    "pending": ("requested", "revoking", "revoked"),
    "issued": ("issued",),
    "failed": ("failed",),
}
"""What the coupon of a reward that is due may be, for each status that depends on it."""


def page(query: RewardQuery) -> Page[Reward]:
    """Rewards, newest first."""
    check_id("query.advocate", query.advocate, "adv")
    check_id("query.referral", query.referral, "ref")

    def read(limit: int, starting_after: str | None) -> Sequence[RewardFacts]:
        return _read(query, limit, starting_after)

    return page_of(query, "rwd", read, shown)


def _read(query: RewardQuery, limit: int, starting_after: str | None) -> list[RewardFacts]:
    """A page by public status, which the reward's own state tells, or its coupon's."""
    found: list[RewardFacts] = []
    if query.status not in ("issued", "failed"):
        found += rewards.page(
            advocate=query.advocate,
            referral=query.referral,
            state=query.status,
            limit=limit,
            starting_after=starting_after,
        )
    if query.status in _COUPON_STATES:
        ids = fulfilment.due_rewards(
            _COUPON_STATES[query.status],
            advocate=query.advocate,
            referral=query.referral,
            limit=limit,
            starting_after=starting_after,
        )
        found += rewards.by_ids(ids).values()
    return sorted(found, key=lambda facts: facts.id, reverse=True)[:limit]


def shown(found: Sequence[RewardFacts]) -> list[Reward]:
    """Rewards as shapes, with a fixed number of queries however many they are."""
    coupons = fulfilment.coupons(facts.id for facts in found)
    return [_shape(facts, coupons.get(facts.id)) for facts in found]


def _shape(facts: RewardFacts, coupon: CouponFacts | None) -> Reward:
    status = fulfilment.public_status(facts, coupon)
    in_shop = status == "redeemed" or (coupon is not None and coupon.issued_at is not None)
    return Reward(
        id=facts.id,
        party=facts.party,
        kind=facts.kind,
        value=facts.value,
        unit=facts.unit,
        status=cast(RewardStatus, status),
        code=facts.code if in_shop else None,
        advocate=facts.advocate_id,
        referral=facts.referral_id,
        claim=facts.claim_id,
        min_order=facts.min_order,
        why=_why(facts, status, coupon),
        granted_at=facts.granted_at,
        redeemed_at=facts.redeemed_at,
        withdrawn_at=facts.withdrawn_at,
        expires_at=facts.expires_at,
    )


def _why(facts: RewardFacts, status: str, coupon: CouponFacts | None) -> Text | None:
    if status == "failed" and coupon is not None:
        return Text(code="coupon_failed", text=coupon.problem)
    if not facts.why:
        return None
    return Text(code=facts.why, text=str(words.reason_text(facts.why)))
