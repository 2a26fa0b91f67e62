"""What the public may see: the offer behind a code, and a claim."""

from __future__ import annotations

from typing import cast

import msgspec
from django.utils import translation

from wordmouth.advocates import queries as advocates
from wordmouth.advocates.errors import UnknownCode
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.requests import ClaimRequest, RewardStatus
from wordmouth.api.shapes import (
    Claim,
    ClaimCoupon,
    FriendReward,
    Offer,
)
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.rules import COUPON_KINDS
from wordmouth.kit.signing import BadSignature
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import document, sentences
from wordmouth.programs import queries as programs
from wordmouth.rewards import queries as rewards
from wordmouth.visits import services as visits
from wordmouth.visits import tokens
from wordmouth.visits.facts import ClaimFacts


class Taking(msgspec.Struct, frozen=True):
    """Whose offer a friend takes: found from a code, a token or both."""

    store_id: str
    code: str
    click: str


def find_code(code: str) -> tuple[str, AdvocateFacts]:
    """The store and advocate behind a code. Raises UnknownCode."""
    found = advocates.by_code(code)
    if found is None:
        raise UnknownCode("This referral code leads nowhere; check its spelling.")
    return found


def taking(body: ClaimRequest) -> Taking:
    """Whose offer it is. A code counts before a token. Raises RequestInvalid, UnknownCode."""
    token = _token(body.token) if body.token else None
    code = body.code or (token.code if token else "")
    if not code:
        raise RequestInvalid([FieldError(path="code", message="is missing; send code or token")])
    store_id, advocate = find_code(code)
    click = token.click if token and token.store_id == store_id else ""
    return Taking(store_id, advocate.code, click)


def claim(found: Taking, body: ClaimRequest) -> Claim:
    """Take the offer. Tells the same whether the friend is known to the shop or not."""
    customer = CustomerSnapshot(
        email=body.email,
        first_name=body.first_name,
        last_name=body.last_name,
        locale=body.locale,
    )
    facts = visits.claim(found.store_id, found.code, customer, found.click)
    version = programs.versions([facts.version_id])[facts.version_id]
    offer = offer_shape(version.document, facts.offer)
    reward = rewards.of_claim(facts.id)
    coupons = fulfilment.coupons([reward.id]) if reward else {}
    status = fulfilment.public_status(reward, coupons.get(reward.id)) if reward else "pending"
    return Claim(
        id=facts.id, coupon=_coupon(facts, offer.friend, cast(RewardStatus, status)), offer=offer
    )


def _coupon(
    facts: ClaimFacts, terms: FriendReward | None, status: RewardStatus
) -> ClaimCoupon | None:
    if terms is None or terms.kind not in COUPON_KINDS:
        return None
    return ClaimCoupon(
        code=facts.coupon_code,
        status=status,
        kind=terms.kind,
        value=terms.value,
        currency=terms.currency,
        min_order=terms.min_order,
        expires_at=facts.expires_at,
    )


def offer_shape(program: document.ProgramDocument, key: str) -> Offer:
    """An offer as the friend sees it, worded in the language of the request."""
    offer = program.offer(key) or program.offers[0]
    wording = sentences.Wording(
        program, locale=translation.get_language() or "en", words=translation
    )
    return Offer(
        program=program.slug,
        key=offer.key,
        friend=_friend_reward(program, offer.friend),
        text=wording.for_friend(offer),
        conditions=wording.conditions(offer),
    )


def _friend_reward(
    program: document.ProgramDocument, reward: document.FriendReward | None
) -> FriendReward | None:
    if reward is None:
        return None
    return FriendReward(
        kind=reward.kind,
        value=reward.value,
        currency=program.currency,
        min_order=program.eligibility.min_order or None,
        expires_days=reward.expires_days,
    )


def _token(text: str) -> tokens.Token:
    try:
        return tokens.open(text)
    except (BadSignature, ValueError):
        message = "is not a token of a referral link, or was changed on the way"
        raise RequestInvalid([FieldError(path="token", message=message)]) from None
