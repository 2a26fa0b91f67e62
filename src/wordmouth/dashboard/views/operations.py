"""What came in and what goes out: deliveries and effects, their problems, and another try."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wordmouth.dashboard import words
from wordmouth.dashboard.frame import desk, page
from wordmouth.dashboard.views.referrals import Filter
from wordmouth.dashboard.words import Label
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import services as inbox_services
from wordmouth.inbox.facts import DeliveryFacts
from wordmouth.kit.errors import WordmouthError
from wordmouth.messages.voice import Voice
from wordmouth.outbox import queries as outbox
from wordmouth.outbox import services as outbox_services
from wordmouth.outbox.facts import EffectFacts
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

PAGE = 50
DELIVERIES = ("received", "settled", "refused", "dead")
EFFECTS = ("waiting", "leased", "done", "dead")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery or an effect. `again` says that it may be tried once more."""

    id: str
    name: str
    at: str
    tries: int
    label: Label
    problem: str
    again: bool


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A list with its filters; `older` leads on, where there is more."""

    filters: tuple[Filter, ...]
    items: tuple[Item, ...]
    older: str
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def deliveries(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """What the shop told; POST settles a refused or dead one again."""
    problem = ""
    if request.method == "POST":
        try:
            with store_write(store.id):
                inbox_services.repeat(request.POST.get("id", ""))
            return HttpResponseRedirect(reverse("desk:deliveries", args=[store.slug]))
        except WordmouthError as error:
            problem = error.detail
    state = _state(request, DELIVERIES)
    before = request.GET.get("before", "")
    cursor = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    with store_read(store.id):
        found = inbox.page(limit=PAGE + 1, state=state, before=cursor)
    speaker = Voice(store)
    shown = Listing(
        filters=_filters("deliveries", store, DELIVERIES, state),
        items=tuple(_delivery(one, speaker) for one in found[:PAGE]),
        older=_older("deliveries", store, state, "before", str(found[PAGE - 1].seq))
        if len(found) > PAGE
        else "",
        problem=problem,
    )
    return page(request, store, "deliveries", shown, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def effects(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """What is done in the shop and by mail; POST revives one that was given up."""
    problem = ""
    if request.method == "POST":
        try:
            with store_write(store.id):
                outbox_services.revive(request.POST.get("id", ""))
            return HttpResponseRedirect(reverse("desk:effects", args=[store.slug]))
        except WordmouthError as error:
            problem = error.detail
    state = _state(request, EFFECTS)
    with store_read(store.id):
        found = outbox.page(state, PAGE + 1, request.GET.get("after") or None)
    speaker = Voice(store)
    shown = Listing(
        filters=_filters("effects", store, EFFECTS, state),
        items=tuple(_effect(one, speaker) for one in found[:PAGE]),
        older=_older("effects", store, state, "after", found[PAGE - 1].id)
        if len(found) > PAGE
        else "",
        problem=problem,
    )
    return page(request, store, "effects", shown, status=409 if problem else 200)


def _state(request: HttpRequest, allowed: tuple[str, ...]) -> str | None:
    wanted = request.GET.get("state", "")
    return wanted if wanted in allowed else None


def _filters(
    place: str, store: StoreFacts, states: tuple[str, ...], state: str | None
) -> tuple[Filter, ...]:
    base = reverse(f"desk:{place}", args=[store.slug])
    found = [Filter(name=_("All"), url=base, here=state is None)]
    found += [
        Filter(name=words.label(one).text, url=f"{base}?state={one}", here=one == state)
        for one in states
    ]
    return tuple(found)


def _older(place: str, store: StoreFacts, state: str | None, name: str, value: str) -> str:
    kept = f"state={state}&" if state else ""
    return f"{reverse(f'desk:{place}', args=[store.slug])}?{kept}{name}={value}"


def _delivery(one: DeliveryFacts, speaker: Voice) -> Item:
    return Item(
        id=one.id,
        name=f"{one.adapter} · {one.size} B",
        at=speaker.moment(one.received_at),
        tries=one.attempts,
        label=words.label(one.state),
        problem=one.problem,
        again=one.state in ("refused", "dead"),
    )


def _effect(one: EffectFacts, speaker: Voice) -> Item:
    return Item(
        id=one.id,
        name=f"{one.kind} · {one.key}",
        at=speaker.moment(one.created_at),
        tries=one.attempts,
        label=words.label(one.state),
        problem=one.problem,
        again=one.state == "dead",
    )
