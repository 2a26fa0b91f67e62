"""Gift cards of an issuer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from wordmouth.fulfilment import registry
from wordmouth.fulfilment.carriers import things
from wordmouth.fulfilment.carriers.things import Task, Thing
from wordmouth.fulfilment.facts import Held
from wordmouth.fulfilment.ports import GiftCardSpec, GiftCardState, Refused
from wordmouth.people import queries as people
from wordmouth.rewards import queries as rewards
from wordmouth.stores import queries as stores
from wordmouth.stores.transactions import store_read

STATES: Mapping[str, str] = {
    "pending": things.PENDING,
    "active": things.ACTIVE,
    "used": things.USED,
    "cancelled": things.REVOKED,
}


def make(task: Task) -> Thing:
    """Order the card. Raises Refused where no address of the holder is known."""
    port = registry.gift_cards(task.store_id, task.coupon.adapter)
    # A reply may have been lost after the card was ordered: look before ordering again.
    found = port.find(task.thing_key)
    return _thing(found or port.issue(_spec(task)), found=found is not None)


def take_back(task: Task) -> Thing | None:
    """Cancel the card."""
    if not task.coupon.adapter:
        return None  # it was never ordered
    state = registry.gift_cards(task.store_id, task.coupon.adapter).cancel(task.thing_key)
    return _thing(state) if state else None


def _spec(task: Task) -> GiftCardSpec:
    with store_read(task.store_id):
        reward = rewards.by_ids([task.coupon.reward_id])[task.coupon.reward_id]
        person = people.persons([reward.person_id]).get(reward.person_id)
    if person is None or not person.email:
        raise Refused("No e-mail address of the holder is known, so no gift card can be sent.")
    store = stores.store(task.store_id)
    name = " ".join(part for part in (person.first_name, person.last_name) if part)
    return GiftCardSpec(
        key=task.thing_key,
        value=task.terms["value"],
        currency=task.terms["currency"],
        email=person.email,
        name=name,
        message=gettext("Thank you from {store}").format(store=store.name),
    )


def _thing(state: GiftCardState, *, found: bool = False) -> Thing:
    return Thing(
        state=STATES[state.state],
        reference=state.reference,
        used=state.state == "used",
        found=found,
        held=Held(code=state.code, text=state.text, url=state.url),
    )
