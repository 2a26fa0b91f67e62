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


def test_every_state_has_its_moves_and_its_postings() -> None:
    assert set(MOVES) == {None, *STATES}
    for state, spent in product(STATES, [False, True]):
        assert steps_of(state, spent=spent) <= set(STEPS)


@pytest.mark.parametrize("state", STATES)
def test_postings_stand_in_their_order(state: str) -> None:
    standing = steps_of(state, spent=False)
    assert standing == set(STEPS[: len(standing)])


def test_a_spent_reward_that_is_withdrawn_leaves_a_debt() -> None:
    assert steps_of("withdrawn", spent=True) == {"redeem"}


@given(st.sampled_from(["advocate", "friend"]), st.sampled_from(["unused", "used", "void"]))
def test_nothing_is_owed_where_nothing_is_wanted(party: str, used: str) -> None:
    usage = Usage(state=used, why="", at=None)
    state, _ = state_of(party, None, usage, None, NOW)
    assert state == "withdrawn"
