"""What is owed. Pure: facts and terms in, wanted rewards and their states out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from wordmouth.orders.facts import OrderFacts
from wordmouth.programs.document import ProgramDocument, Reward
from wordmouth.referrals.facts import ReferralFacts

OWED = {"pending": "pending", "flagged": "pending", "approved": "due"}
"""What a referral's status makes of its rewards; any other status owes nothing."""

COUPONS = "CPN"
"""The unit of a coupon whose worth is not known until it is used: one coupon is 1 CPN."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that the facts ask for. `state` is pending or due."""

    key: str
    party: str
    state: str
    kind: str
    value: int
    unit: str
    min_order: int | None
    expires_days: int | None


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What orders say about a reward's code: `unused`, `used`, or `void` where every order that
    used it was cancelled or refunded; `why` is then the last one's reason."""

    state: str
    why: str
    at: datetime | None


def wanted_of(referral: ReferralFacts, document: ProgramDocument, currency: str) -> list[Wanted]:
    """What the advocate is owed for one referral, by the terms its friend saw."""
    offer = document.offer(referral.offer)
    state = OWED.get(referral.status)
    if offer is None or state is None:
        return []
    terms = key_of(referral)
    return [
        promise(reward, f"{terms}:{place}", "advocate", state, currency)
        for place, reward in enumerate(offer.advocate)
        if reward.schedule == "each"
    ]


def key_of(referral: ReferralFacts) -> str:
    """What the rewards of a referral are for: to whom and by which terms it is owed is part of
    it, so that a referral that turns out to be another's owes a reward of its own."""
    owed_by = f"{referral.advocate_id}|{referral.version_id}|{referral.offer}"
    return f"advocate:{referral.id}:{hashlib.sha256(owed_by.encode()).hexdigest()[:12]}"


def promise(reward: Reward, key: str, party: str, state: str, currency: str) -> Wanted:
    """A reward of a document as a wanted one."""
    return Wanted(
        key=key,
        party=party,
        state=state,
        kind=reward.kind,
        value=reward.value,
        unit=currency if reward.kind == "amount_off" else COUPONS,
        min_order=None,
        expires_days=reward.expires_days,
    )


def within_limit(
    referrals: Iterable[ReferralFacts], documents: Mapping[str, ProgramDocument]
) -> set[str]:
    """Which referrals of one advocate are rewarded when a programme caps them: by the order's
    time, each one that finds fewer than `count` rewarded ones in the `days` before it."""
    rewarded: list[datetime] = []
    within: set[str] = set()
    for referral in sorted(referrals, key=lambda r: (r.ordered_at, r.id)):
        if referral.status not in OWED:
            continue
        limit = documents[referral.version_id].limits.per_advocate
        if limit is not None:
            since = referral.ordered_at - timedelta(days=limit.days)
            if sum(1 for at in rewarded if at > since) >= limit.count:
                continue
        rewarded.append(referral.ordered_at)
        within.add(referral.id)
    return within


def usage_of(orders: Iterable[OrderFacts]) -> Usage:
    """What the orders that name a reward's code say about it. Test orders use nothing."""
    named = [order for order in orders if not order.is_test]
    if not named:
        return Usage(state="unused", why="", at=None)
    first = min(order.placed_at for order in named)
    if any(order.cancelled_at is None and not order.fully_refunded for order in named):
        return Usage(state="used", why="", at=first)
    cancelled = any(order.cancelled_at for order in named)
    return Usage(state="void", why="cancelled" if cancelled else "refunded", at=first)


def state_of(
    party: str, wanted: Wanted | None, usage: Usage, expires_at: datetime | None, now: datetime
) -> tuple[str, bool]:
    """The state a reward must be in, and whether its code was spent.

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


def revives(party: str, state: str, *, was_due: bool, used: bool) -> bool:
    """Whether a withdrawn reward that is owed again is the same reward: a friend's always is (it
    has the claim's code), an advocate's while its code was never given out, or when it was used:
    what was spent is then owed after all, and nothing more."""
    return state != "withdrawn" or party == "friend" or not was_due or used


def amount_of(kind: str, value: int) -> int:
    """What the ledger moves for a reward: its minor units, or one coupon."""
    return value if kind == "amount_off" else 1
