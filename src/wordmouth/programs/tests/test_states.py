"""How the status of a programme moves."""

from __future__ import annotations

from typing import get_args

import pytest

from wordmouth.programs.document import Status
from wordmouth.programs.errors import ProgramEnded, StatusNotAllowed
from wordmouth.programs.states import ALLOWED, check_move

STATUSES: tuple[Status, ...] = get_args(Status)
MOVES = [(before, after) for before in (None, *STATUSES) for after in STATUSES]


def test_every_status_has_its_row() -> None:
    assert set(ALLOWED) == {None, *STATUSES}


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_move_is_in_the_table_or_refused(before: Status | None, after: Status) -> None:
    if before == after or after in ALLOWED[before]:
        check_move(before, after, new_terms=False)
        return
    with pytest.raises(StatusNotAllowed) as caught:
        check_move(before, after, new_terms=False)
    assert after in caught.value.detail
    assert caught.value.problem()["allowed"] == list(ALLOWED[before])


def test_the_words_of_a_refusal() -> None:
    with pytest.raises(StatusNotAllowed, match="is live and cannot become draft; allowed: paused"):
        check_move("live", "draft", new_terms=False)
    with pytest.raises(StatusNotAllowed, match="has ended and cannot become live"):
        check_move("ended", "live", new_terms=False)
    with pytest.raises(StatusNotAllowed, match="starts as draft or live, not as paused"):
        check_move(None, "paused", new_terms=True)


def test_an_ended_programme_keeps_its_terms() -> None:
    with pytest.raises(ProgramEnded, match="another slug"):
        check_move("ended", "ended", new_terms=True)
    check_move("live", "ended", new_terms=True)
