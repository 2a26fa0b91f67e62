"""Proof that payouts and the ledger say the same, and what people have to find out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Sum

from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import EntryFacts, Finding
from wordmouth.payouts.models import Batch, Payout
from wordmouth.payouts.posting import accounts_of
from wordmouth.payouts.queries import references
from wordmouth.payouts.states import STANDING, UNDER_WAY
from wordmouth.rewards import accounts

AT_ONCE = 500

__all__ = ["references", "verify"]


def verify() -> Iterator[Finding]:
    """Every payout whose postings are not those of its state, every contradiction that nobody
    has ruled on, every batch that is not the sum of its payouts."""
    ids = list(Payout.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        batch = Payout.objects.filter(id__in=ids[start : start + AT_ONCE])
        yield from _verify(list(batch.order_by("id")))
    yield from _verify_batches()


def _verify(payouts: Sequence[Payout]) -> Iterator[Finding]:
    wanted = [reference for row in payouts for reference in row.posted.values()]
    entries = {entry.reference: entry for entry in ledger.entries_of(wanted)}
    stands = ledger.references(wanted)
    transit = ledger.balances(accounts.transit(row.id) for row in payouts)
    for row in payouts:
        if tuple(sorted(row.posted)) != tuple(sorted(STANDING[row.state])):
            found = sorted(row.posted)
            yield Finding(where=row.id, what=f"is {row.state} with the postings {found}")
        for step, reference in row.posted.items():
            entry = entries.get(reference)
            if entry is None or not stands.get(reference):
                yield Finding(where=row.id, what=f"its posting {reference} does not stand")
            elif _moves(entry) != (*accounts_of(step, row), row.amount, row.currency):
                yield Finding(where=entry.id, what=f"does not move what {row.id} pays")
        left = transit.get((accounts.transit(row.id), row.currency), 0)
        if left != (row.amount if row.state in UNDER_WAY else 0):
            yield Finding(where=row.id, what=f"is {row.state}, and {left} is in transit for it")
        if row.disputed:
            what = "its bank's answers contradict each other; find out there and rule on it"
            yield Finding(where=row.id, what=what)


def _moves(entry: EntryFacts) -> tuple[str, str, int, str]:
    return entry.source, entry.destination, entry.amount, entry.unit


def _verify_batches() -> Iterator[Finding]:
    sums = dict(Payout.objects.values_list("batch_id").annotate(Sum("amount")).order_by())
    open_ones = Payout.objects.filter(state__in=UNDER_WAY).values_list("batch_id", flat=True)
    waiting = set(open_ones.distinct())
    for row in Batch.objects.order_by("id"):
        if sums.get(row.id) != row.total:
            yield Finding(where=row.id, what=f"is {row.total}, its payouts {sums.get(row.id, 0)}")
        if (row.id in waiting) != (row.state not in ("done", "cancelled")):
            yield Finding(where=row.id, what=f"is {row.state}, which its payouts are not")
