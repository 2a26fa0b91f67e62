"""Verbs that let money go: a file for the bank, or an order to a payment service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.outbox import queries as effects
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest
from wordmouth.payouts import collecting, files, holding, queries, states
from wordmouth.payouts.errors import BatchNotReady, NothingToPay, RailNotReady
from wordmouth.payouts.facts import BatchFacts, Sheet
from wordmouth.payouts.models import Batch, Payout
from wordmouth.payouts.orders import SEND, send_key
from wordmouth.payouts.services.batches import batch_to_change, check_move, row_of
from wordmouth.payouts.services.moving import LONGEST_BY, Register
from wordmouth.programs.events import IntakeChanged
from wordmouth.rewards import accounts
from wordmouth.stores.transactions import store_read, store_write

TRIES = 5
CLAWED_BACK = "What was earned was taken back in the meantime."


class _Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was drawn up, and which payouts it holds; None where it would hold none."""

    sheet: Sheet | None
    holds: tuple[str, ...]


def export(store_id: str, batch_id: str, *, by: str) -> Sheet:
    """The file of an approved batch, which counts as sent from then on; the same file again for
    one that was sent. Opens its own writes.

    A payout whose advocate's cash was taken back meanwhile (below zero) is left out and
    cancelled. Raises NotFound, BatchNotReady, ProgramIsStopped, RailNotReady, NothingToPay.
    """
    for _ in range(TRIES):
        with store_read(store_id):
            # Read once: between two looks somebody else may export it.
            batch = row_of(batch_id)
            if batch.state in ("sent", "done"):
                return files.kept(batch_id)
            drawn = _draw(store_id, batch)
        with store_write(store_id):
            taken = _take(store_id, batch_id, drawn, by)
        if taken and drawn.sheet is None:
            raise NothingToPay(f"Nothing of this batch is left to pay. {CLAWED_BACK}")
        if taken and drawn.sheet is not None:
            return drawn.sheet
    raise BatchNotReady("The batch kept changing while its file was made; try again.")


def _draw(store_id: str, batch: Batch) -> _Drawn:
    check_move(batch, "sent")
    if batch.rail not in states.FILE_RAILS:
        raise BatchNotReady(f"A batch by {batch.rail} is sent, not exported: payout send.")
    holding.check(batch.id)
    going, _short = _split(batch)
    sheet = files.draw(store_id, batch, going) if going else None
    return _Drawn(sheet=sheet, holds=tuple(row.id for row in going))


def _take(store_id: str, batch_id: str, drawn: _Drawn, by: str) -> bool:
    """Make the file the batch's; False where something changed while it was drawn up."""
    row = Batch.objects.get(id=batch_id)
    if row.state != "approved":
        return False
    going, short = _split(row)
    if tuple(one.id for one in going) != drawn.holds:
        return False
    # It may have been stopped while the file was drawn up.
    holding.check(batch_id)
    if drawn.sheet is not None:
        row.file, row.file_name = files.sealed(drawn.sheet, batch_id), drawn.sheet.name
    _let_go(store_id, row, going, short, by)
    return True


def send(store_id: str, batch_id: str, *, by: str) -> BatchFacts:
    """Have an approved batch carried out by its payment service, in the background.

    From now on the money counts as gone until the service says otherwise. Raises NotFound,
    BatchNotReady, ProgramIsStopped, RailNotReady.
    """
    batch = batch_to_change(batch_id, "sent")
    if batch.rail in states.FILE_RAILS:
        raise BatchNotReady(f"A batch by {batch.rail} is a file for the bank: payout export.")
    holding.check(batch_id)
    problem = collecting.problem_of(store_id, batch.rail, batch.currency)
    if problem:
        raise RailNotReady(problem)
    going, short = _split(batch)
    _let_go(store_id, batch, going, short, by)
    outbox.enqueue(
        [
            EffectRequest(
                key=send_key(batch_id, part),
                kind=SEND,
                payload={"batch": batch_id, "part": part},
            )
            for part in sorted({row.part for row in going})
        ]
    )
    return queries.batch(batch_id)


def on_intake_changed(happened: Sequence[IntakeChanged]) -> None:
    """A programme that goes on after a stop pays what was ordered and held back meanwhile."""
    resumed = {event.program_id for event in happened if event.before == "stopped"}
    resumed -= {event.program_id for event in happened if event.intake == "stopped"}
    if not resumed:
        return
    ordered = Payout.objects.filter(state=states.SENT, advocate__program_id__in=resumed)
    parts = ordered.exclude(batch__rail__in=states.FILE_RAILS).values_list("batch_id", "part")
    for keys in collecting.chunks(send_key(*one) for one in parts.distinct()):
        known = effects.by_keys(keys)
        # What was given up for another reason waits for a person as before.
        outbox.revive_keys(key for key, one in known.items() if one.problem == holding.STOPPED)


def _split(batch: Batch) -> tuple[list[Payout], list[Payout]]:
    """The payouts that go, and those whose advocates owe by now what was reserved for them."""
    approved = Payout.objects.filter(batch_id=batch.id, state=states.APPROVED)
    rows = list(approved.order_by("advocate_id"))
    owing = _owing((row.advocate_id for row in rows), batch.currency)
    going = [row for row in rows if row.advocate_id not in owing]
    return going, [row for row in rows if row.advocate_id in owing]


def _owing(advocate_ids: Iterable[str], currency: str) -> set[str]:
    names = {accounts.available("cash", one): one for one in advocate_ids}
    found = ledger.balances(names)
    return {names[name] for (name, unit), sum_ in found.items() if unit == currency and sum_ < 0}


def _let_go(
    store_id: str, batch: Batch, going: Sequence[Payout], short: Sequence[Payout], by: str
) -> None:
    now = clock.now()
    if going:
        batch.state, batch.sent_at, batch.sent_by = "sent", now, by[:LONGEST_BY]
    else:
        batch.state, batch.cancelled_at, batch.cancelled_by = "cancelled", now, by[:LONGEST_BY]
    batch.save()
    register = Register(store_id, by)
    for row in short:
        register.move(row, states.CANCELLED, reason=CLAWED_BACK)
    for row in going:
        register.move(row, states.SENT)
    register.write()
