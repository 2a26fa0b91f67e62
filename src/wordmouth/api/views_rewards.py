"""Rewards with the state of their coupons, read in sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django_scopes import get_scope

from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.paging import check_id, page_of
from wordmouth.api.requests import AccessRequest, RewardQuery, RewardStatus
from wordmouth.api.shapes import Page, Text
from wordmouth.api.shapes_rewards import Access, Reward, RewardAccess
from wordmouth.fulfilment import access as early
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment import rules
from wordmouth.fulfilment.facts import NOTHING, CouponFacts, Held
from wordmouth.kit import clock
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.referrals import words
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import addresses
from wordmouth.stores import queries as stores

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
    if query.status == "issued":
        # What a wallet is credited with needs nobody to issue it.
        found += rewards.page(
            advocate=query.advocate,
            referral=query.referral,
            state="due",
            kinds=WALLET_KINDS,
            limit=limit,
            starting_after=starting_after,
        )
    return sorted(found, key=lambda facts: facts.id, reverse=True)[:limit]


def access(body: AccessRequest) -> Access:
    """What somebody may see or buy early. Raises RequestInvalid where nobody is named."""
    now = clock.now()
    if body.token:
        opened = early.by_token(body.token, now)
        if opened is not None and not early.opens(opened, body.product, body.category):
            opened = None
    elif body.email:
        found = early.by_email(body.email, body.product, body.category, now)
        opened = next(iter(found), None)
    else:
        raise RequestInvalid([FieldError(path="token", message="is missing; send token or email")])
    return Access(
        granted=opened is not None,
        until=opened.entitlement.until if opened else None,
        name=opened.name if opened else None,
        products=list(opened.entitlement.products) if opened else [],
        category=opened.entitlement.category if opened else None,
        reward=opened.entitlement.reward if opened else None,
    )


def shown(found: Sequence[RewardFacts]) -> list[Reward]:
    """Rewards as shapes, with a fixed number of queries however many they are."""
    coupons = fulfilment.coupons(facts.id for facts in found)
    held = fulfilment.held(found, coupons)
    portal = addresses.portal(stores.store(get_scope()["store"]).slug)
    return [
        _shape(facts, coupons.get(facts.id), held.get(facts.id, NOTHING), portal) for facts in found
    ]


def _shape(facts: RewardFacts, coupon: CouponFacts | None, held: Held, portal: str) -> Reward:
    status = fulfilment.public_status(facts, coupon)
    access = facts.details.get("access")
    return Reward(
        id=facts.id,
        party=facts.party,
        kind=facts.kind,
        value=facts.value,
        worth=facts.worth,
        unit=facts.unit,
        product=facts.details.get("product"),
        access=RewardAccess(**access) if access else None,
        name=facts.details.get("name"),
        status=cast(RewardStatus, status),
        code=_code(facts, coupon, held, status),
        text=held.text or None,
        url=_url(facts, held, portal),
        advocate=facts.advocate_id,
        referral=facts.referral_id,
        claim=facts.claim_id,
        redemption=facts.redemption_id,
        min_order=facts.min_order,
        why=_why(facts, status, coupon),
        granted_at=facts.granted_at,
        redeemed_at=facts.redeemed_at,
        withdrawn_at=facts.withdrawn_at,
        expires_at=facts.expires_at,
    )


def _code(facts: RewardFacts, coupon: CouponFacts | None, held: Held, status: str) -> str | None:
    """A coupon's code once it is in the shop, or what the shop's own program gave. That of a gift
    card is for its holder alone."""
    carrier = rules.carrier_of(facts.kind)
    if carrier == rules.COUPON:
        in_shop = coupon is not None and coupon.issued_at is not None
        return facts.code if in_shop or (status == "redeemed" and not facts.offset) else None
    return (held.code or None) if carrier == rules.CUSTOM else None


def _url(facts: RewardFacts, held: Held, portal: str) -> str | None:
    """Where the holder finds it. A gift card's own address is as good as the card: the holder
    gets it on their page, and a friend, who has none, by mail."""
    if facts.kind != "gift_card":
        return held.url or None
    return portal if held.url and facts.party == "advocate" else None


def _why(facts: RewardFacts, status: str, coupon: CouponFacts | None) -> Text | None:
    if status == "failed" and coupon is not None:
        return Text(code="coupon_failed", text=coupon.problem)
    if not facts.why:
        return None
    return Text(code=facts.why, text=str(words.reason_text(facts.why)))
