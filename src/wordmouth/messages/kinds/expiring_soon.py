"""To whoever's wallet it is: points or credit end soon, and what they buy until then."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.messages import lookups
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.programs import queries as programs
from wordmouth.rewards import notices


def write(occasion: Occasion) -> Letter | None:
    """Nothing where nothing is left of it, or it is over."""
    ending = notices.ending(str(occasion.about["reward"]))
    if ending is None:
        return None
    voice, store = occasion.voice, occasion.store
    value, day = voice.worth(ending.left, ending.unit), voice.day(ending.at)
    document = programs.programs([ending.program_id])[ending.program_id].version.document
    wording = voice.wording(document)
    pay_with = "points" if ending.unit == "PTS" else "store_credit"
    buys = [
        wording.reward(option)
        for option in document.wallet.redemptions
        if option.pay_with == pay_with and option.price <= ending.available
    ]
    paragraphs = [_("{value} in your wallet can be used until {day}.").format(value=value, day=day)]
    if buys:
        what = wording.listed(buys)
        paragraphs.append(_("What you have buys for instance: {what}.").format(what=what))
    return Letter(
        subject=_("{value} at {store} end on {day}").format(value=value, store=store.name, day=day),
        preview=paragraphs[-1],
        title=_("Use it while it lasts"),
        paragraphs=tuple(paragraphs),
        ticket=Ticket(value=value, detail=_("until {day}").format(day=day)),
        button=Button(
            label=_("See my wallet"), url=lookups.portal_address(occasion, ending.holder)
        ),
        because=_("You get this mail because you have something in a wallet of {store}.").format(
            store=store.name
        ),
    )
