"""Which rewards are coupons and what their public status is. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wordmouth.fulfilment import states
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.fulfilment.ports import CouponSpec
from wordmouth.rewards.facts import RewardFacts

COUPON_KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
TAKEN_BACK = frozenset({"withdrawn", "expired"})
NO_CURRENCY = "CPN"


def is_owed(reward: RewardFacts) -> bool:
    """Whether the reward is to be a coupon in the shop now."""
    return reward.kind in COUPON_KINDS and reward.state == "due"


def is_taken_back(reward: RewardFacts) -> bool:
    """Whether the reward's coupon, if it has one, must not be usable any more.

    A friend's is withdrawn when the order that used it fell: whether the coupon may be used
    again is then the shop's own affair.
    """
    fell = reward.party == "friend" and reward.state == "withdrawn"
    return reward.kind in COUPON_KINDS and reward.state in TAKEN_BACK and not fell


def terms(reward: RewardFacts, store_currency: str) -> dict[str, Any]:
    """The coupon's terms as they are kept with the effect: fixed when it is asked for, so that
    every try asks the shop for the very same coupon."""
    return {
        "reward": reward.id,
        "code": reward.code,
        "kind": reward.kind,
        "value": reward.value,
        "currency": store_currency if reward.unit == NO_CURRENCY else reward.unit,
        "min_order": reward.min_order,
        "expires_at": reward.expires_at.isoformat() if reward.expires_at else None,
        "description": f"Referral reward {reward.id}",
    }


def spec(payload: dict[str, Any], customer_email: str | None) -> CouponSpec:
    """The coupon to ask the shop for."""
    expires_at = payload["expires_at"]
    return CouponSpec(
        code=payload["code"],
        kind=payload["kind"],
        value=payload["value"],
        currency=payload["currency"],
        min_order=payload["min_order"],
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        usage_limit=1,
        customer_email=customer_email,
        description=payload["description"],
    )


def public_status(reward: RewardFacts, coupon: CouponFacts | None) -> str:
    """The reward's status as the contract names it: pending, issued, redeemed, withdrawn,
    expired or failed."""
    if reward.state != "due":
        return reward.state
    if coupon is None or coupon.state in (states.REQUESTED, *states.UNWANTED):
        return "pending"
    return coupon.state
