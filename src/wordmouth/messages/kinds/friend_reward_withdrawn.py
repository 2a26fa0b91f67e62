"""To a friend: the code went back with a refunded order, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
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
    told = _("The code {code} ({value}) no longer works.").format(code=reward.code, value=value)
    key = tokens.claim_key(store.id, reward.claim_id)
    return Letter(
        subject=_("Your code for {store} no longer works").format(store=store.name),
        preview=why or told,
        title=_("Your code was taken back"),
        paragraphs=(told, why) if why else (told,),
        button=Button(label=_("See why"), url=addresses.friend(store.slug, advocate.code, key)),
        because=_("You get this mail because you asked for this code on a page of {store}.").format(
            store=store.name
        ),
    )
