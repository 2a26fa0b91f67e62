"""Questions about what people ask about their data."""

from __future__ import annotations

from datetime import timedelta

from wordmouth.people import queries
from wordmouth.people.facts import PrivacyFacts
from wordmouth.people.models import PersonKey, PrivacyRequest
from wordmouth.people.services import keys_of
from wordmouth.people.snapshot import CustomerSnapshot

TIME = timedelta(days=30)
"""How long there is to do what was asked."""


def open_requests() -> list[PrivacyFacts]:
    """What has yet to be done in the store, the oldest first."""
    rows = PrivacyRequest.objects.filter(done_at=None).order_by("asked_at", "id")
    return [
        PrivacyFacts(
            id=row.id,
            adapter=row.adapter,
            kind=row.kind,
            customer=row.customer,
            email=row.email,
            asked_at=row.asked_at,
            due_at=row.asked_at + TIME,
        )
        for row in rows
    ]


def addresses_of(customer: CustomerSnapshot) -> set[str]:
    """Every address by which that human is known, in its one spelling, with the one just told."""
    keys = keys_of(customer)
    named: set[str] = set()
    for kind, value in keys:
        found = PersonKey.objects.filter(kind=kind, value=value)
        named |= set(found.values_list("person_id", flat=True))
    families = queries.members(queries.roots(named).values()).values()
    everybody = [person for family in families for person in family]
    known = PersonKey.objects.filter(kind="email", person_id__in=everybody)
    told = {value for kind, value in keys if kind == "email"}
    return told | set(known.values_list("value", flat=True))
