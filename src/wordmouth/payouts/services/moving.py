"""Moves payouts from state to state, each move with its posting, its step and its event."""

from __future__ import annotations

from collections.abc import Iterable

from wordmouth.kit import clock, events
from wordmouth.payouts import states
from wordmouth.payouts.events import PayoutChanged
from wordmouth.payouts.models import Batch, Payee, Payout, Step
from wordmouth.payouts.posting import Postings
from wordmouth.payouts.queries import payout_facts

MOVED = [
    "state", "told", "reference", "problem", "disputed", "turn", "posted", "settled_at",
    "changed_at", "details",
]  # fmt: skip
LONGEST_REASON = 500
LONGEST_BY = 200


class Register:
    """The moves of one write, written together by `write`."""

    def __init__(self, store_id: str, by: str) -> None:
        self.store_id = store_id
        self.by = by[:LONGEST_BY]
        self.now = clock.now()
        self._postings = Postings(store_id)
        self._rows: dict[str, Payout] = {}
        self._steps: list[Step] = []

    def begin(self, payouts: Iterable[Payout]) -> None:
        """Store new payouts, reserving what they pay."""
        rows = list(payouts)
        for row in rows:
            self._postings.settle(row)
            self._note(row, "moved", "")
            self._tell(row, None)
        Payout.objects.bulk_create(rows, batch_size=500)

    def move(self, row: Payout, state: str, *, what: str = "moved", reason: str = "") -> None:
        """Bring a payout to a state, whoever asks having seen that it may go there."""
        before = row.state
        assert state in states.MOVES[before], f"no move from {before} to {state}"
        row.state = state
        row.told = ""
        row.settled_at = self.now if state == states.SETTLED else None
        self._postings.settle(row)
        self.note(row, what, state, reason)
        self._tell(row, before)

    def note(self, row: Payout, what: str, state: str, reason: str = "") -> None:
        """Keep that something was told or ruled, and the row as it is now."""
        row.changed_at = self.now
        self._rows[row.id] = row
        self._note(row, what, reason, state)

    def keep(self, row: Payout) -> None:
        """Keep the row as it is now; nothing happened that anybody would look for later."""
        self._rows[row.id] = row

    def _note(self, row: Payout, what: str, reason: str, state: str = "") -> None:
        step = Step(
            store_id=self.store_id,
            payout_id=row.id,
            at=self.now,
            what=what,
            state=state or row.state,
            reason=reason[:LONGEST_REASON],
            by=self.by,
        )
        self._steps.append(step)

    def _tell(self, row: Payout, before: str | None) -> None:
        told = PayoutChanged(store_id=self.store_id, payout=payout_facts(row), before=before)
        events.emit(told)

    def write(self) -> None:
        """Write rows, steps and postings, and end the batches that have nothing under way."""
        Payout.objects.bulk_create(
            self._rows.values(),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["store", "batch", "advocate"],
            update_fields=MOVED,
        )
        Step.objects.bulk_create(self._steps, batch_size=500)
        self._postings.write()
        self._end_batches({row.batch_id for row in self._rows.values()})

    def _end_batches(self, ids: set[str]) -> None:
        open_ones = Payout.objects.filter(batch_id__in=ids, state__in=states.UNDER_WAY)
        over = ids - set(open_ones.values_list("batch_id", flat=True))
        ended = Batch.objects.filter(id__in=over, state__in=states.sources("done"))
        ended.update(state="done", done_at=self.now)
        forget_details(over)


def forget_details(batch_ids: Iterable[str]) -> None:
    """Of batches that are over, forget where those were paid whose account was forgotten, and
    the file that holds it."""
    ids = list(batch_ids)
    over = Batch.objects.filter(id__in=ids, state__in=["done", "cancelled"])
    known = Payee.objects.values("advocate_id")
    rows = Payout.objects.filter(batch__in=over).exclude(details="")
    forgotten = rows.exclude(advocate_id__in=known)
    Batch.objects.filter(id__in=list(forgotten.values_list("batch_id", flat=True))).update(file="")
    forgotten.update(details="")
