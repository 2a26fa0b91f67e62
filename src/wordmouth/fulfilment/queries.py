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


def due_rewards(
    states: Iterable[str],
    *,
    advocate: str | None = None,
    referral: str | None = None,
    limit: int = 50,
    starting_after: str | None = None,
) -> list[str]:
    """The ids of rewards that are due and whose coupon is in one of `states`, newest first.

    An advocate's are those they hold, not their friends'.
    """
    rows = Coupon.objects.filter(state__in=list(states), reward__state="due")
    if advocate is not None:
        rows = rows.filter(reward__advocate_id=advocate, reward__party="advocate")
    if referral is not None:
        rows = rows.filter(reward__referral_id=referral)
    if starting_after:
        rows = rows.filter(reward_id__lt=starting_after)
    return list(rows.order_by("-reward_id").values_list("reward_id", flat=True)[:limit])
