"""Rewards that the merchant's own program carries out."""

from __future__ import annotations

from collections.abc import Mapping

from wordmouth.fulfilment import registry
from wordmouth.fulfilment.carriers import things
from wordmouth.fulfilment.carriers.things import Task, Thing
from wordmouth.fulfilment.facts import Held
from wordmouth.fulfilment.ports import CustomSpec, CustomState
from wordmouth.people import queries as people
from wordmouth.programs import queries as programs
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores.transactions import store_read
from wordmouth.visits import queries as visits

STATES: Mapping[str, str] = {
    "pending": things.PENDING,
    "issued": things.ACTIVE,
    "used": things.USED,
    "revoked": things.REVOKED,
}


def make(task: Task) -> Thing:
    """Have it carried out. The program knows it by its id: the same id again is the same thing."""
    return _thing(registry.custom(task.store_id).issue(_spec(task), task.key))


def take_back(task: Task) -> Thing | None:
    """Have it taken back."""
    state = registry.custom(task.store_id).revoke(task.thing_key, task.key)
    return _thing(state) if state else None


def _spec(task: Task) -> CustomSpec:
    with store_read(task.store_id):
        reward = rewards.by_ids([task.coupon.reward_id])[task.coupon.reward_id]
        person = people.persons([reward.person_id]).get(reward.person_id)
        program = programs.programs([reward.program_id])[reward.program_id]
        offer = _offer(reward)
    return CustomSpec(
        id=task.thing_key,
        name=task.terms["name"],
        party=reward.party,
        email=(person.email or None) if person else None,
        first_name=person.first_name if person else "",
        locale=person.locale if person else "",
        program=program.slug,
        offer=offer,
        value=task.terms["value"],
        currency=task.terms["currency"],
        count=task.terms["count"],
    )


def _offer(reward: RewardFacts) -> str:
    """The key of the offer that promised it; empty where none did."""
    if reward.claim_id is not None:
        claim = visits.claims([reward.claim_id]).get(reward.claim_id)
        if claim is not None:
            return claim.offer
    if reward.referral_id is not None:
        return referrals.referral(reward.referral_id).offer
    return ""


def _thing(state: CustomState) -> Thing:
    return Thing(
        state=STATES[state.state],
        reference=state.reference,
        used=state.state == "used",
        held=Held(code=state.code, text=state.text, url=state.url),
    )
