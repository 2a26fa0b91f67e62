"""The first page: what the programme does, and whether all is well."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wordmouth.dashboard import words
from wordmouth.dashboard.frame import desk, page
from wordmouth.dashboard.words import Label
from wordmouth.inbox import queries as inbox
from wordmouth.messages.voice import Voice
from wordmouth.outbox import queries as outbox
from wordmouth.payouts import queries as payouts
from wordmouth.programs import queries as programs
from wordmouth.programs.facts import ProgramFacts
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import queries as rewards
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read
from wordmouth.visits import queries as visits


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a list; `share` in whole percent of the largest."""

    name: str
    figure: int
    share: int
    url: str = ""
    label: Label | None = None


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """What is promised in one unit, in words."""

    unit: str
    pending: str
    due: str


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A sign of health: the figure, what it counts, and whether somebody must look."""

    name: str
    figure: int
    url: str
    tone: str


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The page. `status` is None while there is no programme."""

    program: str
    status: Label | None
    sentence: str
    funnel: tuple[Bar, ...]
    referrals: tuple[Bar, ...]
    rewards: tuple[Bar, ...]
    worth: tuple[Worth, ...]
    health: tuple[Check, ...]


@require_safe
@desk
def overview(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Counts by status, what is promised, and what waits."""
    speaker = Voice(store)
    with store_read(store.id):
        found = programs.live_program() or next(iter(programs.list_programs()), None)
        by_status = referrals.counts_by_status()
        shown = Overview(
            program=found.name if found else "",
            status=words.label(found.status) if found else None,
            sentence=_sentence(found, speaker),
            funnel=_funnel(by_status),
            referrals=_statuses(words.REFERRALS, by_status, store, linked=True),
            rewards=_statuses(words.REWARDS, rewards.counts_by_state(), store, linked=False),
            worth=_worth(speaker),
            health=_health(store),
        )
    return page(request, store, "overview", shown)


def _sentence(program: ProgramFacts | None, speaker: Voice) -> str:
    if program is None:
        return ""
    document = program.version.document
    return speaker.wording(document).offer(document.offers[0])


def _bars(named: list[tuple[str, int]]) -> tuple[Bar, ...]:
    most = max((figure for _name, figure in named), default=0) or 1
    return tuple(
        Bar(name=name, figure=figure, share=round(100 * figure / most)) for name, figure in named
    )


def _funnel(by_status: dict[str, int]) -> tuple[Bar, ...]:
    visited, claimed = visits.totals()
    return _bars(
        [
            (_("Visits by referral links"), visited),
            (_("Offers claimed"), claimed),
            (_("Orders by friends"), sum(by_status.values())),
            (_("Approved"), by_status.get("approved", 0)),
        ]
    )


def _statuses(
    statuses: tuple[str, ...], counts: dict[str, int], store: StoreFacts, *, linked: bool
) -> tuple[Bar, ...]:
    base = reverse("desk:referrals", args=[store.slug]) if linked else ""
    return tuple(
        Bar(
            name=status,
            figure=counts.get(status, 0),
            share=0,
            url=f"{base}?status={status}" if linked else "",
            label=words.label(status),
        )
        for status in statuses
    )


def _worth(speaker: Voice) -> tuple[Worth, ...]:
    def amount(value: int, unit: str) -> str:
        return str(value) if unit == "CPN" else speaker.money(value, unit)

    return tuple(
        Worth(
            unit=_("Coupons without a fixed value") if one.unit == "CPN" else one.unit,
            pending=amount(one.pending, one.unit),
            due=amount(one.due, one.unit),
        )
        for one in rewards.promised()
    )


def _health(store: StoreFacts) -> tuple[Check, ...]:
    deliveries = inbox.unsettled_by_state()
    effects = outbox.health()
    doubts = payouts.count_in_doubt()
    of_deliveries = reverse("desk:deliveries", args=[store.slug])
    of_effects = reverse("desk:effects", args=[store.slug])
    broken = deliveries.get("refused", 0) + deliveries.get("dead", 0)
    waiting = deliveries.get("received", 0)
    return (
        Check(name=_("deliveries waiting"), figure=waiting, url=of_deliveries, tone=""),
        Check(
            name=_("deliveries refused or given up"),
            figure=broken,
            url=of_deliveries,
            tone="bad" if broken else "good",
        ),
        Check(
            name=_("effects waiting"),
            figure=effects.waiting + effects.leased,
            url=f"{of_effects}?state=waiting",
            tone="",
        ),
        Check(
            name=_("effects given up"),
            figure=effects.dead,
            url=f"{of_effects}?state=dead",
            tone="bad" if effects.dead else "good",
        ),
        Check(
            name=_("payouts in doubt"),
            figure=doubts,
            url=reverse("desk:payouts", args=[store.slug]),
            tone="bad" if doubts else "good",
        ),
    )
