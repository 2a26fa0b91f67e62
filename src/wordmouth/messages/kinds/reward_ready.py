"""To an advocate: the reward is there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.messages import lookups
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the reward was taken back before the mail went out."""
    reward = lookups.reward(occasion)
    if reward is None or reward.state != "due":
        return None
    store, value = occasion.store, lookups.reward_value(occasion, reward)
    detail = (
        _("Valid until {day}").format(day=occasion.voice.day(reward.expires_at))
        if reward.expires_at
        else _("Works once, whenever you like")
    )
    return Letter(
        subject=_("Your reward is ready: {value}").format(value=value),
        preview=_("Thank you for recommending {store}.").format(store=store.name),
        title=_("Thank you. This is yours."),
        paragraphs=(
            _("Your friend's order is complete, so your reward is released."),
            _("Enter this code at the checkout of {store}.").format(store=store.name),
        ),
        ticket=Ticket(value=value, code=reward.code, detail=detail),
        button=Button(
            label=_("See my rewards"), url=lookups.portal_address(occasion, reward.advocate_id)
        ),
        because=_("You get this mail because you recommend {store}.").format(store=store.name),
    )
