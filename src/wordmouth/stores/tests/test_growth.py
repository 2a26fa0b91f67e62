"""PostgreSQL knows how large tables are when they have grown, and not only a minute later."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wordmouth.stores.growth import LAST_COUNT, Growth

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def counts(growth: Growth, *taken: int) -> int:
    """How often the database counted while so many were taken."""
    with CaptureQueriesContext(connection) as asked:
        for number in taken:
            growth.note(number)
    told = [query["sql"] for query in asked.captured_queries]
    assert all(text.startswith("ANALYZE") and '"orders_order"' in text for text in told)
    return len(told)


def test_it_counts_each_time_the_orders_have_doubled() -> None:
    here = int(connection.vendor == "postgresql")
    growth = Growth()
    assert counts(growth, 0, 499) == 0
    assert counts(growth, 1) == here
    assert counts(growth, 499) == 0
    assert counts(growth, 1, 10) == here
    assert counts(growth, 7_000) == here, "once, however many there are"
    assert counts(growth, 400) == 0
    assert counts(growth, LAST_COUNT) == here
    assert counts(growth, *[LAST_COUNT] * 5) == 0
