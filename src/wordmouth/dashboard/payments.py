"""Payouts as the desk shows them: rows in words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _

from wordmouth.dashboard import words
from wordmouth.dashboard.words import Label
from wordmouth.messages.voice import Voice
from wordmouth.payouts import queries, reports
from wordmouth.payouts.facts import BatchFacts, Line, PayoutFacts, Preview
from wordmouth.payouts.words import RAILS, reason_text
from wordmouth.stores.facts import StoreFacts

MOST_LINES = 50


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a batch made now would pay, or not; `papers` offers to note tax papers."""

    advocate: str
    name: str
    to: str
    amount: str
    why: str
    papers: bool


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch made now would be; of long lists the first lines, and how many more."""

    currency: str
    total: str
    count: int
    second: bool
    problem: str
    paid: tuple[Paid, ...]
    more_paid: int
    held: tuple[Paid, ...]
    more_held: int


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """A batch in the list; `held` says why it cannot go."""

    id: str
    url: str
    rail: str
    total: str
    count: int
    label: Label
    at: str
    doubts: int
    held: str


class PayoutRow(msgspec.Struct, frozen=True, kw_only=True):
    """A payout in a list."""

    id: str
    url: str
    name: str
    to: str
    amount: str
    label: Label
    at: str
    note: str


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened: when, what, and by whom."""

    at: str
    text: str
    by: str


def offer(found: Preview, speaker: Voice) -> Offer:
    """A preview in words."""
    paid, held = found.paid[:MOST_LINES], found.held[:MOST_LINES]
    names = reports.names(line.advocate_id for line in (*paid, *held))

    def shown(line: Line) -> Paid:
        return Paid(
            advocate=line.advocate_id,
            name=names[line.advocate_id],
            to=line.hint,
            amount=speaker.money(line.amount, found.currency),
            why=reason_text(line.reason) if line.reason else "",
            papers=line.reason == "tax_hold",
        )

    return Offer(
        currency=found.currency,
        total=speaker.money(found.total, found.currency),
        count=len(found.paid),
        second=found.needs_second,
        problem=found.problem,
        paid=tuple(shown(line) for line in paid),
        more_paid=len(found.paid) - len(paid),
        held=tuple(shown(line) for line in held),
        more_held=len(found.held) - len(held),
    )


def batch_row(store: StoreFacts, found: BatchFacts, speaker: Voice) -> BatchRow:
    """A batch in words."""
    return BatchRow(
        id=found.id,
        url=reverse("desk:batch", args=[store.slug, found.id]),
        rail=str(RAILS[found.rail]),
        total=speaker.money(found.total, found.currency),
        count=found.count,
        label=words.label(found.state),
        at=speaker.moment(found.made_at),
        doubts=found.in_doubt,
        held=found.problem,
    )


def payout_rows(
    store: StoreFacts, found: Sequence[PayoutFacts], speaker: Voice
) -> tuple[PayoutRow, ...]:
    """Payouts in words, with the names of those they are for."""
    names = reports.names(one.advocate_id for one in found)
    return tuple(
        PayoutRow(
            id=one.id,
            url=reverse("desk:payout", args=[store.slug, one.id]),
            name=names[one.advocate_id],
            to=one.hint,
            amount=speaker.money(one.amount, one.currency),
            label=words.label(one.state),
            at=speaker.moment(one.changed_at),
            note=doubt(one) or one.problem,
        )
        for one in found
    )


def doubt(payout: PayoutFacts) -> str:
    """Why somebody has to look at it; "" where nobody has to."""
    if payout.disputed:
        return _("The answers contradict each other. The money counts as gone.")
    if payout.in_doubt:
        return _("Nobody knows what became of it. The money stays reserved.")
    return ""


def story(payout_id: str, speaker: Voice) -> tuple[Moment, ...]:
    """What happened to a payout, oldest first."""
    told = {
        "moved": "{state}",
        "told": _("Answer: {state}"),
        "ruled": _("Ruled by a person: {state}"),
    }
    found: list[Moment] = []
    before = None
    for step in queries.steps([payout_id]).get(payout_id, []):
        text = told[step.what].format(state=words.label(step.state).text)
        reason = f". {step.reason}" if step.reason else ""
        # Where an answer was believed, that it led there need not be said once more.
        if not (before and before.what == "told" and before.state == step.state):
            moment = Moment(at=speaker.moment(step.at), text=text + reason, by=step.by)
            found.append(moment)
        before = step
    return tuple(found)


def history(found: BatchFacts, speaker: Voice) -> tuple[Moment, ...]:
    """Who made, approved, sent or cancelled a batch, and when."""
    moments = [(found.made_at, _("Made"), found.made_by)]
    moments += [(one.at, _("Approved"), one.by) for one in found.approvals]
    if found.sent_at:
        moments.append((found.sent_at, _("Sent"), found.sent_by))
    if found.done_at:
        moments.append((found.done_at, _("All is decided"), ""))
    if found.cancelled_at:
        moments.append((found.cancelled_at, _("Cancelled"), found.cancelled_by))
    return tuple(Moment(at=speaker.moment(at), text=text, by=by) for at, text, by in moments)
