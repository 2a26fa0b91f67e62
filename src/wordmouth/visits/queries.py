"""Questions about claims and visits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from wordmouth.people import queries as people
from wordmouth.stores import rows
from wordmouth.visits.facts import ClaimFacts
from wordmouth.visits.models import Claim, VisitTally


def facts_of(row: Claim) -> ClaimFacts:
    """A row as facts."""
    return ClaimFacts(**{name: getattr(row, name) for name in ClaimFacts.__struct_fields__})


def _read(**by: Any) -> list[ClaimFacts]:
    return rows.read_facts(Claim, ClaimFacts, order_by=("claimed_at", "id"), **by)


def claims(ids: Iterable[str]) -> dict[str, ClaimFacts]:
    """Those claims by id."""
    return {facts.id: facts for facts in _read(id__in=ids)}


def claims_by_code(coupon_codes: Iterable[str]) -> dict[str, ClaimFacts]:
    """The claims that hold these coupon codes; other codes are left out."""
    return {facts.coupon_code: facts for facts in _read(coupon_code__in=coupon_codes)}


def claims_of_persons(person_ids: Iterable[str]) -> list[ClaimFacts]:
    """All claims of these persons, oldest first."""
    return _read(person_id__in=person_ids)


def claims_of_human(person_id: str) -> list[ClaimFacts]:
    """All claims of one human under any of their person ids."""
    root = people.roots([person_id]).get(person_id, person_id)
    return claims_of_persons(people.members([root]).get(root, [person_id]))


def claims_of_advocate(advocate_id: str) -> list[ClaimFacts]:
    """All claims of an advocate's friends, oldest first."""
    return _read(advocate_id=advocate_id)


def visit_counts(advocate_ids: Iterable[str]) -> dict[str, int]:
    """How many visits each advocate's links had; nobody is left out."""
    ids = set(advocate_ids)
    tallies = VisitTally.objects.filter(advocate_id__in=ids).values_list("advocate_id")
    sums = dict(tallies.annotate(Sum("visits")).order_by())
    return {advocate: sums.get(advocate, 0) for advocate in ids}


def all_ids() -> list[str]:
    """Every claim of the store, oldest first."""
    return list(Claim.objects.order_by("id").values_list("id", flat=True))


def totals() -> tuple[int, int]:
    """How many visits were tallied and how many claims were made in the store."""
    visits = VisitTally.objects.aggregate(sum=Sum("visits"))["sum"] or 0
    return visits, Claim.objects.count()
