"""Which reward is carried out by what, on which terms, and what its public status is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wordmouth.fulfilment import states
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.fulfilment.ports import CouponSpec
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.rewards.facts import RewardFacts

COUPON, ACCESS, GIFT_CARD, CUSTOM = "coupon", "access", "gift_card", "custom"

CARRIERS: Mapping[str, str] = {
    "percent_off": COUPON,
    "amount_off": COUPON,
    "free_shipping": COUPON,
    "free_product": COUPON,
    "early_access": ACCESS,
    "gift_card": GIFT_CARD,
    "custom": CUSTOM,
}
"""What carries out each kind of reward. The kinds of the wallet are carried out by their posting
alone."""

COUPON_KINDS = frozenset(kind for kind, carrier in CARRIERS.items() if carrier == COUPON)
SHOP_KINDS = COUPON_KINDS | {"early_access"}
"""Kinds that a shop may be asked for by `coupon.issue`."""

TAKEN_BACK = frozenset({"withdrawn", "expired"})
NO_CURRENCY = frozenset({"CPN", "PTS"})


def carrier_of(kind: str) -> str:
    """What carries out a kind; empty for what is credited to a wallet."""
    return CARRIERS.get(kind, "")


def is_owed(reward: RewardFacts) -> bool:
    """Whether the reward is to be there for its holder now."""
    return reward.kind in CARRIERS and reward.state == "due"


def is_taken_back(reward: RewardFacts) -> bool:
    """Whether what carries the reward, if anything does, must not be usable any more.

    A friend's coupon is withdrawn when the order that used it fell: whether it may be used again
    is then the shop's own affair.
    """
    is_coupon = carrier_of(reward.kind) == COUPON
    fell = is_coupon and reward.party == "friend" and reward.state == "withdrawn"
    return reward.kind in CARRIERS and reward.state in TAKEN_BACK and not fell


def key_of(family: str, verb: str, reward_id: str, turn: int = 1) -> str:
    """The key of an effect: `coupon.issue:rwd_...`. Each turn has keys of its own."""
    return f"{family}.{verb}:{thing_key(reward_id, turn)}"


def thing_key(reward_id: str, turn: int) -> str:
    """The name under which an issuer knows the thing: the reward's, and from the second turn on
    with its number."""
    return reward_id if turn == 1 else f"{reward_id}:{turn}"


def terms(reward: RewardFacts, turn: int, store_currency: str) -> dict[str, Any]:
    """The terms as they are kept with the effect: fixed when it is asked for, so that every try
    asks for the very same thing. Without personal data."""
    carrier = carrier_of(reward.kind)
    found = {
        "reward": reward.id,
        "turn": turn,
        "value": reward.worth,
        "currency": store_currency if reward.unit in NO_CURRENCY else reward.unit,
    }
    if carrier in (COUPON, ACCESS):
        found |= _coupon_terms(reward)
    if carrier == CUSTOM:
        found |= {"name": reward.details.get("name", ""), "count": reward.details.get("count")}
    return found


def _coupon_terms(reward: RewardFacts) -> dict[str, Any]:
    return {
        "code": reward.code,
        "kind": reward.kind,
        "min_order": reward.min_order,
        "expires_at": reward.expires_at.isoformat() if reward.expires_at else None,
        "description": f"Referral reward {reward.id}",
        "product": reward.details.get("product"),
        "access": reward.details.get("access"),
    }


def spec(payload: Mapping[str, Any], customer_email: str | None) -> CouponSpec:
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
        product=payload.get("product"),
        access=payload.get("access"),
    )


def public_status(reward: RewardFacts, coupon: CouponFacts | None) -> str:
    """The reward's status as the contract names it: pending, issued, redeemed, withdrawn,
    expired or failed. What a wallet was credited with is issued by that."""
    if reward.state != "due":
        return reward.state
    if reward.kind in WALLET_KINDS:
        return "issued"
    if coupon is None or coupon.state in (states.REQUESTED, *states.UNWANTED):
        return "pending"
    return coupon.state
