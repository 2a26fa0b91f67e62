"""Questions about payouts. What they give names no account, only its hint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet

from wordmouth.kit.errors import NotFound
from wordmouth.payouts import holding
from wordmouth.payouts.destinations import Destination, opened
from wordmouth.payouts.facts import (
    ApprovalFacts,
    BatchFacts,
    PayeeFacts,
    PayingAccountFacts,
    PayoutFacts,
    StepFacts,
)
from wordmouth.payouts.models import Approval, Batch, Payee, PayingAccount, Payout, Step
from wordmouth.payouts.sepa import Paying

DOUBT = Q(disputed=True) | Q(state="sent", told="unknown")


def payees(advocate_ids: Iterable[str]) -> dict[str, PayeeFacts]:
    """Where these advocates are paid, by advocate; who has not said it is left out."""
    rows = Payee.objects.filter(advocate_id__in=set(advocate_ids))
    return {row.advocate_id: payee_facts(row) for row in rows}


def payee(advocate_id: str) -> PayeeFacts:
    """Where an advocate is paid. Raises NotFound where nobody has said it."""
    found = payees([advocate_id]).get(advocate_id)
    if found is None:
        raise NotFound("This advocate has not said where to be paid.")
    return found


def payees_page(limit: int = 50, starting_after: str | None = None) -> list[PayeeFacts]:
    """Payees by advocate, the newest advocates first."""
    rows = Payee.objects.order_by("-advocate_id")
    if starting_after:
        rows = rows.filter(advocate_id__lt=starting_after)
    return [payee_facts(row) for row in rows[:limit]]


def paying_account() -> PayingAccountFacts | None:
    """The account the store pays from, masked; None until it is set."""
    row = PayingAccount.objects.first()
    if row is None:
        return None
    return PayingAccountFacts(
        name=opened(row.details, row.id, Paying).name,
        hint=row.hint,
        form=row.form,
        set_at=row.set_at,
        set_by=row.set_by,
    )


def batch(batch_id: str) -> BatchFacts:
    """One batch. Raises NotFound."""
    found = _batches(Batch.objects.filter(id=batch_id))
    if not found:
        raise NotFound("There is no such batch.")
    return found[0]


def batches(limit: int = 50, starting_after: str | None = None) -> list[BatchFacts]:
    """Batches, newest first."""
    rows = Batch.objects.order_by("-id")
    if starting_after:
        rows = rows.filter(id__lt=starting_after)
    return _batches(rows[:limit])


def _batches(rows: QuerySet[Batch]) -> list[BatchFacts]:
    found = list(rows)
    ids = [row.id for row in found]
    approvals: dict[str, list[ApprovalFacts]] = defaultdict(list)
    for given in Approval.objects.filter(batch_id__in=ids).order_by("id"):
        approvals[given.batch_id].append(ApprovalFacts(by=given.by, at=given.at))
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    doubts: dict[str, int] = defaultdict(int)
    rows_of = Payout.objects.filter(batch_id__in=ids).values_list("batch_id", "state")
    counted = rows_of.annotate(all=Count("id"), unsure=Count("id", filter=DOUBT)).order_by()
    for batch_id, state, count, unsure in counted:
        counts[batch_id][state] = count
        doubts[batch_id] += unsure
    problems = holding.problems(ids)
    return [
        batch_facts(
            row,
            approvals=tuple(approvals[row.id]),
            counts=counts[row.id],
            in_doubt=doubts[row.id],
            problem=problems.get(row.id, ""),
        )
        for row in found
    ]


def batch_facts(row: Batch, **own: Any) -> BatchFacts:
    """A row as facts, with those that it does not hold itself."""
    plain = {name: getattr(row, name) for name in BatchFacts.__struct_fields__ if name not in own}
    return BatchFacts(**plain, **own)


def payout(payout_id: str) -> PayoutFacts:
    """One payout. Raises NotFound."""
    row = Payout.objects.filter(id=payout_id).first()
    if row is None:
        raise NotFound("There is no such payout.")
    return payout_facts(row)


def page(
    *,
    batch_id: str | None = None,
    advocate: str | None = None,
    state: str | None = None,
    in_doubt: bool = False,
    limit: int = 50,
    starting_after: str | None = None,
) -> list[PayoutFacts]:
    """Payouts, newest first."""
    rows = Payout.objects.order_by("-id")
    for name, value in (("batch_id", batch_id), ("advocate_id", advocate), ("state", state)):
        if value:
            rows = rows.filter(**{name: value})
    if in_doubt:
        rows = rows.filter(DOUBT)
    if starting_after:
        rows = rows.filter(id__lt=starting_after)
    return [payout_facts(row) for row in rows[:limit]]


def count_in_doubt() -> int:
    """How many payouts a person has to find out about."""
    return Payout.objects.filter(DOUBT).count()


def steps(payout_ids: Iterable[str]) -> dict[str, list[StepFacts]]:
    """What happened to these payouts, oldest first."""
    found: dict[str, list[StepFacts]] = defaultdict(list)
    for row in Step.objects.filter(payout_id__in=set(payout_ids)).order_by("id"):
        found[row.payout_id].append(
            StepFacts(at=row.at, what=row.what, state=row.state, reason=row.reason, by=row.by)
        )
    return dict(found)


def references() -> Iterator[str]:
    """The references of all postings that stand for payouts, for whoever proves the ledger."""
    rows = Payout.objects.exclude(posted={}).order_by("id").values_list("posted", flat=True)
    for posted in rows.iterator(2000):
        yield from posted.values()


def destination(row: Payout) -> Destination:
    """Where a payout goes, opened. Raises NotFound where it was forgotten."""
    if not row.details:
        raise NotFound("Where this payout went has been forgotten, as was asked for.")
    return opened(row.details, row.id, Destination)


def payee_facts(row: Payee) -> PayeeFacts:
    """A row as facts."""
    return PayeeFacts(**{name: getattr(row, name) for name in PayeeFacts.__struct_fields__})


def payout_facts(row: Payout) -> PayoutFacts:
    """A row as facts."""
    return PayoutFacts(**{name: getattr(row, name) for name in PayoutFacts.__struct_fields__})
