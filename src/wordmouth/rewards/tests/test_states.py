"""A reward's moves and their postings."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.rewards.models import STATES
from wordmouth.rewards.rules import Usage, state_of
from wordmouth.rewards.states import MOVES, STEPS, steps_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)


FLAGS = [False, True]
ALL_WAYS = list(product(STATES, FLAGS, FLAGS, FLAGS, FLAGS))


def test_every_state_has_its_moves_and_its_postings() -> None:
    assert set(MOVES) == {None, *STATES}
    for state, credit, spent, forgiving, set_off in ALL_WAYS:
        steps = steps_of(state, credit=credit, spent=spent, forgiving=forgiving, set_off=set_off)
        assert steps <= set(STEPS)


@pytest.mark.parametrize(("state", "credit", "spent", "forgiving", "set_off"), ALL_WAYS)
def test_nothing_is_used_that_was_not_released_nor_released_that_was_not_promised(
    state: str, credit: bool, spent: bool, forgiving: bool, set_off: bool
) -> None:
    steps = steps_of(state, credit=credit, spent=spent, forgiving=forgiving, set_off=set_off)
    for later in ("redeem", "set_off", "expire"):
        assert later not in steps or "release" in steps
    assert "release" not in steps or "promise" in steps
    assert not {"redeem", "debt"} <= steps


def test_a_spent_reward_that_is_withdrawn_leaves_a_debt_or_is_let_go() -> None:
    def steps(*, forgiving: bool) -> frozenset[str]:
        return steps_of("withdrawn", credit=False, spent=True, forgiving=forgiving, set_off=False)

    assert steps(forgiving=False) == {"debt"}
    assert steps(forgiving=True) == {"promise", "release", "set_off", "redeem"}


@given(st.sampled_from(["advocate", "friend"]), st.sampled_from(["unused", "used", "void"]))
def test_nothing_is_owed_where_nothing_is_wanted(party: str, used: str) -> None:
    usage = Usage(state=used, why="", at=None)
    state, _ = state_of(party, None, usage, None, NOW)
    assert state == "withdrawn"
