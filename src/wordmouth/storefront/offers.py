"""A programme as a store's visitors read it: tickets, steps, questions and terms.

Everything is made from the programme's document, so that a page is never out of step with it.
"""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wordmouth.messages.voice import Voice
from wordmouth.programs.document import AFTER_ORDER_KINDS, Offer, ProgramDocument
from wordmouth.programs.sentences import Wording

ART = {
    "percent_off": "percent",
    "amount_off": "coin",
    "free_shipping": "parcel",
    "free_product": "parcel",
}


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What one side gets; `icon` names a drawing."""

    whose: str
    value: str
    detail: str
    icon: str


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with a text: a step, a question with its answer, a paragraph of the terms."""

    title: str
    text: str
    art: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An offer in words."""

    headline: str
    lead: str
    tickets: tuple[Ticket, ...]
    conditions: tuple[str, ...]


def headline(document: ProgramDocument, offer: Offer | None, voice: Voice) -> str:
    """What the programme promises to advocates, in one sentence."""
    if offer is None:
        return _("Recommend us to a friend, and both of you are rewarded.")
    return voice.wording(document).headline(offer)


def shown(document: ProgramDocument, offer: Offer | None, voice: Voice) -> Shown:
    """The offer in words; without one, what all offers of the programme have in common."""
    wording = voice.wording(document)
    common = offer or document.offers[0]
    return Shown(
        headline=headline(document, offer, voice),
        lead=_lead(document, offer, wording),
        tickets=tuple(_tickets(offer, wording, document)) if offer else (),
        conditions=tuple(wording.conditions(common)),
    )


def _lead(document: ProgramDocument, offer: Offer | None, wording: Wording) -> str:
    share = _("Share your link: your friend sees at once what is in it for them.")
    if offer is None:
        share = _("Share your link, and get a reward for every friend who buys.")
        return f"{share} {wording.hold()}" if document.offers[0].advocate else share
    gets = wording.for_advocate(offer)
    return f"{gets} {wording.hold()}" if gets else share


def _tickets(offer: Offer, wording: Wording, document: ProgramDocument) -> list[Ticket]:
    found = []
    if offer.friend is not None:
        found.append(
            Ticket(
                whose=_("For your friend"),
                value=wording.reward(offer.friend),
                detail=_for_which_order(document, offer.friend.kind),
                icon=ART.get(offer.friend.kind, "coin"),
            )
        )
    if offer.advocate:
        found.append(
            Ticket(
                whose=_("For you"),
                value=wording.rewards(offer.advocate),
                detail=_("for every friend who buys") if wording.is_simple(offer) else "",
                icon=ART.get(offer.advocate[0].kind, "coin"),
            )
        )
    return found


def _for_which_order(document: ProgramDocument, kind: str) -> str:
    """When a friend gets it, as the end of a line."""
    new = document.eligibility.friend == "new_customers"
    if kind == "early_access":
        return ""
    if kind in AFTER_ORDER_KINDS:
        return _("after the first order") if new else _("after the next order")
    return _("on the first order") if new else _("on the next order")


def steps(offer: Offer | None) -> tuple[Passage, ...]:
    """How it works, in three steps."""
    friend_gets = offer is None or offer.friend is not None
    advocate_gets = offer is None or bool(offer.advocate)
    return (
        Passage(
            title=_("Share"),
            text=_("You get a link and a code of your own. Send them to whom you like."),
            art="share",
        ),
        Passage(
            title=_("Your friend buys"),
            text=_("They see that it comes from you, take their code and use it at the checkout.")
            if friend_gets
            else _("They see that it comes from you and find their way to the shop."),
            art="buy",
        ),
        Passage(
            title=_("You are rewarded"),
            text=_("You can follow every step on your page, and the code comes to you by mail.")
            if advocate_gets
            else _("With a happy friend. You can follow every step on your page."),
            art="reward",
        ),
    )


def questions(document: ProgramDocument, offer: Offer | None, voice: Voice) -> tuple[Passage, ...]:
    """What people ask, answered from the document."""
    wording = voice.wording(document)
    common = offer or document.offers[0]
    found = [
        Passage(title=_("How do I join?"), text=_how_to_join()),
        Passage(
            title=_("What if my friend forgets the link?"),
            text=_(
                "Your code works without it: said aloud or written on a card, in capitals or not. "
                "Your friend enters it on the page of your link or at the checkout."
            ),
        ),
        Passage(
            title=_("How long does a recommendation count?"),
            text=ngettext(
                "An order counts within {days} day of the first visit.",
                "An order counts within {days} days of the first visit.",
                document.attribution_days,
            ).format(days=document.attribution_days),
        ),
    ]
    if common.advocate:
        found.insert(1, Passage(title=_("When do I get my reward?"), text=wording.hold()))
        found.append(
            Passage(
                title=_("What happens when something is sent back?"),
                text=_(
                    "A refunded or cancelled order earns nothing, and a reward for it is taken "
                    "back. You are told so, and why."
                ),
            )
        )
    limits = wording.limits()
    if common.advocate and limits:
        found.append(Passage(title=_("Is there a limit?"), text=" ".join(limits)))
    return tuple(found)


def _how_to_join() -> str:
    return _(
        "Enter your e-mail address on this page. You get a mail with a button; one click, and "
        "your own link is there."
    )


def terms(
    document: ProgramDocument, offer: Offer | None, voice: Voice, store: str
) -> tuple[Passage, ...]:
    """The terms of the programme."""
    wording = voice.wording(document)
    common = offer or document.offers[0]
    found = [
        Passage(title=_("Who may take part"), text=_who(document, store)),
        Passage(title=_("What counts"), text=" ".join(wording.conditions(common))),
    ]
    if common.advocate:
        gets = wording.for_advocate(offer) if offer else None
        said = (gets or "", wording.hold(), *wording.limits())
        found.append(Passage(title=_("The reward"), text=" ".join(part for part in said if part)))
    return (*found, *_common_terms())


def _who(document: ProgramDocument, store: str) -> str:
    who = _("Anybody who has an e-mail address can recommend {store}.").format(store=store)
    if document.eligibility.friend == "new_customers":
        return who + " " + _("Friends must not have bought here before.")
    return who + " " + _("Friends may be customers already.")


def _common_terms() -> tuple[Passage, ...]:
    """What holds in every programme."""
    return (
        Passage(
            title=_("What does not count"),
            text=_(
                "Orders of your own, under whatever address; orders that are not paid, are "
                "cancelled or fully refunded. A person is recommended once: the first "
                "recommendation counts, unless the friend uses somebody's code."
            ),
        ),
        Passage(
            title=_("Codes"),
            text=_("A code works once and cannot be exchanged for money."),
        ),
        Passage(
            title=_("Your data"),
            text=_(
                "Your address is used to send you what this programme is about. Of your friends "
                "you are told a first letter and how their order goes, and nothing else. Every "
                "mail has a link that stops them."
            ),
        ),
    )
