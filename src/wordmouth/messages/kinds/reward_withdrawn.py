"""To an advocate: a reward was taken back, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.fulfilment import rules
from wordmouth.messages import explain, lookups
from wordmouth.messages.letters import Button, Letter, Occasion


def write(occasion: Occasion) -> Letter | None:
    """Nothing where there is no such reward or it is owed again."""
    reward = lookups.reward(occasion)
    if reward is None or reward.state != "withdrawn" or reward.referral_id is None:
        return None
    story = lookups.referral_story(reward.referral_id)
    if story is None:
        return None
    store, value = occasion.store, lookups.reward_value(occasion, reward)
    paragraphs = [
        _("{reward} that you were to get for a friend's order was taken back.").format(reward=value)
    ]
    why = explain.to_advocate(story.referral.reasons)
    if why:
        paragraphs.append(why)
    if reward.due_at is not None and rules.carrier_of(reward.kind) == rules.COUPON:
        paragraphs.append(_("The code {code} no longer works.").format(code=reward.code))
    paragraphs.append(_("Your link works as before, and the next friend counts again."))
    return Letter(
        subject=_("A reward at {store} was taken back").format(store=store.name),
        preview=why or paragraphs[0],
        title=_("A reward was taken back"),
        paragraphs=tuple(paragraphs),
        button=Button(
            label=_("See what happened"), url=lookups.portal_address(occasion, reward.advocate_id)
        ),
        because=_("You get this mail because you recommend {store}.").format(store=store.name),
    )
