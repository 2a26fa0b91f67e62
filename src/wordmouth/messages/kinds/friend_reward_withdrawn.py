"""To a friend: the code, or what else they had, went back with a refunded order, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.fulfilment import rules
from wordmouth.messages import explain, lookups, tokens
from wordmouth.messages.letters import Button, Letter, Occasion
from wordmouth.stores import addresses


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the order stands after all."""
    reward = lookups.reward(occasion)
    if reward is None or reward.state != "withdrawn" or reward.claim_id is None:
        return None
    advocate = advocates.advocates([reward.advocate_id]).get(reward.advocate_id)
    if advocate is None:
        return None
    store, value = occasion.store, lookups.reward_value(occasion, reward)
    why = explain.to_friend([reward.why])
    is_code = rules.carrier_of(reward.kind) == rules.COUPON
    told = _("The code {code} ({value}) no longer works.").format(code=reward.code, value=value)
    if not is_code:
        told = _("{value}, which came with that order, was taken back.").format(value=value)
    subject = (
        _("Your code for {store} no longer works")
        if is_code
        else _("A reward at {store} was taken back")
    )
    key = tokens.claim_key(store.id, reward.claim_id)
    return Letter(
        subject=subject.format(store=store.name),
        preview=why or told,
        title=_("Your code was taken back") if is_code else _("A reward was taken back"),
        paragraphs=(told, why) if why else (told,),
        button=Button(label=_("See why"), url=addresses.friend(store.slug, advocate.code, key)),
        because=_(
            "You get this mail because you took a friend's offer on a page of {store}."
        ).format(store=store.name),
    )
