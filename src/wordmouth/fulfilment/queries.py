"""Questions about coupons."""

from __future__ import annotations

from collections.abc import Iterable

from wordmouth.fulfilment import rules
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.fulfilment.models import Coupon

public_status = rules.public_status


def coupons(reward_ids: Iterable[str]) -> dict[str, CouponFacts]:
    """The coupons of these rewards, by reward; a reward without one is absent."""
    rows = Coupon.objects.filter(reward_id__in=list(reward_ids))
    return {row.reward_id: facts_of(row) for row in rows}


def coupon(reward_id: str) -> CouponFacts | None:
    """The coupon of one reward."""
    return coupons([reward_id]).get(reward_id)


def facts_of(row: Coupon) -> CouponFacts:
    """A row as facts."""
    return CouponFacts(**{name: getattr(row, name) for name in CouponFacts.__struct_fields__})
