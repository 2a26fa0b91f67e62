"""Assignment by hash."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.experiments.rules import assign

ARMS = [("control", 1), ("more", 3), ("off", 0)]


@given(st.text(), st.text())
def test_a_unit_gets_one_of_the_arms_with_weight_and_always_the_same(unit: str, salt: str) -> None:
    arm = assign(unit, salt, ARMS)
    assert arm in ("control", "more")
    assert assign(unit, salt, ARMS) == arm


def test_each_arm_gets_the_share_of_its_weight() -> None:
    counts = Counter(assign(f"adv_{number}", "prg_1", ARMS) for number in range(20_000))
    # 20,000 draws: four standard deviations are 245.
    assert abs(counts["control"] - 5_000) < 245


def test_two_experiments_do_not_put_the_same_people_together() -> None:
    even = [("a", 1), ("b", 1)]
    units = [f"adv_{number}" for number in range(4_000)]
    same = sum(assign(unit, "one", even) == assign(unit, "two", even) for unit in units)
    assert abs(same - 2_000) < 127


def test_without_any_weight_there_is_no_arm() -> None:
    with pytest.raises(ValueError, match="above zero"):
        assign("adv_1", "prg_1", [("a", 0)])
