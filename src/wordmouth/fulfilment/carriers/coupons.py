"""Coupons in the shop; for early access a coupon or tag that the shop keeps beside it."""

from __future__ import annotations

from wordmouth.fulfilment import registry, rules
from wordmouth.fulfilment.carriers.things import Task, Thing
from wordmouth.fulfilment.ports import CouponState
from wordmouth.people import queries as people
from wordmouth.rewards import queries as rewards
from wordmouth.stores.transactions import store_read

LOCK_OPTION = "lock_coupons"
"""Option of a connection: make coupons usable by their owner's e-mail address only."""


def make(task: Task) -> Thing:
    """Make the coupon in the shop."""
    port = registry.port(task.store_id, task.coupon.adapter)
    # A reply may have been lost after the shop made it: look before asking again.
    found = port.find(task.coupon.code)
    made = found or port.issue(rules.spec(task.terms, _owner(task)), task.key)
    return _thing(made, found=found is not None)


def take_back(task: Task) -> Thing | None:
    """Revoke the coupon in the shop."""
    port = registry.port(task.store_id, task.coupon.adapter)
    state = port.revoke(task.coupon.code, task.key)
    return _thing(state) if state else None


def _thing(state: CouponState, *, found: bool = False) -> Thing:
    used = state.state == "used" or state.times_used > 0
    return Thing(state=state.state, reference=state.reference, used=used, found=found)


def _owner(task: Task) -> str | None:
    """The e-mail address that alone may use the coupon: for early access always, else where the
    connection asks for that."""
    options = registry.connection(task.store_id, task.coupon.adapter).options
    if task.terms["kind"] != "early_access" and not options.get(LOCK_OPTION):
        return None
    with store_read(task.store_id):
        reward = rewards.by_ids([task.coupon.reward_id])[task.coupon.reward_id]
        person = people.persons([reward.person_id]).get(reward.person_id)
    return person.email if person and person.email else None
