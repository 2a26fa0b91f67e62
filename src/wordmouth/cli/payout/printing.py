"""Payouts in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from wordmouth.cli import output
from wordmouth.kit.money import format_money

if TYPE_CHECKING:
    from wordmouth.payouts.facts import BatchFacts, PayoutFacts, Preview


def show_preview(found: Preview, people: dict[str, str]) -> None:
    """Print who is paid what, and how many are not and why."""
    from wordmouth.payouts.words import reason_text

    if found.problem:
        output.note(found.problem)
    rows = [
        (people[line.advocate_id], line.hint, format_money(line.amount, found.currency))
        for line in found.paid
    ]
    output.print_table([("WHO", "TO", "AMOUNT"), *rows])
    second = "; it needs a second person" if found.needs_second else ""
    click.echo(f"{len(rows)} payouts, {format_money(found.total, found.currency)}{second}.")
    reasons = Counter(line.reason for line in found.held)
    for code, count in reasons.most_common():
        click.echo(f"Not paid: {count}. {reason_text(code)}.")


def show_batch(found: BatchFacts, as_json: bool) -> None:
    """Print a batch and who stands behind it."""
    if as_json:
        output.print_json(found)
        return
    rows: list[tuple[str, object]] = [
        ("batch", found.id),
        ("rail", found.rail),
        ("state", found.state),
        ("total", format_money(found.total, found.currency)),
        ("payouts", ", ".join(f"{count} {state}" for state, count in found.counts.items())),
        ("made", f"{found.made_at:%Y-%m-%d %H:%M} by {found.made_by}"),
        *(("approved", f"{one.at:%Y-%m-%d %H:%M} by {one.by}") for one in found.approvals),
    ]
    if found.sent_at:
        rows.append(("sent", f"{found.sent_at:%Y-%m-%d %H:%M} by {found.sent_by}"))
    if found.cancelled_at:
        rows.append(("cancelled", f"{found.cancelled_at:%Y-%m-%d %H:%M} by {found.cancelled_by}"))
    if found.in_doubt:
        rows.append(("in doubt", found.in_doubt))
    output.print_table(rows)
    if found.problem:
        output.note(found.problem)


def show_batches(found: Iterable[BatchFacts]) -> None:
    """Print batches, one a line."""
    rows = [
        (
            one.id,
            one.rail,
            one.state,
            one.count,
            format_money(one.total, one.currency),
            one.made_at.strftime("%Y-%m-%d"),
            one.in_doubt or "",
        )
        for one in found
    ]
    head = ("BATCH", "RAIL", "STATE", "PAYOUTS", "TOTAL", "MADE", "IN DOUBT")
    output.print_table([head, *rows])


def show_payouts(found: Iterable[PayoutFacts], people: dict[str, str]) -> None:
    """Print payouts, one a line."""
    rows = [_row(one, people) for one in found]
    head = ("PAYOUT", "WHO", "TO", "AMOUNT", "STATE", "SINCE", "PROBLEM")
    output.print_table([head, *rows])


def _row(one: PayoutFacts, people: dict[str, str]) -> tuple[object, ...]:
    doubt = "contradictory answers" if one.disputed else one.told
    return (
        one.id,
        people[one.advocate_id],
        one.hint,
        format_money(one.amount, one.currency),
        one.state,
        one.changed_at.strftime("%Y-%m-%d"),
        one.problem or doubt,
    )
