"""What the kinds of mail need to know, read at the moment of sending."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services as advocate_services
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit.errors import NotFound
from wordmouth.messages.letters import Occasion
from wordmouth.messages.voice import initial, plain_name
from wordmouth.people import queries as people
from wordmouth.programs import queries as programs
from wordmouth.programs.document import Offer, ProgramDocument
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import addresses


class ReferralStory(msgspec.Struct, frozen=True, kw_only=True):
    """A referral with what a letter to its advocate needs; `friend` is an initial or empty."""

    referral: ReferralFacts
    advocate: AdvocateFacts
    friend: str
    document: ProgramDocument
    offer: Offer


def referral_story(referral_id: str) -> ReferralStory | None:
    """The referral, unless it or its advocate is gone."""
    try:
        referral = referrals.referral(referral_id)
        advocate = advocates.advocate(referral.advocate_id)
    except NotFound:
        return None
    friend = first_name(referral.friend_id) if referral.friend_id else ""
    document = programs.version(referral.version_id).document
    return ReferralStory(
        referral=referral,
        advocate=advocate,
        friend=initial(friend),
        document=document,
        offer=document.offer(referral.offer) or document.offers[0],
    )


def reward(occasion: Occasion) -> RewardFacts | None:
    """The reward that the letter is about."""
    reward_id = str(occasion.about["reward"])
    return rewards.by_ids([reward_id]).get(reward_id)


def reward_value(occasion: Occasion, found: RewardFacts) -> str:
    """The reward in words, by the version that promised it: `€10.00 off`."""
    document = programs.version(found.version_id).document
    return occasion.voice.reward(found, document)


def first_name(person_id: str) -> str:
    """Somebody's first name, empty where it is not known."""
    found = people.persons([person_id]).get(person_id)
    return plain_name(found.first_name) if found else ""


def portal_address(occasion: Occasion, advocate_id: str) -> str:
    """The advocate's own page, with a key that opens it once."""
    key = advocate_services.portal_key(occasion.store.id, advocate_id)
    return addresses.portal(occasion.store.slug, key)


def thanks(occasion: Occasion, found: RewardFacts) -> str:
    """What is said beside the subject of a reward."""
    store = occasion.store.name
    if found.party == "friend":
        return _("Thank you for your order at {store}.").format(store=store)
    return _("Thank you for recommending {store}.").format(store=store)


def because(occasion: Occasion, found: RewardFacts) -> str:
    """Why somebody is written to about a reward."""
    store = occasion.store.name
    if found.party == "friend":
        return _("You get this mail because a friend recommended {store} to you.").format(
            store=store
        )
    return _("You get this mail because you recommend {store}.").format(store=store)
