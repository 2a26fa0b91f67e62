"""Verbs on coupons: what is owed is asked for, what was taken back is revoked."""

from __future__ import annotations

from collections.abc import Sequence

from django_scopes import get_scope

from wordmouth.fulfilment import registry, rules, states
from wordmouth.fulfilment.models import Coupon
from wordmouth.kit import clock
from wordmouth.kit.ids import new_id
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest
from wordmouth.rewards.events import RewardChanged
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import queries as stores

ISSUE = "coupon.issue"
REVOKE = "coupon.revoke"


def issue_key(reward_id: str) -> str:
    """The key of the effect that makes a reward's coupon."""
    return f"{ISSUE}:{reward_id}"


def revoke_key(reward_id: str) -> str:
    """The key of the effect that takes a reward's coupon back."""
    return f"{REVOKE}:{reward_id}"


def on_rewards_changed(events: Sequence[RewardChanged]) -> None:
    """Ask for the coupons of rewards that are due, take back those of rewards that are not.

    Of several changes of one reward only the last counts: a reward that became due and was
    withdrawn at once never had a coupon.
    """
    latest = {event.reward.id: event for event in events}
    owed = [event.reward for event in latest.values() if rules.is_owed(event.reward)]
    # A coupon that was redeemed is spent; there is nothing left to revoke in the shop.
    taken_back = [
        event.reward.id
        for event in latest.values()
        if rules.is_taken_back(event.reward) and event.before != "redeemed"
    ]
    if owed:
        _request(owed)
    if taken_back:
        _take_back(taken_back)


def _request(rewards: Sequence[RewardFacts]) -> None:
    """Write down the intent before anything goes to the shop: the row is the write-ahead."""
    store_id: str = get_scope()["store"]
    adapter = registry.preferred_adapter(store_id)
    currency = stores.store(store_id).currency
    now = clock.now()
    Coupon.objects.bulk_create(
        [
            Coupon(
                id=new_id("cpn"),
                store_id=store_id,
                reward_id=reward.id,
                code=reward.code,
                adapter=adapter,
                state=states.REQUESTED,
                requested_at=now,
            )
            for reward in rewards
        ],
        ignore_conflicts=True,
    )
    outbox.enqueue(
        [
            EffectRequest(
                key=issue_key(reward.id), kind=ISSUE, payload=rules.terms(reward, currency)
            )
            for reward in rewards
        ]
    )


def _take_back(reward_ids: Sequence[str]) -> None:
    """Also where the coupon was only asked for: a try under way may still reach the shop."""
    coupons = Coupon.objects.filter(
        reward_id__in=reward_ids, state__in=states.sources(states.REVOKING)
    )
    codes = dict(coupons.values_list("reward_id", "code"))
    if not codes:
        return
    coupons.update(state=states.REVOKING)
    outbox.enqueue(
        [
            EffectRequest(
                key=revoke_key(reward_id), kind=REVOKE, payload={"reward": reward_id, "code": code}
            )
            for reward_id, code in codes.items()
        ]
    )
