"""What is owed, made and taken back outside: the effects of this room. They run outside of any
transaction, may run again after a crash or a lost reply, and end the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from wordmouth.fulfilment import notes, queries, registry, rules, services, states
from wordmouth.fulfilment.carriers import coupons, custom, gift_cards, things
from wordmouth.fulfilment.carriers.things import Maker, Task
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.outbox import queries as outbox
from wordmouth.outbox import states as effect_states
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.outbox.facts import LeasedEffect
from wordmouth.outbox.runner import GaveUp, Handler
from wordmouth.stores.transactions import store_read

MAKERS: Mapping[str, Maker] = {
    rules.COUPON: coupons,
    rules.GIFT_CARD: gift_cards,
    rules.CUSTOM: custom,
}
"""Who carries out the effects of each family: `coupon.issue`, `gift_card.revoke` ..."""


def issue(effect: LeasedEffect) -> dict[str, Any]:
    """Make what the reward is owed, or find what an earlier try made."""
    coupon = _coupon(effect)
    if _gone(effect, coupon):
        return _not_wanted(effect, coupon)
    _hold_while_stopped(effect)
    coupon = _through_an_issuer(effect, coupon)
    with _outcome():
        thing = _maker(effect).make(_task(effect, coupon))
    if thing.state == things.PENDING:
        raise TryLater("It was asked for and is being made there.")
    if thing.state == things.REVOKED:
        raise Hopeless("It was made there before and is said to be revoked there.")
    if not notes.issued(effect, coupon, thing):
        _undo_if_taken_back(effect)
    return {"state": thing.state, "reference": thing.reference, "found": thing.found}


def grant_access(effect: LeasedEffect) -> dict[str, Any]:
    """Early access begins: the entitlement works by itself, with or without the shop's help."""
    coupon = _coupon(effect)
    if _gone(effect, coupon):
        return {"state": "withdrawn before it was issued"}
    _hold_while_stopped(effect)
    adapter = _shop_that_helps(effect.store_id)
    notes.access_granted(effect, coupon, adapter)
    return {"state": things.ACTIVE, "reference": adapter}


def revoke(effect: LeasedEffect) -> dict[str, Any]:
    """Make what a reward had become unusable."""
    coupon = _coupon(effect)
    turn = services.turn_of(effect.payload)
    if coupon.turn != turn:
        return {"state": "taken back before"}
    with store_read(effect.store_id):
        key = rules.key_of(_family(effect), "issue", coupon.reward_id, turn)
        asked = outbox.by_keys([key]).get(key)
    if asked is not None and asked.state == effect_states.LEASED:
        # Were it revoked now, the request under way could make it afterwards.
        raise TryLater("It is being issued at this moment; it is revoked after that.")
    with _outcome():
        thing = _maker(effect).take_back(_task(effect, coupon))
    if thing is not None and thing.state in (things.ACTIVE, things.PENDING):
        raise TryLater("The request was taken, but it is said to be still active.")
    used = thing is not None and thing.used
    notes.revoked(effect, used=used)
    return {"state": thing.state if thing else "unknown", "used": used}


HANDLERS: Mapping[str, Handler] = {
    **{f"{family}.issue": issue for family in MAKERS},
    **{f"{family}.revoke": revoke for family in MAKERS},
    services.GRANT: grant_access,
}
GAVE_UP: Mapping[str, GaveUp] = {
    **{f"{family}.issue": notes.issue_given_up for family in (*MAKERS, rules.ACCESS)},
    **{f"{family}.revoke": notes.revoke_given_up for family in MAKERS},
}


def _gone(effect: LeasedEffect, coupon: CouponFacts) -> bool:
    """Whether the reward was taken back, or asked for anew, since the effect was asked for."""
    return coupon.state in states.UNWANTED or coupon.turn != services.turn_of(effect.payload)


def _hold_while_stopped(effect: LeasedEffect) -> None:
    """Nothing new of a programme that the shop has stopped leaves the house."""
    with store_read(effect.store_id):
        stopped = queries.is_stopped(effect.payload["reward"])
    if stopped:
        raise Hopeless(services.STOPPED)


def _through_an_issuer(effect: LeasedEffect, coupon: CouponFacts) -> CouponFacts:
    """Whom a gift card is ordered from is written down before the first order, and kept: two
    issuers would make two cards."""
    if _family(effect) != rules.GIFT_CARD or coupon.adapter:
        return coupon
    adapter = registry.issuer(effect.store_id)
    if not adapter:
        raise TryLater("No issuer of gift cards is connected to this store.")
    notes.issuer_chosen(effect, adapter)
    return _coupon(effect)


def _shop_that_helps(store_id: str) -> str:
    """The adapter of the shop that keeps a coupon or tag for early access; empty: none does."""
    try:
        adapter = registry.preferred_adapter(store_id)
        return adapter if "early_access" in registry.port(store_id, adapter).kinds else ""
    except Unreachable:
        return ""


def _coupon(effect: LeasedEffect) -> CouponFacts:
    with store_read(effect.store_id):
        coupon = queries.coupon(effect.payload["reward"])
    if coupon is None:
        raise Hopeless("The coupon of this effect is not known any more.")
    return coupon


def _family(effect: LeasedEffect) -> str:
    return effect.kind.partition(".")[0]


def _maker(effect: LeasedEffect) -> Maker:
    return MAKERS[_family(effect)]


def _task(effect: LeasedEffect, coupon: CouponFacts) -> Task:
    turn = services.turn_of(effect.payload)
    return Task(
        store_id=effect.store_id,
        key=effect.key,
        thing_key=rules.thing_key(coupon.reward_id, turn),
        coupon=coupon,
        terms=effect.payload,
    )


@contextmanager
def _outcome() -> Iterator[None]:
    """Say what was answered in the outbox's words."""
    try:
        yield
    except Refused as refused:
        raise Hopeless(str(refused)) from refused
    except Unreachable as unreachable:
        raise TryLater(str(unreachable), unreachable.retry_after) from unreachable


def _not_wanted(effect: LeasedEffect, coupon: CouponFacts) -> dict[str, Any]:
    """The reward was taken back meanwhile. The first try never reached anybody; of a later one
    we cannot know, so it is revoked once more, after whatever the earlier one left."""
    if effect.attempts > 1:
        _take_back_again(effect, coupon)
    return {"state": "withdrawn before it was issued"}


def _undo_if_taken_back(effect: LeasedEffect) -> None:
    """The lease was lost on the way, and the revocation overtook us. (While it is only due, it
    waits for us and needs no help.)"""
    coupon = _coupon(effect)
    overtaken = coupon.turn != services.turn_of(effect.payload)
    if coupon.state == states.REVOKED or overtaken:
        _take_back_again(effect, coupon)


def _take_back_again(effect: LeasedEffect, coupon: CouponFacts) -> None:
    task = _task(effect, coupon)
    key = rules.key_of(
        _family(effect), "revoke", coupon.reward_id, services.turn_of(effect.payload)
    )
    with _outcome():
        _maker(effect).take_back(msgspec.structs.replace(task, key=key))
