"""To a friend: the code is ready."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.messages import lookups, tokens
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.programs import queries as programs
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import addresses
from wordmouth.visits import queries as visits
from wordmouth.visits.facts import ClaimFacts


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the coupon was taken back before the mail went out."""
    reward = lookups.reward(occasion)
    if reward is None or reward.state != "due" or reward.claim_id is None:
        return None
    claim = visits.claims([reward.claim_id]).get(reward.claim_id)
    advocate = advocates.advocates([reward.advocate_id]).get(reward.advocate_id)
    if claim is None or advocate is None:
        return None
    return _letter(occasion, reward, claim, advocate.code, lookups.first_name(advocate.person_id))


def _letter(
    occasion: Occasion, reward: RewardFacts, claim: ClaimFacts, code: str, sender: str
) -> Letter:
    store, value = occasion.store, lookups.reward_value(occasion, reward)
    key = tokens.claim_key(store.id, claim.id)
    until = (
        _("Valid until {day}").format(day=occasion.voice.day(reward.expires_at))
        if (reward.expires_at)
        else ""
    )
    return Letter(
        subject=_("Your code for {store}: {value}").format(store=store.name, value=value),
        preview=(
            _("A present from {name}.").format(name=sender) if sender else _("A friend's present.")
        ),
        title=(
            _("{name} got you {value}").format(name=sender, value=value)
            if sender
            else _("Your friend got you {value}").format(value=value)
        ),
        paragraphs=(_("Enter this code at the checkout. It works once."),),
        ticket=Ticket(value=value, code=reward.code, detail=until),
        button=Button(label=_("Use my code"), url=addresses.friend(store.slug, code, key)),
        small=_conditions(occasion, claim),
        because=_("You get this mail because you asked for this code on a page of {store}.").format(
            store=store.name
        ),
    )


def _conditions(occasion: Occasion, claim: ClaimFacts) -> tuple[str, ...]:
    document = programs.version(claim.version_id).document
    offer = document.offer(claim.offer)
    return tuple(occasion.voice.wording(document).conditions(offer)) if offer else ()
