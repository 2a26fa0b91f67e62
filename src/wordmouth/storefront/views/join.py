"""Joining by a link: from the shop's own page or from a mail."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services as advocate_services
from wordmouth.advocates.errors import NoProgram
from wordmouth.kit import clock
from wordmouth.kit.signing import BadSignature
from wordmouth.messages import tokens
from wordmouth.messages.voice import only_offer, plain_name
from wordmouth.people import queries as people
from wordmouth.people.errors import BadEmail
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.storefront import customer_token, offers, sessions
from wordmouth.storefront.frame import Notice, frame_of, notice, page, resting, storefront, voice
from wordmouth.storefront.offers import Shown
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """The page with the one button; `field` and `token` carry the proof of who presses it."""

    name: str
    offer: Shown
    field: str
    token: str


class _Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to join, and whether the proof is fresh enough to open their page as well."""

    customer: CustomerSnapshot
    field: str
    token: str
    opens: bool


@require_http_methods(["GET", "HEAD", "POST"])
@storefront
def join(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """GET shows whom the link is for; POST makes them an advocate and opens their page."""
    given = request.POST if request.method == "POST" else request.GET
    if not (given.get("customer") or given.get("key")):
        return HttpResponseRedirect(frame_of(store).home)
    try:
        proof = _proof(store, given.get("customer", ""), given.get("key", ""))
    except BadSignature:
        return _stale(request, store)
    response = (
        _enrol(request, store, proof) if request.method == "POST" else (_ask(request, store, proof))
    )
    response["Referrer-Policy"] = "same-origin"
    return response


def _proof(store: StoreFacts, customer: str, key: str) -> _Proof:
    """Raises BadSignature."""
    if customer:
        secrets = [s for known in stores.connections(store.id) for s in known.secrets]
        found = customer_token.read(customer, secrets, clock.now())
        return _Proof(customer=found, field="customer", token=customer, opens=True)
    person_id = tokens.invited_person(store.id, key)
    with store_read(store.id):
        person = people.persons([person_id]).get(person_id)
        known = advocates.by_person(person_id)
        member = known is not None and known.status == "active"
    if person is None or not person.email:
        raise BadSignature("the person is not known any more")
    invited = CustomerSnapshot(email=person.email, first_name=person.first_name)
    # A mail may be passed on: it makes an advocate, but it opens nobody's page a second time.
    return _Proof(customer=invited, field="key", token=key, opens=not member)


def _ask(request: HttpRequest, store: StoreFacts, proof: _Proof) -> HttpResponse:
    with store_read(store.id):
        program = programs.open_program()
    if program is None:
        return resting(request, store)
    document = program.version.document
    shown = Joining(
        name=plain_name(proof.customer.first_name),
        offer=offers.shown(document, only_offer(document), voice(store)),
        field=proof.field,
        token=proof.token,
    )
    return page(request, store, "join", shown)


def _enrol(request: HttpRequest, store: StoreFacts, proof: _Proof) -> HttpResponse:
    if not proof.opens:
        return HttpResponseRedirect(frame_of(store).portal + "?again=1")
    try:
        with store_write(store.id):
            advocate = advocate_services.enrol(store.id, proof.customer)
    except NoProgram:
        return resting(request, store)
    except BadEmail:
        return _stale(request, store)
    response = HttpResponseRedirect(frame_of(store).portal)
    sessions.enter(response, store, advocate.id)
    return response


def _stale(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    shown = Notice(
        title=_("This link has had its time"),
        text=_("It is too old or was not copied whole. You can get a new one in a moment."),
        art="lost",
        action=_("Get a new link"),
        url=frame_of(store).home,
    )
    return notice(request, store, shown, status=410)
