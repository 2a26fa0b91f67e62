"""Verbs on batches before they are sent: make, approve, cancel."""

from __future__ import annotations

from collections import Counter

from wordmouth.kit import clock
from wordmouth.kit.errors import NotFound
from wordmouth.kit.ids import new_id
from wordmouth.payouts import collecting, holding, queries, rules, states
from wordmouth.payouts.destinations import Destination, opened, sealed
from wordmouth.payouts.errors import (
    BatchNotReady,
    NothingToPay,
    RailNotReady,
    SecondPersonNeeded,
)
from wordmouth.payouts.facts import BatchFacts, Line, Preview
from wordmouth.payouts.models import Approval, Batch, Payee, Payout
from wordmouth.payouts.services.moving import LONGEST_BY, Register
from wordmouth.payouts.words import reason_text


def make(store_id: str, rail: str, currency: str | None = None, *, by: str) -> BatchFacts:
    """Collect everybody who can be paid by `rail` into a batch and reserve their cash.

    Raises Invalid for a rail that does not exist, RailNotReady where it cannot be used,
    NothingToPay.
    """
    found = collecting.preview(store_id, rail, currency)
    if found.problem:
        raise RailNotReady(found.problem)
    if not found.paid:
        raise NothingToPay(_nobody(found))
    batch = Batch.objects.create(
        id=new_id("bat"),
        store_id=store_id,
        rail=rail,
        currency=found.currency,
        state="waiting" if found.needs_second else "draft",
        total=found.total,
        count=len(found.paid),
        needs_second=found.needs_second,
        made_by=by[:LONGEST_BY],
        made_at=clock.now(),
    )
    details = _destinations(found.paid)
    register = Register(store_id, by)
    register.begin(
        _payout(batch, line, details[line.advocate_id], place // rules.PART)
        for place, line in enumerate(found.paid)
    )
    register.write()
    return queries.batch(batch.id)


def _nobody(found: Preview) -> str:
    if not found.held:
        return f"No advocate has cash in {found.currency}."
    counts = Counter(line.reason for line in found.held)
    told = "; ".join(f"{reason_text(code)}: {count}" for code, count in counts.most_common())
    return f"Nobody can be paid in {found.currency} now. {told}."


def _destinations(lines: tuple[Line, ...]) -> dict[str, Destination]:
    found: dict[str, Destination] = {}
    for ids in collecting.chunks(line.advocate_id for line in lines):
        for row in Payee.objects.filter(advocate_id__in=ids):
            found[row.advocate_id] = opened(row.details, row.id, Destination)
    return found


def _payout(batch: Batch, line: Line, to: Destination, part: int) -> Payout:
    payout_id = new_id("pay")
    return Payout(
        id=payout_id,
        store_id=batch.store_id,
        batch_id=batch.id,
        advocate_id=line.advocate_id,
        person_id=line.person_id,
        amount=line.amount,
        currency=batch.currency,
        method=to.method,
        details=sealed(to, payout_id),
        hint=to.hint,
        part=part,
        state=states.REQUESTED,
        requested_at=batch.made_at,
        changed_at=batch.made_at,
    )


def approve(store_id: str, batch_id: str, *, by: str) -> BatchFacts:
    """Stand behind a batch. One that needs a second person waits until two users do, of whom one
    may be its maker; an API key or a shell is no user.

    Raises NotFound, BatchNotReady, ProgramIsStopped, SecondPersonNeeded.
    """
    batch = batch_to_change(batch_id, "approved")
    holding.check(batch_id)
    given = list(Approval.objects.filter(batch_id=batch_id).values_list("by", flat=True))
    if batch.needs_second:
        _check_second(batch, given, by)
    Approval.objects.get_or_create(
        store_id=store_id, batch_id=batch_id, by=by[:LONGEST_BY], defaults={"at": clock.now()}
    )
    if rules.is_approved(batch.made_by, [*given, by], second=batch.needs_second):
        Batch.objects.filter(id=batch_id).update(state="approved", approved_at=clock.now())
        _move_all(store_id, batch_id, states.APPROVED, by)
    return queries.batch(batch_id)


def _check_second(batch: Batch, given: list[str], by: str) -> None:
    if not rules.users([by]):
        raise SecondPersonNeeded(
            "A batch of this size needs two people: approve it at the desk, signed in, or with "
            "wordmouth payout approve --user NAME."
        )
    name = by.removeprefix(rules.USER)
    if by == batch.made_by:
        raise SecondPersonNeeded(f"{name} made this batch: another user must approve it.")
    if by in given:
        raise SecondPersonNeeded(f"{name} has approved it already: one more user must.")


def cancel(store_id: str, batch_id: str, *, by: str) -> BatchFacts:
    """Give up a batch that has not been sent; the cash is the advocates' again.

    Raises NotFound, BatchNotReady.
    """
    batch_to_change(batch_id, "cancelled")
    Batch.objects.filter(id=batch_id).update(
        state="cancelled", cancelled_by=by[:LONGEST_BY], cancelled_at=clock.now()
    )
    _move_all(store_id, batch_id, states.CANCELLED, by)
    return queries.batch(batch_id)


def batch_to_change(batch_id: str, target: str) -> Batch:
    """The row, which may become `target` now. Raises NotFound, BatchNotReady."""
    batch = row_of(batch_id)
    check_move(batch, target)
    return batch


def row_of(batch_id: str) -> Batch:
    """The row. Raises NotFound."""
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NotFound("There is no such batch.")
    return batch


def check_move(batch: Batch, target: str) -> None:
    """Raise BatchNotReady where the batch may not become `target` now."""
    if target not in states.BATCH_MOVES[batch.state]:
        may = " or ".join(states.sources(target))
        raise BatchNotReady(f"The batch is {batch.state}; to become {target} it must be {may}.")


def _move_all(store_id: str, batch_id: str, state: str, by: str) -> None:
    register = Register(store_id, by)
    for row in Payout.objects.filter(batch_id=batch_id).order_by("id"):
        register.move(row, state)
    register.write()
