"""To whoever asked on a page: the link to one's own page, or to becoming an advocate."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.messages import lookups, tokens
from wordmouth.messages.letters import Button, Letter, Occasion
from wordmouth.programs import queries as programs
from wordmouth.stores import addresses


def write(occasion: Occasion) -> Letter | None:
    """An advocate gets a key to their page; anybody else one to join the live programme."""
    advocate = advocates.by_person(occasion.person.id)
    if advocate is not None and advocate.status == "active":
        return _own_page(occasion, lookups.portal_address(occasion, advocate.id))
    return _joining(occasion) if programs.open_program() is not None else None


def _own_page(occasion: Occasion, url: str) -> Letter:
    store = occasion.store.name
    return Letter(
        subject=_("Your page at {store}").format(store=store),
        preview=_("Your link, your friends and your rewards."),
        title=_("Here is the way to your page"),
        paragraphs=(_("Your link, your friends and your rewards are waiting there."),),
        button=Button(label=_("Open my page"), url=url),
        small=(_("The button works once and for 7 days. You can always ask for a new one."),),
        because=_because(store),
    )


def _joining(occasion: Occasion) -> Letter:
    store = occasion.store.name
    key = tokens.invite_key(occasion.store.id, occasion.person.id)
    return Letter(
        subject=_("Your link for recommending {store}").format(store=store),
        preview=_("One more click and you have your own link."),
        title=_("One more click"),
        paragraphs=(_("Press the button and you have your own link to share with friends."),),
        button=Button(label=_("Get my link"), url=addresses.join(occasion.store.slug, key)),
        because=_because(store),
    )


def _because(store: str) -> str:
    return _(
        "Somebody entered this address on a page of {store}. If it was not you, nothing happens "
        "when you leave this mail alone."
    ).format(store=store)
