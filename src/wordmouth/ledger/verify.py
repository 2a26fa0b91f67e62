"""Proof that the ledger is what it must be, from its rows alone."""

from __future__ import annotations

from wordmouth.ledger.arithmetic import Side, faults, mirrored
from wordmouth.ledger.facts import Finding
from wordmouth.ledger.models import Account, Posting
from wordmouth.ledger.services import MIRROR


def verify_store() -> list[Finding]:
    """Everything about the store's ledger that is not as it must be; empty when all is well.

    That every posting moves one amount between two accounts of its unit is what makes all
    accounts of a unit sum to zero.
    """
    units = dict(Account.objects.values_list("id", "unit"))
    findings: list[Finding] = []
    for row in Posting.objects.order_by("id").iterator(2000):
        findings += [Finding(where=row.id, what=what) for what in faults(_side(row), units)]
        if row.mirrors_id:
            findings += _check_mirror(row)
    return findings


def _side(row: Posting) -> Side:
    return Side(row.source_id, row.destination_id, row.amount, row.unit)


def _check_mirror(row: Posting) -> list[Finding]:
    original = Posting.objects.filter(id=row.mirrors_id).first()
    if original is None:
        return [Finding(where=row.id, what=f"undoes {row.mirrors_id}, which does not exist")]
    same = _side(row) == mirrored(_side(original)) and row.reference == MIRROR + original.reference
    return [] if same else [Finding(where=row.id, what=f"is no mirror image of {original.id}")]
