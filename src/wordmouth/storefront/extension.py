"""What a block on a shop's own pages shows to the customer who is signed in there: their page as an
advocate, or the invitation to become one."""

from __future__ import annotations

import msgspec

from wordmouth.advocates import queries as advocates
from wordmouth.messages import tokens
from wordmouth.messages.voice import only_offer
from wordmouth.people import queries as people
from wordmouth.people.facts import PersonFacts
from wordmouth.programs import queries as programs
from wordmouth.storefront import offers
from wordmouth.storefront.frame import voice
from wordmouth.storefront.offers import Shown
from wordmouth.storefront.portal import Portal, portal_page
from wordmouth.stores import addresses
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """`portal` is what the advocate's own page shows, `offer` what the landing page promises to
    whoever is none yet; `url` is where the block leads. Not `live`: there is nothing to show."""

    live: bool
    url: str = ""
    offer: Shown | None = None
    portal: Portal | None = None


def block_for(store: StoreFacts, customer_id: str) -> Block:
    """The block for a customer by the shop's id; for somebody unknown when that is empty."""
    with store_read(store.id):
        person = people.by_customer(customer_id) if customer_id else None
        advocate = advocates.by_person(person.id) if person else None
        if advocate is not None and advocate.status == "active":
            shown = portal_page(store, advocate)
            return Block(live=True, url=addresses.portal(store.slug), portal=shown)
        program = programs.open_program()
    if program is None:
        return Block(live=False)
    document = program.version.document
    return Block(
        live=True,
        url=_way_in(store, person),
        offer=offers.shown(document, only_offer(document), voice(store)),
    )


def _way_in(store: StoreFacts, person: PersonFacts | None) -> str:
    """Whom the shop has told of joins with one press, as from the mail that invites them; for
    anybody else there is the landing page, which asks for an address."""
    if person is None or not person.email:
        return addresses.landing(store.slug)
    return addresses.join(store.slug, key=tokens.invite_key(store.id, person.id))
