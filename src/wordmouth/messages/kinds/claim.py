"""To a friend: the code is ready, or what else they were offered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.facts import NOTHING, Held
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
    is_code = reward.kind != "early_access"
    held = fulfilment.held([reward]).get(reward.id, NOTHING)
    page = addresses.friend(store.slug, code, tokens.claim_key(store.id, claim.id))
    subject = _("Your code for {store}: {value}") if is_code else _("From {store}: {value}")
    return Letter(
        subject=subject.format(store=store.name, value=value),
        preview=(
            _("A present from {name}.").format(name=sender) if sender else _("A friend's present.")
        ),
        title=(
            _("{name} got you {value}").format(name=sender, value=value)
            if sender
            else _("Your friend got you {value}").format(value=value)
        ),
        paragraphs=(_how(is_code).format(store=store.name),),
        ticket=Ticket(value=value, code=held.code, detail=_until(occasion, reward)),
        button=_button(held, page),
        small=_conditions(occasion, claim) if is_code else (),
        because=_because(is_code).format(store=store.name),
    )


def _how(is_code: bool) -> str:
    if is_code:
        return _("Enter this code at the checkout. It works once.")
    return _("{store} lets you in before everybody else. The link is yours alone.")


def _until(occasion: Occasion, reward: RewardFacts) -> str:
    if reward.expires_at is None:
        return ""
    return _("Valid until {day}").format(day=occasion.voice.day(reward.expires_at))


def _button(held: Held, page: str) -> Button:
    if held.url:
        return Button(label=_("See what it opens"), url=held.url)
    return Button(label=_("Use my code"), url=page)


def _because(is_code: bool) -> str:
    if is_code:
        return _("You get this mail because you asked for this code on a page of {store}.")
    return _("You get this mail because you took a friend's offer on a page of {store}.")


def _conditions(occasion: Occasion, claim: ClaimFacts) -> tuple[str, ...]:
    document = programs.version(claim.version_id).document
    offer = document.offer(claim.offer)
    return tuple(occasion.voice.wording(document).conditions(offer)) if offer else ()
