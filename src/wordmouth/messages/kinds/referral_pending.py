"""To an advocate: a friend bought, and when the reward comes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.messages import lookups
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.messages.lookups import ReferralStory


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the referral has been decided meanwhile: another mail tells that."""
    story = lookups.referral_story(str(occasion.about["referral"]))
    if story is None or story.referral.status not in ("pending", "flagged"):
        return None
    wording = occasion.voice.wording(story.document)
    value = wording.rewards(story.offer.advocate) if story.offer.advocate else ""
    until = story.referral.hold_until
    paragraphs = [_opening(story)]
    if value:
        paragraphs.append(
            _("Your reward is released on {day}, if nothing is sent back until then.").format(
                day=occasion.voice.day(until)
            )
            if until
            else _("You get {reward}.").format(reward=value) + " " + wording.hold()
        )
    return Letter(
        subject=_("Your friend bought at {store}").format(store=occasion.store.name),
        preview=paragraphs[-1],
        title=_("It worked: your friend bought"),
        paragraphs=tuple(paragraphs),
        ticket=Ticket(value=value, detail=_("waiting for you")) if value else None,
        button=Button(
            label=_("See how it goes"), url=lookups.portal_address(occasion, story.advocate.id)
        ),
        because=_("You get this mail because you recommend {store}.").format(
            store=occasion.store.name
        ),
    )


def _opening(story: ReferralStory) -> str:
    if story.friend:
        return _("{friend} followed your recommendation and placed an order.").format(
            friend=story.friend
        )
    return _("A friend followed your recommendation and placed an order.")
