"""The landing page: what the programme is, and the way in by e-mail."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wordmouth.kit.limits import Limit
from wordmouth.messages import services as messages
from wordmouth.messages.voice import only_offer
from wordmouth.people.errors import BadEmail
from wordmouth.programs import queries as programs
from wordmouth.programs.facts import ProgramFacts
from wordmouth.storefront import offers, sessions
from wordmouth.storefront.frame import (
    Notice,
    frame_of,
    notice,
    page,
    resting,
    storefront,
    too_often,
    visitor,
    voice,
)
from wordmouth.storefront.offers import Passage, Shown
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

LINKS_BY_VISITOR = Limit(burst=20, per_second=0.1)


class Landing(msgspec.Struct, frozen=True, kw_only=True):
    """The landing page. `problem` says what is wrong with the address that was entered."""

    offer: Shown
    steps: tuple[Passage, ...]
    questions: tuple[Passage, ...]
    terms: tuple[Passage, ...]
    member: bool
    email: str = ""
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@storefront
def landing(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The page; POST sends the link to the address that was entered."""
    if request.method == "POST":
        return send_link(request, store)
    with store_read(store.id):
        program = programs.open_program()
    if program is None:
        return resting(request, store)
    return page(request, store, "landing", _landing(request, store, program), index=True)


def send_link(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Mail the way in; the answer is the same for a known and for an unknown address."""
    wait = LINKS_BY_VISITOR.take(visitor(request))
    if wait:
        return too_often(request, store, wait)
    email = request.POST.get("email", "").strip()
    try:
        with store_write(store.id):
            messages.ask_for_link(store.id, email)
    except BadEmail:
        return _entered_wrongly(request, store, email)
    shown = Notice(
        title=_("Look into your mailbox"),
        text=_(
            "We have sent a mail to {email}. Press the button in it, and you are there. Nothing "
            "there after five minutes? Look among unwanted mail, or enter the address again."
        ).format(email=email[:100]),
        art="mail",
        action=_("Back"),
        url=frame_of(store).home,
    )
    return notice(request, store, shown)


def _entered_wrongly(request: HttpRequest, store: StoreFacts, email: str) -> HttpResponse:
    problem = _("This is not an e-mail address. Enter one such as name@example.com.")
    with store_read(store.id):
        program = programs.open_program()
    if program is None or request.POST.get("from") == "me":
        shown = {"email": email[:254], "problem": problem}
        return page(request, store, "enter", shown, status=422)
    shown_landing = _landing(request, store, program, email=email[:254], problem=problem)
    return page(request, store, "landing", shown_landing, status=422)


def _landing(
    request: HttpRequest,
    store: StoreFacts,
    program: ProgramFacts,
    email: str = "",
    problem: str = "",
) -> Landing:
    document, speaker = program.version.document, voice(store)
    offer = only_offer(document)
    return Landing(
        offer=offers.shown(document, offer, speaker),
        steps=offers.steps(offer),
        questions=offers.questions(document, offer, speaker),
        terms=offers.terms(document, offer, speaker, frame_of(store).name),
        member=bool(sessions.advocate_of(request, store)),
        email=email,
        problem=problem,
    )
