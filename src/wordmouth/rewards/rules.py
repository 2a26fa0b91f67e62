"""What is owed for one reward: its value, its use, its state. Pure.

What an advocate's referrals earn altogether is in `schedules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from wordmouth.orders.facts import OrderFacts
from wordmouth.programs.document import (
    AFTER_ORDER_KINDS,
    MONEY_KINDS,
    WALLET_KINDS,
    ProgramDocument,
    Reward,
)
from wordmouth.referrals.facts import ReferralFacts

OWED = {"pending": "pending", "flagged": "pending", "approved": "due"}
"""What a referral's status makes of its rewards; any other status owes nothing."""

COUPONS = "CPN"
"""The unit of a thing whose worth is not known until it is used: one thing is 1 CPN."""
POINTS = "PTS"
"""The unit of points."""

DIVISIBLE = MONEY_KINDS | {"points"}
"""Kinds of which a share can be owed."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that the facts ask for. `state` is pending or due; `cost` is what budgets and
    limits count, in minor units; `referral_id` is the referral that earns it; `at` is when that
    friend ordered; `order_key` the shop's id of that order; `place` that of the reward in the
    offer."""

    key: str
    party: str
    state: str
    kind: str
    value: int
    unit: str
    cost: int
    details: dict[str, Any]
    min_order: int | None
    expires_days: int | None
    referral_id: str | None = None
    version_id: str
    at: datetime | None = None
    order_key: str = ""
    place: int = 0


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What orders say about a reward's code: `unused`, `used`, or `void` where every order that
    used it was cancelled, refunded or charged back; `why` is then the last one's reason."""

    state: str
    why: str
    at: datetime | None


def promise(
    reward: Reward, currency: str, *, key: str, party: str, state: str, version_id: str, **more: Any
) -> Wanted:
    """A reward of a document as a wanted one, of its full value unless `value` says otherwise."""
    value = more.pop("value", reward.value)
    return Wanted(
        key=key,
        party=party,
        state=state,
        kind=reward.kind,
        value=value,
        unit=unit_of(reward.kind, currency),
        cost=value if reward.kind in MONEY_KINDS else reward.cost or 0,
        details=details_of(reward) | more.pop("details", {}),
        expires_days=reward.expires_days,
        version_id=version_id,
        **{"min_order": None, **more},
    )


def unit_of(kind: str, currency: str) -> str:
    """In what a kind is counted: the programme's currency, points or things."""
    if kind in MONEY_KINDS:
        return currency
    return POINTS if kind == "points" else COUPONS


def details_of(reward: Reward) -> dict[str, Any]:
    """What the kind needs beside a value, as plain data."""
    told = {"product": reward.product, "access": reward.access, "name": reward.name}
    return {name: msgspec.to_builtins(what) for name, what in told.items() if what is not None}


def value_of(
    reward: Reward, referral: ReferralFacts, document: ProgramDocument, *, shrinks: bool
) -> int:
    """What a reward is worth for one referral, in its own unit; halves are rounded up.

    A share of the order is taken of what is left of it after refunds. A fixed value that is given
    for one order `shrinks` with it. Under clawback.partial_refund = keep neither does.
    """
    keeps = document.clawback.partial_refund == "keep"
    left = referral.basis if keeps else referral.amount
    if reward.percent is not None:
        share = _rounded(left * reward.percent, 100)
        return share if reward.cap is None else min(share, reward.cap)
    if shrinks and reward.kind in DIVISIBLE and referral.basis > 0:
        return _rounded(reward.value * left, referral.basis)
    return reward.value


def _rounded(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers that are not below zero, halves rounded up."""
    return (2 * numerator + denominator) // (2 * denominator)


def friend_state(reward: Reward, referral: ReferralFacts | None) -> str | None:
    """The state that a claim asks for: what is for the order itself is due at once. None where the
    friend's order fell. `referral` is what the claim became."""
    if reward.kind not in AFTER_ORDER_KINDS:
        return "due"
    return "pending" if referral is None else OWED.get(referral.status)


def usage_of(orders: Iterable[OrderFacts], told_at: datetime | None = None) -> Usage:
    """What the orders that name a reward's code say about it. Test orders use nothing.

    `told_at` is when the shop or the issuer told of its use otherwise: then it was used."""
    named = [order for order in orders if not order.is_test]
    if not named:
        return Usage(state="used" if told_at else "unused", why="", at=told_at)
    first = min(order.placed_at for order in named)
    if told_at or any(not order.undone for order in named):
        return Usage(state="used", why="", at=first)
    undone = {order.undone for order in named}
    why = next(why for why in ("charged_back", "cancelled", "refunded") if why in undone)
    return Usage(state="void", why=why, at=first)


def state_of(
    party: str, wanted: Wanted | None, usage: Usage, expires_at: datetime | None, now: datetime
) -> tuple[str, bool]:
    """The state a thing must be in, and whether its code was spent.

    A friend's discount that was given in a refunded order went back with the order: withdrawn and
    not spent. An advocate's coupon that was used stays used whatever becomes of that order.
    """
    if wanted is None:
        return "withdrawn", usage.state != "unused"
    if party == "friend" and usage.state == "void":
        return "withdrawn", False
    if usage.state != "unused":
        return "redeemed", True
    if wanted.state == "due" and expires_at is not None and expires_at <= now:
        return "expired", False
    return wanted.state, False


def revives(party: str, kind: str, state: str, *, was_due: bool, used: bool) -> bool:
    """Whether a withdrawn reward that is owed again is the same reward: a friend's always is (it
    has the claim's code), and a credit, which has none; another thing of an advocate's while its
    code was never given out, or when it was used: what was spent is then owed after all, and
    nothing more."""
    if state != "withdrawn" or party == "friend" or kind in WALLET_KINDS:
        return True
    return not was_due or used


def amount_of(unit: str, value: int) -> int:
    """What the ledger moves for a reward: its minor units or points, or one thing."""
    return 1 if unit == COUPONS else value


def forgiven(before: int, lost: int, had: int) -> int:
    """What a forgiving programme lets go of a credit that brings `lost` less than before (below 0:
    more), when the wallet held `had` and `before` was let go of it already: what the wallet is
    short of by that. What is owed after all pays that back first."""
    if lost <= 0:
        return max(before + lost, 0)
    return before + max(min(lost - had, lost), 0)
