"""What the advocate's own page shows, gathered from the rooms that know."""

from __future__ import annotations

from urllib.parse import quote

import msgspec
import segno
from django.utils.translation import gettext as _

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.kit import clock
from wordmouth.messages.voice import Voice, initial, plain_name
from wordmouth.orders import queries as orders
from wordmouth.people import queries as people
from wordmouth.people.facts import PersonFacts
from wordmouth.programs import queries as programs
from wordmouth.programs.document import WALLET_KINDS, Offer, ProgramDocument
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.storefront import coupons, journey
from wordmouth.storefront.coupons import CouponView
from wordmouth.storefront.journey import Journey
from wordmouth.storefront.wallet import WalletView, wallet_view
from wordmouth.stores import addresses
from wordmouth.stores.facts import StoreFacts
from wordmouth.visits import queries as visits
from wordmouth.visits.facts import ClaimFacts

MOST_SHOWN = 100
_RANKS = {"good": 1, "wait": 2}


class ShareLinks(msgspec.Struct, frozen=True, kw_only=True):
    """The text to share and where it can be sent without a script."""

    title: str
    text: str
    whatsapp: str
    mail: str


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with what it counts."""

    figure: str
    name: str


class Portal(msgspec.Struct, frozen=True, kw_only=True):
    """The page. `live` says whether the programme takes new friends now."""

    name: str
    headline: str
    live: bool
    link: str
    code: str
    qr: str
    share: ShareLinks
    counts: tuple[Count, ...]
    journeys: tuple[Journey, ...]
    rewards: tuple[CouponView, ...]
    wallet: WalletView


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is read once for the whole page."""

    claims: list[ClaimFacts]
    referrals: list[ReferralFacts]
    rewards: list[RewardFacts]
    documents: dict[str, ProgramDocument]
    friends: dict[str, PersonFacts]
    visits: int


def portal_page(store: StoreFacts, advocate: AdvocateFacts) -> Portal:
    """The page of one advocate. Within the store's scope."""
    speaker = Voice(store)
    known = _read(advocate)
    program = programs.programs([advocate.program_id])[advocate.program_id]
    document = program.version.document
    offer = document.offer(advocate.offer) or document.offers[0]
    me = people.persons([advocate.person_id]).get(advocate.person_id)
    link = addresses.referral_link(advocate.code)
    return Portal(
        name=plain_name(me.first_name) if me else "",
        headline=speaker.wording(document).headline(offer),
        live=program.takes_friends,
        link=link,
        code=advocate.code,
        qr=_qr(link),
        share=_share(store, document, offer, speaker, link),
        counts=_counts(known),
        journeys=_journeys(known, speaker),
        rewards=_coupons(known, speaker),
        wallet=wallet_view(advocate, document, speaker),
    )


def _read(advocate: AdvocateFacts) -> _Known:
    claims = visits.claims_of_advocate(advocate.id)[-MOST_SHOWN:]
    decided = referrals.page(advocate=advocate.id, limit=MOST_SHOWN)
    earned = rewards.page(advocate=advocate.id, limit=MOST_SHOWN)
    versions = {one.version_id for one in claims}
    versions |= {one.version_id for one in decided} | {one.version_id for one in earned}
    friends = {claim.person_id for claim in claims}
    friends |= {one.friend_id for one in decided if one.friend_id}
    return _Known(
        claims=claims,
        referrals=decided,
        rewards=earned,
        documents={key: one.document for key, one in programs.versions(versions).items()},
        friends=people.persons(friends),
        visits=visits.visit_counts([advocate.id])[advocate.id],
    )


def _qr(link: str) -> str:
    """The link as a drawing for the page itself; made of our own address, so it is safe."""
    code = segno.make(link, error="m")
    return code.svg_inline(scale=4, border=1, omitsize=True, title=_("QR code of your link"))


def _share(
    store: StoreFacts, document: ProgramDocument, offer: Offer, voice: Voice, link: str
) -> ShareLinks:
    name = plain_name(store.name)
    title = _("A recommendation: {store}").format(store=name)
    if offer.friend is not None:
        value = voice.wording(document).reward(offer.friend)
        text = _("I like {store}. With my link you get {reward}:").format(store=name, reward=value)
    else:
        text = _("I like {store}. Have a look:").format(store=name)
    body = f"{text} {link}"
    return ShareLinks(
        title=title,
        text=text,
        whatsapp=f"https://wa.me/?text={quote(body, safe='')}",
        mail=f"mailto:?subject={quote(title, safe='')}&body={quote(body, safe='')}",
    )


def _counts(known: _Known) -> tuple[Count, ...]:
    bought = [one for one in known.referrals if one.status not in ("rejected", "blocked")]
    friends = {one.person_id for one in known.claims}
    friends |= {one.friend_id for one in known.referrals if one.friend_id}
    ready = [one for one in known.rewards if one.state in ("due", "redeemed")]
    return (
        Count(figure=str(known.visits), name=_("visits by your link")),
        Count(figure=str(len(friends)), name=_("friends with an offer")),
        Count(figure=str(len(bought)), name=_("friends who bought")),
        Count(figure=str(len(ready)), name=_("rewards earned")),
    )


def _journeys(known: _Known, voice: Voice) -> tuple[Journey, ...]:
    """The newest first; a friend who has claimed and bought is one journey."""
    bought = orders.orders(one.order_id for one in known.referrals)
    claims = {claim.id: claim for claim in known.claims}
    found = [
        journey.of_referral(
            one,
            bought[one.order_id],
            claims.get(one.claim_id or ""),
            known.documents[one.version_id],
            _friend(known, one.friend_id),
            voice,
        )
        for one in known.referrals
    ]
    used = {one.claim_id for one in known.referrals}
    buyers = {_root(known, one.friend_id) for one in known.referrals}
    now = clock.now()
    found += [
        journey.of_claim(claim, _friend(known, claim.person_id), voice, now)
        for claim in known.claims
        if claim.id not in used and _root(known, claim.person_id) not in buyers
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _friend(known: _Known, person_id: str | None) -> str:
    person = known.friends.get(person_id or "")
    return initial(person.first_name) if person else ""


def _root(known: _Known, person_id: str | None) -> str:
    person = known.friends.get(person_id or "")
    return person.root if person else person_id or ""


def _coupons(known: _Known, voice: Voice) -> tuple[CouponView, ...]:
    """What can be used comes first, then what is on the way, then what is over."""
    made = fulfilment.coupons([one.id for one in known.rewards])
    holds = {one.id: one.hold_until for one in known.referrals}
    found = []
    for one in known.rewards:
        if one.kind in WALLET_KINDS:
            continue
        hold = holds.get(one.referral_id or "")
        day = voice.day(hold) if hold else ""
        document = known.documents[one.version_id]
        found.append(coupons.of_reward(one, made.get(one.id), document, voice, day))
    return tuple(sorted(found, key=lambda one: _RANKS.get(one.tone, 3) - one.usable))
