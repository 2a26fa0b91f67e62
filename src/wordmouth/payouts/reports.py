"""Payouts beside the people they are for: names, and what was paid to whom in a year."""

from __future__ import annotations

from collections.abc import Iterable

from wordmouth.advocates import queries as advocates
from wordmouth.kit.money import to_decimal
from wordmouth.payouts import collecting, tables
from wordmouth.people import queries as people
from wordmouth.people.facts import PersonFacts

COLUMNS = (
    "person",
    "email",
    "first_name",
    "last_name",
    "year",
    "currency",
    "paid",
    "payouts",
    "under_way",
    "tax_papers",
)


def year_table(year: int) -> bytes:
    """Everybody who was paid in a calendar year (UTC), or is being paid in it now, as CSV."""
    totals = collecting.year_totals(year)
    known: dict[str, PersonFacts] = {}
    for ids in collecting.chunks({one.person_id for one in totals}):
        known |= people.persons(ids)
    return tables.table(
        COLUMNS,
        (
            (
                one.person_id,
                known[one.person_id].email,
                known[one.person_id].first_name,
                known[one.person_id].last_name,
                one.year,
                one.currency,
                to_decimal(one.settled, one.currency),
                one.count,
                to_decimal(one.under_way, one.currency),
                "yes" if one.papers else "no",
            )
            for one in totals
        ),
    )


def names(advocate_ids: Iterable[str]) -> dict[str, str]:
    """What to call these advocates: their name, or their address where there is none."""
    found: dict[str, str] = {}
    for ids in collecting.chunks(set(advocate_ids)):
        owners = advocates.advocates(ids)
        persons = people.persons(owner.person_id for owner in owners.values())
        for key, owner in owners.items():
            person = persons[owner.person_id]
            found[key] = f"{person.first_name} {person.last_name}".strip() or person.email
    return found
