"""The programme: in a sentence, as a document, and its status."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from wordmouth.dashboard import words
from wordmouth.dashboard.frame import desk, page, user_of
from wordmouth.dashboard.words import Label
from wordmouth.kit.errors import Invalid, WordmouthError
from wordmouth.messages.voice import Voice
from wordmouth.programs import queries as programs
from wordmouth.programs import services
from wordmouth.programs.document import Status
from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.facts import ProgramFacts
from wordmouth.programs.parse import on_lines, parse_toml, to_toml
from wordmouth.rewards import queries as rewards
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

STARTER = """slug = "give-10-get-10"
name = "Give 10, get 10"
status = "draft"

[eligibility]
friend = "new_customers"
min_order = 3000
currency = "{currency}"

[hold]
after = "delivered"
days = 14

[[offers]]
key = "control"
friend = {{kind = "percent_off", value = 10, expires_days = 30}}

[[offers.advocate]]
kind = "amount_off"
value = 1000
"""
MOVES: dict[str, Status] = {"pause": "paused", "resume": "live", "start": "live"}
WARNED, FULL = "warned", "full"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """An offer in words."""

    key: str
    sentence: str
    conditions: tuple[str, ...]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in the document; `line` counts from 1, 0 where the whole is meant."""

    line: int
    text: str


class BudgetBar(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the budget is promised, in words and in percent."""

    said: str
    percent: int
    tone: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The page. `moves` are the changes of status that are possible now; `stopped` says why
    everything is held back, where it is, and `stoppable` that it could be."""

    slug: str
    name: str
    label: Label | None
    version: int
    offers: tuple[Offer, ...]
    text: str
    numbers: str
    faults: tuple[Fault, ...]
    said: str
    moves: tuple[str, ...]
    budget: BudgetBar | None
    stopped: str
    stoppable: bool


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def program(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The programme as it is; POST applies the document that was entered."""
    if request.method == "POST":
        return _apply(request, store)
    said = {"same": _("Nothing changed."), "saved": _("Saved.")}.get(
        request.GET.get("done", ""), ""
    )
    return _page(request, store, said=said)


def _current() -> ProgramFacts | None:
    """The newest that is live, whether or not it takes friends now; else the newest."""
    found = programs.list_programs()
    return next((one for one in found if one.status == "live"), next(iter(found), None))


def _page(
    request: HttpRequest,
    store: StoreFacts,
    *,
    text: str | None = None,
    faults: tuple[Fault, ...] = (),
    said: str = "",
) -> HttpResponse:
    speaker = Voice(store)
    with store_read(store.id):
        found = _current()
        offers = _offers(found, speaker) if found else ()
        budget = _budget(found, speaker) if found else None
    if text is None:
        text = to_toml(found.version.document) if found else STARTER.format(currency=store.currency)
    lines = max(text.count("\n") + 1, 12)
    shown = Page(
        slug=found.slug if found else "",
        name=found.name if found else "",
        label=words.label(found.standing) if found else None,
        version=found.version.number if found else 0,
        offers=offers,
        text=text,
        numbers="\n".join(str(number) for number in range(1, lines + 1)),
        faults=faults,
        said=said,
        moves=_moves(found),
        budget=budget,
        stopped=found.stop_reason if found and found.intake == "stopped" else "",
        stoppable=found is not None and found.status == "live" and found.intake != "stopped",
    )
    return page(request, store, "program", shown, status=422 if faults else 200)


def _offers(found: ProgramFacts, speaker: Voice) -> tuple[Offer, ...]:
    document = found.version.document
    wording = speaker.wording(document)
    return tuple(
        Offer(
            key=offer.key,
            sentence=wording.offer(offer),
            conditions=tuple(wording.conditions(offer)),
        )
        for offer in document.offers
    )


def _budget(found: ProgramFacts, speaker: Voice) -> BudgetBar | None:
    document = found.version.document
    budget = document.limits.budget
    if budget is None or document.currency is None:
        return None
    used = rewards.budget_used(found)
    said = ngettext(
        "{used} of {amount} promised in the last {days} day.",
        "{used} of {amount} promised in the last {days} days.",
        budget.days,
    ).format(
        used=speaker.money(used, document.currency),
        amount=speaker.money(budget.amount, document.currency),
        days=budget.days,
    )
    more = {
        WARNED: _("Little is left: when it is used up, nobody new can claim."),
        FULL: _("It is used up: nobody new can claim until there is room; promises are kept."),
    }.get(found.budget_level, "")
    return BudgetBar(
        said=f"{said} {more}".strip(),
        percent=min(100 * used // budget.amount, 100),
        tone={WARNED: "wait", FULL: "bad"}.get(found.budget_level, "good"),
    )


def _moves(found: ProgramFacts | None) -> tuple[str, ...]:
    status = found.status if found else ""
    return {"live": ("pause",), "paused": ("resume",), "draft": ("start",)}.get(status, ())


def _apply(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    text = request.POST.get("document", "").replace("\r\n", "\n")
    try:
        document = parse_toml(text)
        with store_write(store.id):
            applied = services.apply_document(document, by=user_of(request))
    except ProgramInvalid as error:
        problems = on_lines(error.problems, text)
        faults = tuple(_fault(problem.line, str(problem)) for problem in problems)
        return _page(request, store, text=text, faults=faults)
    except WordmouthError as error:
        return _page(request, store, text=text, faults=(_fault(None, error.detail),))
    done = "saved" if applied.changed else "same"
    return HttpResponseRedirect(_address(store) + f"?done={done}")


def _fault(line: int | None, text: str) -> Fault:
    return Fault(line=line or 0, text=text)


@require_POST
@desk
def status(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Pause, resume or start the programme; hold everything back, or let it go on."""
    move, slug = request.POST.get("move", ""), request.POST.get("program", "")
    try:
        with store_write(store.id):
            if move == "stop":
                services.stop(slug, request.POST.get("reason", ""), by=user_of(request))
            elif move == "go-on":
                services.resume(slug, by=user_of(request))
            elif move in MOVES:
                services.set_status(slug, MOVES[move], by=user_of(request))
            else:
                raise ChoiceMissing(_("Choose one of the buttons."))
    except WordmouthError as error:
        return _page(request, store, faults=(_fault(None, error.detail),))
    return HttpResponseRedirect(_address(store))


class ChoiceMissing(Invalid):
    """The form named nothing that can be done."""


def _address(store: StoreFacts) -> str:
    return reverse("desk:program", args=[store.slug])
