"""Coupons made and revoked in the shop: the effects of this room. They run outside of any
transaction, may run again after a crash or a lost reply, and end the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wordmouth.fulfilment import queries, registry, rules, services, states
from wordmouth.fulfilment.events import CouponFailed, CouponIssued, CouponRevoked
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.fulfilment.models import Coupon
from wordmouth.fulfilment.ports import CouponPort, CouponRefused, CouponState, CouponUnreachable
from wordmouth.kit import clock, events
from wordmouth.outbox import queries as outbox
from wordmouth.outbox import states as effect_states
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.outbox.facts import LeasedEffect
from wordmouth.people import queries as people
from wordmouth.rewards import queries as rewards
from wordmouth.stores.transactions import store_read, store_write

USED_BEFORE = "It was used before it could be revoked."
LOCK_OPTION = "lock_coupons"
"""Option of a connection: make coupons usable by their owner's e-mail address only."""


def issue_coupon(effect: LeasedEffect) -> dict[str, Any]:
    """Make the reward's coupon in the shop, or find the one an earlier try made."""
    coupon = _coupon(effect)
    if coupon.state in states.UNWANTED:
        return _not_wanted(effect, coupon)
    with _outcome():
        port = registry.port(effect.store_id, coupon.adapter)
        # A reply may have been lost after the shop made it: look before asking again.
        found = port.find(coupon.code)
        made = found or port.issue(rules.spec(effect.payload, _owner(effect, coupon)), effect.key)
    if made.state == "revoked":
        raise Hopeless("The shop has this code and says it was revoked there.")
    if not _record_issued(effect, made):
        _undo_if_revoked(effect)
    return {"state": made.state, "reference": made.reference, "found": found is not None}


def revoke_coupon(effect: LeasedEffect) -> dict[str, Any]:
    """Make the coupon of a reward that was taken back unusable."""
    coupon = _coupon(effect)
    with store_read(effect.store_id):
        key = services.issue_key(coupon.reward_id)
        issue = outbox.by_keys([key]).get(key)
    if issue is not None and issue.state == effect_states.LEASED:
        # Were it revoked now, the request under way could make it afterwards.
        raise TryLater("The coupon is being issued at this moment; it is revoked after that.")
    with _outcome():
        state = registry.port(effect.store_id, coupon.adapter).revoke(coupon.code, effect.key)
    if state is not None and state.state == "active":
        raise TryLater("The shop took the request, but says that the coupon is still active.")
    used = state is not None and (state.state == "used" or state.times_used > 0)
    _record_revoked(effect, coupon.reward_id, used)
    return {"state": state.state if state else "unknown", "used": used}


def issue_given_up(effect: LeasedEffect, detail: str) -> None:
    """The coupon was not to be had. In the store write that gives the effect up."""
    reward_id = effect.payload["reward"]
    failed = Coupon.objects.filter(
        reward_id=reward_id, state__in=states.sources(states.FAILED)
    ).update(state=states.FAILED, problem=detail)
    if failed:
        events.emit(CouponFailed(store_id=effect.store_id, reward_id=reward_id, problem=detail))


def revoke_given_up(effect: LeasedEffect, detail: str) -> None:
    """The coupon could not be revoked: keep why. In the store write that gives it up."""
    Coupon.objects.filter(reward_id=effect.payload["reward"], state=states.REVOKING).update(
        problem=detail
    )


def _coupon(effect: LeasedEffect) -> CouponFacts:
    with store_read(effect.store_id):
        coupon = queries.coupon(effect.payload["reward"])
    if coupon is None:
        raise Hopeless("The coupon of this effect is not known any more.")
    return coupon


@contextmanager
def _outcome() -> Iterator[None]:
    """Say what the shop said in the outbox's words."""
    try:
        yield
    except CouponRefused as refused:
        raise Hopeless(str(refused)) from refused
    except CouponUnreachable as unreachable:
        raise TryLater(str(unreachable), unreachable.retry_after) from unreachable


def _owner(effect: LeasedEffect, coupon: CouponFacts) -> str | None:
    """The e-mail address that alone may use the coupon, where the connection asks for that."""
    if not registry.connection(effect.store_id, coupon.adapter).options.get(LOCK_OPTION):
        return None
    with store_read(effect.store_id):
        reward = rewards.by_ids([coupon.reward_id])[coupon.reward_id]
        person = people.persons([reward.person_id]).get(reward.person_id)
    return person.email if person and person.email else None


def _not_wanted(effect: LeasedEffect, coupon: CouponFacts) -> dict[str, Any]:
    """The reward was taken back meanwhile. The first try never reached the shop; of a later one
    we cannot know, so the coupon is revoked once more, after whatever the earlier one left."""
    if effect.attempts > 1:
        _revoke_again(effect, coupon)
    return {"state": "withdrawn before it was issued"}


def _record_issued(effect: LeasedEffect, made: CouponState) -> bool:
    reward_id = effect.payload["reward"]
    with store_write(effect.store_id):
        moved = Coupon.objects.filter(
            reward_id=reward_id, state__in=states.sources(states.ISSUED)
        ).update(state=states.ISSUED, reference=made.reference, problem="", issued_at=clock.now())
        if moved:
            events.emit(CouponIssued(store_id=effect.store_id, reward_id=reward_id, code=made.code))
    return bool(moved)


def _undo_if_revoked(effect: LeasedEffect) -> None:
    """The lease was lost on the way, and the revocation overtook us. (While it is only due, it
    waits for us and needs no help.)"""
    coupon = _coupon(effect)
    if coupon.state == states.REVOKED:
        _revoke_again(effect, coupon)


def _revoke_again(effect: LeasedEffect, coupon: CouponFacts) -> None:
    with _outcome():
        port: CouponPort = registry.port(effect.store_id, coupon.adapter)
        port.revoke(coupon.code, services.revoke_key(coupon.reward_id))


def _record_revoked(effect: LeasedEffect, reward_id: str, used: bool) -> None:
    with store_write(effect.store_id):
        moved = Coupon.objects.filter(
            reward_id=reward_id, state__in=states.sources(states.REVOKED)
        ).update(
            state=states.REVOKED,
            problem=USED_BEFORE if used else "",
            revoked_at=clock.now(),
        )
        if moved:
            events.emit(CouponRevoked(store_id=effect.store_id, reward_id=reward_id, was_used=used))
