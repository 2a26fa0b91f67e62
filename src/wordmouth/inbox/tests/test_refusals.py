"""What the door refused last is known for each shop, and for so many shops at most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from wordmouth.inbox import refusals

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    refusals.forget()
    yield
    refusals.forget()


def test_the_last_of_each_shop_is_known() -> None:
    refusals.note("str_1", "generic", NOW, "first")
    refusals.note("str_1", "generic", NOW + timedelta(minutes=1), "second")
    refusals.note("str_1", "oscar", NOW, "other")
    found = refusals.last("str_1", "generic")
    assert found is not None
    assert (found.adapter, found.at, found.why) == ("generic", NOW + timedelta(minutes=1), "second")
    assert refusals.last("str_2", "generic") is None


def test_those_that_were_silent_longest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_KEPT", 2)
    for store in ("str_1", "str_2", "str_1", "str_3"):
        refusals.note(store, "generic", NOW, "wrong")
    known = [store for store in ("str_1", "str_2", "str_3") if refusals.last(store, "generic")]
    assert known == ["str_1", "str_3"]
