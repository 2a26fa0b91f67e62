"""Arrays are told to PostgreSQL as they are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.stores.arrays import array_text

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS | st.sampled_from(["NULL", "null", "", " ", '"', "\\", "{,}", '\\"', "'%s"]),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "timestamptz": st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)),
    "date": st.dates(date(1, 1, 1)),
    "bytea": st.binary(),
}


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has arrays")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_is_what_is_read(kind: str) -> None:
    @given(st.lists(KINDS[kind] | st.none(), min_size=1))
    def told(values: list[Any]) -> None:
        with connection.cursor() as cursor:
            asked = f"SELECT * FROM unnest(%s::{kind}[])"
            cursor.execute(asked, [array_text(values)])
            read = [row[0] for row in cursor.fetchall()]
        assert [bytes(one) if isinstance(one, memoryview) else one for one in read] == values

    told()


def test_an_array_of_nothing_is_one() -> None:
    assert array_text([]) == "{}"
