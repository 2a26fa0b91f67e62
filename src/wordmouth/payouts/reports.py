"""What was paid to whom in a year, as a table for whoever does the taxes."""

from __future__ import annotations

from wordmouth.kit.money import to_decimal
from wordmouth.payouts import collecting, tables
from wordmouth.people import queries as people

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
    known = {}
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
