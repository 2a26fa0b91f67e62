"""Proof that the ledger is what it must be, from its rows alone."""

from __future__ import annotations

from collections import defaultdict

from wordmouth.ledger.facts import Finding
from wordmouth.ledger.models import Account, Posting
from wordmouth.ledger.services import MIRROR


def verify_store() -> list[Finding]:
    """Everything about the store's ledger that is not as it must be; empty when all is well."""
    units = dict(Account.objects.values_list("id", "unit"))
    findings: list[Finding] = []
    total: dict[str, int] = defaultdict(int)
    for row in Posting.objects.order_by("id").iterator(2000):
        findings += _check(row, units)
        total[row.source_id] -= row.amount
        total[row.destination_id] += row.amount
        if row.mirrors_id:
            findings += _check_mirror(row)
    for unit in sorted(set(units.values())):
        rest = sum(amount for account, amount in total.items() if units.get(account) == unit)
        if rest:
            findings.append(Finding(where=f"unit {unit}", what=f"accounts sum to {rest}, not 0"))
    return findings


def _check(row: Posting, units: dict[str, str]) -> list[Finding]:
    wrong = []
    if row.amount <= 0:
        wrong.append(f"amount is {row.amount}, not above zero")
    for side in (row.source_id, row.destination_id):
        if side not in units:
            wrong.append(f"account {side} does not exist in this store")
        elif units[side] != row.unit:
            wrong.append(f"account {side} holds {units[side]}, the posting moves {row.unit}")
    if row.source_id == row.destination_id:
        wrong.append("source and destination are the same account")
    return [Finding(where=row.id, what=what) for what in wrong]


def _check_mirror(row: Posting) -> list[Finding]:
    original = Posting.objects.filter(id=row.mirrors_id).first()
    if original is None:
        return [Finding(where=row.id, what=f"undoes {row.mirrors_id}, which does not exist")]
    same = (
        row.source_id == original.destination_id
        and row.destination_id == original.source_id
        and row.amount == original.amount
        and row.unit == original.unit
        and row.reference == MIRROR + original.reference
    )
    return [] if same else [Finding(where=row.id, what=f"is no mirror image of {original.id}")]
