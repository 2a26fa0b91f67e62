"""To a customer after a purchase: recommend the shop."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock
from wordmouth.messages import lookups, tokens
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.messages.voice import only_offer, plain_name
from wordmouth.programs import queries as programs
from wordmouth.programs.document import Offer
from wordmouth.programs.sentences import Wording
from wordmouth.stores import addresses
from wordmouth.visits import queries as visits


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the programme has ended meanwhile or the reader has joined it."""
    program = programs.open_program()
    if program is None or advocates.by_person(occasion.person.id) is not None:
        return None
    wording = occasion.voice.wording(program.version.document)
    offer = only_offer(program.version.document)
    headline = wording.headline(offer) if offer else ""
    store = occasion.store.name
    key = tokens.invite_key(occasion.store.id, occasion.person.id)
    return Letter(
        subject=headline or _("Recommend {store} to a friend").format(store=store),
        preview=_("Thank you for your order at {store}.").format(store=store),
        title=headline or _("Recommend us to a friend, and both of you are rewarded."),
        paragraphs=_paragraphs(occasion, offer, wording),
        ticket=_ticket(offer, wording),
        button=Button(label=_("Get my link"), url=addresses.join(occasion.store.slug, key)),
        because=_("You get this mail because you bought at {store}.").format(store=store),
    )


def _paragraphs(occasion: Occasion, offer: Offer | None, wording: Wording) -> tuple[str, ...]:
    name, store = plain_name(occasion.person.first_name), occasion.store.name
    thanks = (
        _("Hi {name}, thank you for your order at {store}.").format(name=name, store=store)
        if name
        else _("Thank you for your order at {store}.").format(store=store)
    )
    friend = _who_sent(occasion)
    if friend:
        thanks += " " + _("{friend} sent you to us: now it is your turn.").format(friend=friend)
    how = _("Share your personal link or code. Your friend sees at once what they get.")
    gets = wording.for_advocate(offer) if offer else None
    return (thanks, how, f"{gets} {wording.hold()}") if gets else (thanks, how)


def _ticket(offer: Offer | None, wording: Wording) -> Ticket | None:
    if offer is None or not offer.advocate:
        return None
    return Ticket(value=wording.rewards(offer.advocate), detail=_("for you, for every friend"))


def _who_sent(occasion: Occasion) -> str:
    """The first name of the advocate through whom the reader came."""
    claims = visits.claims_of_human(occasion.person.id)
    recent = [c for c in claims if c.expires_at is None or c.expires_at > clock.now()]
    if not recent:
        return ""
    found = advocates.advocates([recent[-1].advocate_id]).get(recent[-1].advocate_id)
    return lookups.first_name(found.person_id) if found else ""
