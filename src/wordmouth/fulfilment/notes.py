"""What is noted of an effect's outcome, each in one store write of its own, and what is noted in
the store write that gives an effect up."""

from __future__ import annotations

import json

import msgspec

from wordmouth.fulfilment import queries, rules, services, states
from wordmouth.fulfilment.carriers.things import Thing
from wordmouth.fulfilment.events import CouponFailed, CouponIssued, CouponRevoked
from wordmouth.fulfilment.facts import NOTHING, CouponFacts, Held
from wordmouth.fulfilment.models import Coupon
from wordmouth.kit import clock, events
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest, LeasedEffect
from wordmouth.rewards import queries as rewards
from wordmouth.rewards import services as reward_services
from wordmouth.stores import queries as stores
from wordmouth.stores.transactions import store_write
from wordmouth.stores.vault import seal

USED_BEFORE = "It was used before it could be revoked."


def issued(effect: LeasedEffect, coupon: CouponFacts, thing: Thing) -> bool:
    """It is there. False where it is not wanted any more."""
    reward_id = coupon.reward_id
    told = {"reference": thing.reference[:200], "problem": ""}
    with store_write(effect.store_id):
        mine = Coupon.objects.filter(reward_id=reward_id, turn=services.turn_of(effect.payload))
        if coupon.carrier == rules.ACCESS:
            # The entitlement was told of when it was granted; this is the shop's own part of it.
            return bool(mine.filter(state=states.ISSUED).update(**told))
        moved = mine.filter(state__in=states.sources(states.ISSUED)).update(
            state=states.ISSUED,
            issued_at=clock.now(),
            sealed=_sealed(reward_id, thing.held),
            **told,
        )
        if moved:
            _tell_issued(effect.store_id, coupon)
    return bool(moved)


def _tell_issued(store_id: str, coupon: CouponFacts) -> None:
    code = coupon.code if coupon.carrier == rules.COUPON else ""
    events.emit(
        CouponIssued(store_id=store_id, reward_id=coupon.reward_id, code=code, turn=coupon.turn)
    )


def _sealed(reward_id: str, held: Held) -> str:
    if held == NOTHING:
        return ""
    return seal(json.dumps(msgspec.structs.asdict(held)), queries.place_of(reward_id))


def access_granted(effect: LeasedEffect, coupon: CouponFacts, adapter: str) -> None:
    """The entitlement holds from now on; a shop that helps is asked for its part."""
    with store_write(effect.store_id):
        mine = Coupon.objects.filter(reward_id=coupon.reward_id, turn=coupon.turn)
        moved = mine.filter(state__in=states.sources(states.ISSUED)).update(
            state=states.ISSUED, adapter=adapter, problem="", issued_at=clock.now()
        )
        if moved:
            _tell_issued(effect.store_id, coupon)
        if moved and adapter:
            key = rules.key_of(rules.COUPON, "issue", coupon.reward_id, coupon.turn)
            outbox.enqueue(
                [EffectRequest(key=key, kind=services.ISSUE, payload=dict(effect.payload))]
            )


def issuer_chosen(effect: LeasedEffect, adapter: str) -> None:
    """From whom the gift card is ordered, for good."""
    with store_write(effect.store_id):
        Coupon.objects.filter(reward_id=effect.payload["reward"], adapter="").update(
            adapter=adapter
        )


def revoked(effect: LeasedEffect, *, used: bool) -> None:
    """It cannot be used any more; that it had been used before is told to the rewards. What is
    owed again by now is asked for anew."""
    reward_id = effect.payload["reward"]
    with store_write(effect.store_id):
        moved = Coupon.objects.filter(
            reward_id=reward_id,
            turn=services.turn_of(effect.payload),
            state__in=states.sources(states.REVOKED),
        ).update(
            state=states.REVOKED,
            sealed="",
            problem=USED_BEFORE if used else "",
            revoked_at=clock.now(),
        )
        if not moved:
            return
        events.emit(CouponRevoked(store_id=effect.store_id, reward_id=reward_id, was_used=used))
        if used:
            reward_services.note_spent(effect.store_id, [reward_id])
        reward = rewards.by_ids([reward_id])[reward_id]
        if rules.is_owed(reward):
            services.ask_for([reward], stores.store(effect.store_id).currency)


def issue_given_up(effect: LeasedEffect, detail: str) -> None:
    """It was not to be had. In the store write that gives the effect up."""
    reward_id = effect.payload["reward"]
    mine = Coupon.objects.filter(reward_id=reward_id, turn=services.turn_of(effect.payload))
    # Early access holds without the shop's part; why that is missing is kept.
    mine.filter(state=states.ISSUED, carrier=rules.ACCESS).update(problem=detail)
    failed = mine.filter(state__in=states.sources(states.FAILED)).update(
        state=states.FAILED, problem=detail
    )
    if detail == services.STOPPED and not queries.is_stopped(reward_id):
        # The programme was resumed between our look and this note of it.
        outbox.revive_keys([effect.key])
    elif mine.filter(state__in=states.UNWANTED).exists():
        # It was taken back meanwhile; the next try finds that, and is done.
        outbox.revive_keys([effect.key])
    elif failed:
        events.emit(CouponFailed(store_id=effect.store_id, reward_id=reward_id, problem=detail))


def revoke_given_up(effect: LeasedEffect, detail: str) -> None:
    """It could not be revoked: keep why. In the store write that gives it up."""
    Coupon.objects.filter(
        reward_id=effect.payload["reward"],
        turn=services.turn_of(effect.payload),
        state=states.REVOKING,
    ).update(problem=detail)
