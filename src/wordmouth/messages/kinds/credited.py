"""To whoever's wallet it is: points, store credit or cash have come in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.messages import lookups
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.accounts import purse_of


def write(occasion: Occasion) -> Letter | None:
    """Nothing where it was taken back before the mail went out."""
    reward = lookups.reward(occasion)
    if reward is None or reward.state != "due":
        return None
    voice = occasion.voice
    value = voice.worth(reward.value, reward.unit)
    purse = purse_of(reward.kind)
    balances = rewards.wallet(reward.holder, limit=0).balances
    has = sum(one.available for one in balances if (one.purse, one.unit) == (purse, reward.unit))
    until = ""
    if reward.expires_at:
        until = _("Valid until {day}").format(day=voice.day(reward.expires_at))
    return Letter(
        subject=_("{value} for you").format(value=value),
        preview=lookups.thanks(occasion, reward),
        title=_("Thank you. This is yours."),
        paragraphs=(
            _("Your order is complete, and so this is yours.")
            if reward.party == "friend"
            else _("Your friend's order is complete, and so this is yours."),
            _("Your wallet holds {sum} now.").format(sum=voice.worth(max(has, 0), reward.unit)),
        ),
        ticket=Ticket(value=value, detail=until),
        button=Button(
            label=_("See my wallet"), url=lookups.portal_address(occasion, reward.holder)
        ),
        because=lookups.because(occasion, reward),
    )
