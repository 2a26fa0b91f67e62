"""Early access asked for: by its token, or by who asks. In the store's scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django_scopes import get_scope

from wordmouth.advocates import queries as advocates
from wordmouth.catalog import queries as catalog
from wordmouth.fulfilment import entitlements, rules, states
from wordmouth.fulfilment.entitlements import Opened
from wordmouth.fulfilment.models import Coupon
from wordmouth.kit.signing import BadSignature
from wordmouth.people import queries as people
from wordmouth.people.errors import BadEmail
from wordmouth.rewards import queries as rewards
from wordmouth.stores import queries as stores
from wordmouth.visits import queries as visits


def by_token(token: str, now: datetime) -> Opened | None:
    """What a token opens now; None for one that is not ours, whose time is over or whose reward
    was taken back."""
    store_id: str = get_scope()["store"]
    secrets = [secret for shop in stores.connections(store_id) for secret in shop.secrets]
    try:
        read = entitlements.read(token, secrets)
    except BadSignature:
        return None
    return next(iter(_standing([read.reward], now)), None)


def by_email(email: str, product: str | None, category: str | None, now: datetime) -> list[Opened]:
    """What somebody may see or buy now under any of their addresses, the longest first; where a
    product or a category is named, what opens it."""
    return [one for one in _of(email, now) if opens(one, product, category)]


def opens(found: Opened, product: str | None, category: str | None) -> bool:
    """Whether it opens the product (or a category that it is in), or the category; where neither
    is named, anything counts."""
    categories = [category] if category else []
    if product is not None and found.entitlement.category is not None:
        known = catalog.products([product]).get(product)
        categories += [known.category] if known and known.category else []
    return entitlements.opens(found.entitlement, product, categories)


def _of(email: str, now: datetime) -> list[Opened]:
    try:
        person = people.find(email)
    except BadEmail:
        return []
    if person is None:
        return []
    human = people.members([person.root]).get(person.root, [person.id])
    memberships = [one.id for one in advocates.of_persons(human)]
    claims = [one.id for one in visits.claims_of_persons(human)]
    mine = Q(reward__advocate_id__in=memberships, reward__party="advocate") | Q(
        reward__claim_id__in=claims, reward__party="friend"
    )
    rows = Coupon.objects.filter(mine, carrier=rules.ACCESS, state=states.ISSUED)
    found = _standing(rows.values_list("reward_id", flat=True), now)
    return sorted(found, key=lambda one: one.entitlement.until, reverse=True)


def _standing(reward_ids: Iterable[str], now: datetime) -> list[Opened]:
    """What these rewards open now."""
    ids = list(reward_ids)
    issued = dict(
        Coupon.objects.filter(
            reward_id__in=ids, carrier=rules.ACCESS, state=states.ISSUED
        ).values_list("reward_id", "issued_at")
    )
    known = rewards.by_ids(issued)
    opened = [
        entitlements.opened(one, at)
        for one in known.values()
        if one.state in entitlements.HELD_IN and (at := issued[one.id]) is not None
    ]
    return [one for one in opened if now < one.entitlement.until]
