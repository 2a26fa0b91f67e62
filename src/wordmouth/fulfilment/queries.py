"""Questions about what carries out rewards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django_scopes import get_scope

from wordmouth.fulfilment import entitlements, registry, rules, states
from wordmouth.fulfilment.facts import CouponFacts, Held
from wordmouth.fulfilment.models import Coupon
from wordmouth.programs import queries as programs
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import addresses
from wordmouth.stores import queries as stores
from wordmouth.stores.vault import unseal

public_status = rules.public_status


def coupons(reward_ids: Iterable[str]) -> dict[str, CouponFacts]:
    """What carries out these rewards, by reward; a reward without is absent."""
    rows = Coupon.objects.filter(reward_id__in=list(reward_ids))
    return {row.reward_id: facts_of(row) for row in rows}


def coupon(reward_id: str) -> CouponFacts | None:
    """What carries out one reward."""
    return coupons([reward_id]).get(reward_id)


def facts_of(row: Coupon) -> CouponFacts:
    """A row as facts."""
    return CouponFacts(**{name: getattr(row, name) for name in CouponFacts.__struct_fields__})


def place_of(reward_id: str) -> str:
    """Where a reward's secrets belong, for the vault."""
    return f"{reward_id}:held"


def held(
    found: Iterable[RewardFacts], known: Mapping[str, CouponFacts] | None = None
) -> dict[str, Held]:
    """What the holders of these rewards have of them now, by reward; for their eyes alone.

    A reward of which nothing can be used (yet, or any more) is absent. `known` are the coupons of
    the rewards where they were read already.
    """
    listed = list(found)
    known = coupons(one.id for one in listed) if known is None else known
    usable = [
        one
        for one in listed
        if one.id in known
        and known[one.id].state == states.ISSUED
        and one.state in entitlements.HELD_IN
    ]
    sealed = _sealed([one.id for one in usable])
    links = _access_links([one for one in usable if known[one.id].carrier == rules.ACCESS], known)
    return {
        one.id: sealed.get(one.id)
        or links.get(one.id)
        or Held(code=one.code if known[one.id].carrier == rules.COUPON else "")
        for one in usable
    }


def _sealed(reward_ids: list[str]) -> dict[str, Held]:
    rows = Coupon.objects.filter(reward_id__in=reward_ids).exclude(sealed="")
    return {
        reward_id: Held(**json.loads(unseal(text, place_of(reward_id))))
        for reward_id, text in rows.values_list("reward_id", "sealed")
    }


def _access_links(found: list[RewardFacts], known: Mapping[str, CouponFacts]) -> dict[str, Held]:
    """The page of each entitlement, by a token of its own."""
    if not found:
        return {}
    store_id: str = get_scope()["store"]
    shop = registry.shop(store_id)
    if shop is None or not shop.secrets:
        return {}
    slug = stores.store(store_id).slug
    links = {}
    for one in found:
        issued_at = known[one.id].issued_at
        assert issued_at is not None, "what is issued has a time of it"
        token = entitlements.sign(entitlements.opened(one, issued_at).entitlement, shop.secrets[0])
        links[one.id] = Held(url=addresses.access(slug, token))
    return links


def is_stopped(reward_id: str) -> bool:
    """Whether the shop has stopped the programme of this reward."""
    reward = rewards.by_ids([reward_id]).get(reward_id)
    if reward is None:
        return False
    program = programs.programs([reward.program_id]).get(reward.program_id)
    return program is not None and program.intake == "stopped"


def due_rewards(
    states: Iterable[str],
    *,
    advocate: str | None = None,
    referral: str | None = None,
    limit: int = 50,
    starting_after: str | None = None,
) -> list[str]:
    """The ids of rewards that are due and whose coupon is in one of `states`, newest first.

    An advocate's are those they hold, not their friends'.
    """
    rows = Coupon.objects.filter(state__in=list(states), reward__state="due")
    if advocate is not None:
        rows = rows.filter(reward__advocate_id=advocate, reward__party="advocate")
    if referral is not None:
        rows = rows.filter(reward__referral_id=referral)
    if starting_after:
        rows = rows.filter(reward_id__lt=starting_after)
    return list(rows.order_by("-reward_id").values_list("reward_id", flat=True)[:limit])
