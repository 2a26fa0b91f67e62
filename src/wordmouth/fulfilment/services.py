"""Verbs on what carries rewards: what is owed is asked for, what was taken back is revoked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django_scopes import get_scope

from wordmouth.fulfilment import registry, rules, states
from wordmouth.fulfilment.events import CouponRevoked
from wordmouth.fulfilment.models import Coupon
from wordmouth.kit import clock, events
from wordmouth.kit.ids import new_id
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest
from wordmouth.programs.events import IntakeChanged
from wordmouth.rewards.events import RewardChanged
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import queries as stores

ISSUE = "coupon.issue"
REVOKE = "coupon.revoke"
GRANT = "access.issue"

STOPPED = "The programme was stopped by the shop. This is issued when the programme goes on."
AT_ONCE = 500


def issue_key(reward_id: str) -> str:
    """The key of the effect that makes a reward's coupon."""
    return rules.key_of(rules.COUPON, "issue", reward_id)


def revoke_key(reward_id: str) -> str:
    """The key of the effect that takes a reward's coupon back."""
    return rules.key_of(rules.COUPON, "revoke", reward_id)


def turn_of(payload: Mapping[str, Any]) -> int:
    """Which asking an effect belongs to; those of older versions name none."""
    return int(payload.get("turn", 1))


def on_rewards_changed(happened: Sequence[RewardChanged]) -> None:
    """Ask for what rewards that are due become, take back that of rewards that are not.

    Of several changes of one reward only the last counts: a reward that became due and was
    withdrawn at once never had a coupon.
    """
    latest = {event.reward.id: event for event in happened}
    owed = [event.reward for event in latest.values() if rules.is_owed(event.reward)]
    # What was redeemed is spent; there is nothing left to revoke.
    taken_back = [
        event.reward.id
        for event in latest.values()
        if rules.is_taken_back(event.reward) and event.before != "redeemed"
    ]
    if owed:
        ask_for(owed, stores.store(happened[0].store_id).currency)
    if taken_back:
        _take_back(happened[0].store_id, taken_back)


def on_intake_changed(happened: Sequence[IntakeChanged]) -> None:
    """A programme that goes on after a stop issues all that was held back meanwhile."""
    resumed = {event.program_id for event in happened if event.before == "stopped"}
    resumed -= {event.program_id for event in happened if event.intake == "stopped"}
    if not resumed:
        return
    waits = Q(state__in=states.WANTED) | Q(state=states.ISSUED, problem=STOPPED)
    rows = Coupon.objects.filter(waits, reward__program_id__in=resumed, reward__state="due")
    keys = _issue_keys(rows)
    for start in range(0, len(keys), AT_ONCE):
        outbox.revive_keys(keys[start : start + AT_ONCE])


def _issue_keys(rows: QuerySet[Coupon]) -> list[str]:
    """The keys of the effects by which these are issued."""
    return [
        rules.key_of(family, "issue", reward_id, turn)
        for reward_id, carrier, turn in rows.values_list("reward_id", "carrier", "turn")
        for family in _families(carrier)
    ]


def _families(carrier: str) -> tuple[str, ...]:
    """The families of the effects by which a carrier is issued; early access has two."""
    return (rules.ACCESS, rules.COUPON) if carrier == rules.ACCESS else (carrier,)


def ask_for(owed: Sequence[RewardFacts], store_currency: str) -> None:
    """Write down the intent before anything goes out: the row is the write-ahead. In a store
    write; what was asked for already is not asked for again."""
    store_id: str = get_scope()["store"]
    now = clock.now()
    by_carrier = _by_carrier(owed)
    adapters = {carrier: _adapter(store_id, carrier) for carrier in by_carrier}
    rows = [
        Coupon(
            id=new_id("cpn"),
            store_id=store_id,
            reward_id=reward.id,
            carrier=carrier,
            code=reward.code,
            adapter=adapters[carrier],
            state=states.REQUESTED,
            requested_at=now,
        )
        for carrier, rewards in by_carrier.items()
        for reward in rewards
    ]
    Coupon.objects.bulk_create(rows, ignore_conflicts=True)
    for carrier, rewards in by_carrier.items():
        _ask_anew([reward.id for reward in rewards], adapters[carrier])
    turns = dict(
        Coupon.objects.filter(reward_id__in=[reward.id for reward in owed])
        .filter(state__in=states.WANTED)
        .values_list("reward_id", "turn")
    )
    outbox.enqueue(
        [
            _issue_request(reward, turns[reward.id], store_currency)
            for reward in owed
            if reward.id in turns
        ]
    )


def _by_carrier(owed: Iterable[RewardFacts]) -> dict[str, list[RewardFacts]]:
    """The rewards by what carries them out, for all of one carrier are asked for in one way."""
    found: dict[str, list[RewardFacts]] = {}
    for reward in owed:
        found.setdefault(rules.carrier_of(reward.kind), []).append(reward)
    return found


def _ask_anew(reward_ids: Sequence[str], adapter: str) -> None:
    """What was taken back and is owed after all is a new thing under a new key."""
    Coupon.objects.filter(
        reward_id__in=reward_ids, state__in=states.sources(states.REQUESTED)
    ).update(
        state=states.REQUESTED,
        adapter=adapter,
        turn=F("turn") + 1,
        reference="",
        problem="",
        requested_at=clock.now(),
        issued_at=None,
        revoked_at=None,
    )


def _adapter(store_id: str, carrier: str) -> str:
    """Through which connection it will be made, as far as that is known; the shop's part in early
    access is decided when it is granted."""
    if carrier == rules.COUPON:
        return registry.preferred_adapter(store_id)
    if carrier == rules.GIFT_CARD:
        return registry.issuer(store_id)
    return rules.CUSTOM if carrier == rules.CUSTOM else ""


def _issue_request(reward: RewardFacts, turn: int, store_currency: str) -> EffectRequest:
    carrier = rules.carrier_of(reward.kind)
    return EffectRequest(
        key=rules.key_of(carrier, "issue", reward.id, turn),
        kind=f"{carrier}.issue",
        payload=rules.terms(reward, turn, store_currency),
    )


def _take_back(store_id: str, reward_ids: Sequence[str]) -> None:
    """Also where it was only asked for: a try under way may still reach those outside. An asking
    that was given up, because the programme is stopped or else, is looked at once more: it finds
    that nothing is wanted, and waits for nobody any more."""
    rows = Coupon.objects.filter(
        reward_id__in=reward_ids, state__in=states.sources(states.REVOKING)
    )
    given_up = _issue_keys(rows)
    alone = rows.filter(carrier=rules.ACCESS, adapter="")
    ended = list(alone.values_list("reward_id", flat=True))
    alone.update(state=states.REVOKED, problem="", revoked_at=clock.now())
    for reward_id in ended:
        events.emit(CouponRevoked(store_id=store_id, reward_id=reward_id, was_used=False))
    known = list(rows.values_list("reward_id", "carrier", "turn", "code"))
    rows.update(state=states.REVOKING)
    outbox.revive_keys(given_up)
    outbox.enqueue([_revoke_request(*row) for row in known])


def _revoke_request(reward_id: str, carrier: str, turn: int, code: str) -> EffectRequest:
    family = rules.COUPON if carrier == rules.ACCESS else carrier
    return EffectRequest(
        key=rules.key_of(family, "revoke", reward_id, turn),
        kind=f"{family}.revoke",
        payload={"reward": reward_id, "turn": turn, "code": code},
    )
