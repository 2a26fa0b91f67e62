"""The friend's page: who sent you, what you get, your code."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wordmouth.advocates import queries as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock
from wordmouth.kit.limits import Limit
from wordmouth.kit.signing import BadSignature
from wordmouth.messages import tokens as mail_keys
from wordmouth.messages.voice import plain_name
from wordmouth.people import queries as people
from wordmouth.people.errors import BadEmail
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.programs.document import AFTER_ORDER_KINDS
from wordmouth.programs.facts import ProgramFacts
from wordmouth.storefront import coupons, sessions
from wordmouth.storefront.coupons import CouponView
from wordmouth.storefront.frame import (
    Notice,
    frame_of,
    notice,
    page,
    storefront,
    too_often,
    visitor,
    voice,
)
from wordmouth.stores import addresses
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write
from wordmouth.visits import queries as visits
from wordmouth.visits import services as visit_services
from wordmouth.visits import tokens
from wordmouth.visits.errors import NotClaimable
from wordmouth.visits.facts import ClaimFacts
from wordmouth.visits.tokens import Token

CLAIMS_BY_VISITOR = Limit(burst=30, per_second=0.2)


class FriendPage(msgspec.Struct, frozen=True, kw_only=True):
    """An offer before it is claimed. `value` is empty where friends get nothing."""

    sender: str
    letter: str
    value: str
    detail: str
    icon: str
    conditions: tuple[str, ...]
    touch: str
    shop: str
    email: str = ""
    problem: str = ""


class ClaimedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed offer: the coupon, its state, and the way to the shop."""

    sender: str
    letter: str
    coupon: CouponView
    conditions: tuple[str, ...]
    shop: str
    refresh: str


@require_http_methods(["GET", "HEAD", "POST"])
@storefront
def friend(request: HttpRequest, store: StoreFacts, code: str) -> HttpResponse:
    """The page; POST takes the offer."""
    if request.method != "POST":
        if request.GET.get("claim"):
            return _from_mail(store, code, request.GET["claim"])
        claim, own = _held(request, store)
        if claim is not None:
            return _claimed(request, store, claim, own)
    found = advocates.by_code(code)
    if found is None or found[0] != store.id:
        return _unknown(request, store)
    advocate = found[1]
    if request.method == "POST":
        return _claim(request, store, advocate)
    if sessions.advocate_of(request, store) == advocate.id:
        return _own_link(request, store)
    return _offer(request, store, advocate)


def _held(request: HttpRequest, store: StoreFacts) -> tuple[ClaimFacts | None, bool]:
    claim_id, own = sessions.held_claim(request, store)
    if not claim_id:
        return None, False
    with store_read(store.id):
        return visits.claims([claim_id]).get(claim_id), own


def _offer(
    request: HttpRequest,
    store: StoreFacts,
    advocate: AdvocateFacts,
    *,
    email: str = "",
    problem: str = "",
) -> HttpResponse:
    with store_read(store.id):
        program = programs.programs([advocate.program_id])[advocate.program_id]
        sender = _first_name(advocate)
    if not program.takes_friends:
        return _paused(request, store, sender)
    shown = _friend_page(request, store, advocate, program, sender)
    shown = msgspec.structs.replace(shown, email=email, problem=problem)
    return page(request, store, "friend", shown, status=422 if problem else 200)


def _friend_page(
    request: HttpRequest,
    store: StoreFacts,
    advocate: AdvocateFacts,
    program: ProgramFacts,
    sender: str,
) -> FriendPage:
    document = program.version.document
    offer = visit_services.offer_of(advocate, program)
    wording = voice(store).wording(document)
    new = document.eligibility.friend == "new_customers"
    token = _touch(request, store, advocate)
    return FriendPage(
        sender=sender,
        letter=sender[:1],
        value=wording.reward(offer.friend) if offer.friend else "",
        detail=_order(offer.friend.kind, new=new) if offer.friend else "",
        icon=coupons.icon(offer.friend.kind) if offer.friend else "",
        conditions=tuple(wording.conditions(offer)),
        touch=tokens.make(token),
        shop=addresses.shop(store.shop_url, token=tokens.make(token)),
    )


def _order(kind: str, *, new: bool) -> str:
    """For which order the friend gets it, as the end of a line."""
    if kind == "early_access":
        return ""
    if kind in AFTER_ORDER_KINDS:
        return _("after your first order") if new else _("after your next order")
    if kind in ("percent_off", "amount_off"):
        return _("your first order") if new else _("your next order")
    return _("with your first order") if new else _("with your next order")


def _touch(request: HttpRequest, store: StoreFacts, advocate: AdvocateFacts) -> Token:
    """How the friend came here: by a click, or by opening this page directly."""
    token = sessions.first_touch(request, store)
    if token is not None and token.code == advocate.code:
        return token
    return Token(store_id=store.id, code=advocate.code, click="", at=clock.now())


def _claim(request: HttpRequest, store: StoreFacts, advocate: AdvocateFacts) -> HttpResponse:
    wait = CLAIMS_BY_VISITOR.take(visitor(request))
    if wait:
        return too_often(request, store, wait)
    email = request.POST.get("email", "").strip()
    touch = tokens.read(request.POST.get("wm", ""), store.id)
    click = touch.click if touch is not None and touch.code == advocate.code else ""
    before = clock.now()
    try:
        with store_write(store.id):
            claim = visit_services.claim(
                store.id, advocate.code, CustomerSnapshot(email=email), click
            )
    except BadEmail:
        problem = _("This is not an e-mail address. Enter one such as name@example.com.")
        return _offer(request, store, advocate, email=email[:254], problem=problem)
    except NotClaimable:
        return _offer(request, store, advocate)
    response = HttpResponseRedirect(_address(store, advocate.code))
    # Who only knows somebody's address sees the code again, but not what became of it.
    sessions.hold(response, store, claim.id, own=claim.claimed_at >= before)
    return response


def _from_mail(store: StoreFacts, code: str, key: str) -> HttpResponse:
    """The key from the mail is put into the cookie, so that it does not stay in the address."""
    response = HttpResponseRedirect(_address(store, code))
    try:
        sessions.hold(response, store, mail_keys.opened_claim(store.id, key), own=True)
    except BadSignature:
        return response
    return response


def _claimed(request: HttpRequest, store: StoreFacts, claim: ClaimFacts, own: bool) -> HttpResponse:
    """The friend's coupon, even when the advocate has left meanwhile."""
    with store_read(store.id):
        giver = advocates.advocate(claim.advocate_id)
        sender = _first_name(giver)
        document = programs.version(claim.version_id).document
        coupon = coupons.of_claim(claim, document, voice(store), whole_story=own)
    offer = document.offer(claim.offer) or document.offers[0]
    touch = sessions.first_touch(request, store)
    shown = ClaimedPage(
        sender=sender,
        letter=sender[:1],
        coupon=coupon,
        conditions=tuple(voice(store).wording(document).conditions(offer)),
        shop=_shop_link(store, giver, claim, touch, coupon, claim.claimed_at),
        refresh=reverse("storefront:coupon", args=[store.slug, giver.code]),
    )
    return page(request, store, "claimed", shown)


def _shop_link(
    store: StoreFacts,
    giver: AdvocateFacts,
    claim: ClaimFacts,
    touch: Token | None,
    coupon: CouponView,
    at: datetime,
) -> str:
    """The shop with the evidence of who sent the friend, and with a coupon that works."""
    if not store.shop_url:
        return ""
    if touch is None or touch.code != giver.code:
        touch = Token(store_id=store.id, code=giver.code, click="", at=at)
    usable = claim.coupon_code if coupon.usable else ""
    return addresses.shop(store.shop_url, token=tokens.make(touch), coupon=usable)


@require_safe
@storefront
def coupon(request: HttpRequest, store: StoreFacts, code: str) -> HttpResponse:
    """The coupon alone, for the page that waits for it; empty where this browser holds none."""
    claim, own = _held(request, store)
    if claim is None:
        return HttpResponse(status=204)
    with store_read(store.id):
        document = programs.version(claim.version_id).document
        found = coupons.of_claim(claim, document, voice(store), whole_story=own)
    context = {"coupon": found, "frame": frame_of(store)}
    response = render(request, "storefront/parts/coupon.html", context)
    add_never_cache_headers(response)
    return response


def _first_name(advocate: AdvocateFacts) -> str:
    person = people.persons([advocate.person_id]).get(advocate.person_id)
    return plain_name(person.first_name) if person else ""


def _address(store: StoreFacts, code: str) -> str:
    return reverse("storefront:friend", args=[store.slug, code])


def _own_link(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    shown = Notice(
        title=_("This is your own link"),
        text=_(
            "This is where your friends arrive, and they see your first name and what they get. "
            "Your own orders do not count, so there is nothing to take here for you."
        ),
        art="mirror",
        action=_("To my page"),
        url=frame_of(store).portal,
    )
    return notice(request, store, shown)


def _paused(request: HttpRequest, store: StoreFacts, sender: str) -> HttpResponse:
    text = _("The programme takes no new friends at the moment, but the shop is open.")
    shown = Notice(
        title=_("{name} sent you").format(name=sender) if sender else _("A friend sent you"),
        text=text,
        action=_("To the shop") if store.shop_url else "",
        url=store.shop_url,
    )
    return notice(request, store, shown)


def _unknown(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    shown = Notice(
        title=_("This link leads to nobody"),
        text=_("Perhaps a sign is missing. Ask your friend for the link once more."),
        art="lost",
        action=_("To the shop") if store.shop_url else "",
        url=store.shop_url,
    )
    return notice(request, store, shown, status=404)
