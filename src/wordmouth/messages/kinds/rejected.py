"""To an advocate: an order does not count, and why; nothing about anybody else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.messages import explain, lookups
from wordmouth.messages.letters import Button, Letter, Occasion


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the referral was decided otherwise meanwhile."""
    story = lookups.referral_story(str(occasion.about["referral"]))
    if story is None or story.referral.status != "rejected":
        return None
    store = occasion.store.name
    why = explain.to_advocate(story.referral.reasons)
    told = _("An order came in through your recommendation, but it does not count for a reward.")
    paragraphs = [told, *([why] if why else [])]
    paragraphs.append(
        _("Your link works as before. Thank you for recommending {store}.").format(store=store)
    )
    return Letter(
        subject=_("About your recommendation of {store}").format(store=store),
        preview=why or told,
        title=_("This order does not count"),
        paragraphs=tuple(paragraphs),
        button=Button(
            label=_("See your page"), url=lookups.portal_address(occasion, story.advocate.id)
        ),
        because=_("You get this mail because you recommend {store}.").format(store=store),
    )
