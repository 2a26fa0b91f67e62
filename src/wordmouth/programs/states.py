"""The status of a programme and the moves that it allows, as one table."""

from __future__ import annotations

from collections.abc import Mapping

from wordmouth.programs.document import Status
from wordmouth.programs.errors import ProgramEnded, StatusNotAllowed
from wordmouth.programs.facts import BudgetLevel

WARNED_FROM = 80
"""Percent of the budget from which on the store is warned."""

ALLOWED: Mapping[Status | None, tuple[Status, ...]] = {
    None: ("draft", "live"),
    "draft": ("live", "ended"),
    "live": ("paused", "ended"),
    "paused": ("live", "ended"),
    "ended": (),
}
"""From each status to those that may follow; None: the programme does not exist yet.

Nothing goes back to draft: people have seen the offer. An ended programme stays ended, so that
its referrals keep an end that was told to the people in it; paused is the one to come back from.
"""


def check_move(before: Status | None, after: Status, *, new_terms: bool) -> None:
    """Whether a programme may go from `before` to `after`; staying is always allowed.

    Raises StatusNotAllowed, or ProgramEnded where the terms of an ended programme would change.
    """
    if before != after and after not in ALLOWED[before]:
        raise StatusNotAllowed(_refusal(before, after), allowed=list(ALLOWED[before]))
    if before == "ended" and new_terms:
        raise ProgramEnded(
            "The programme has ended, so its terms stay as they are; "
            "make a new programme with another slug."
        )


def budget_level(used: int, amount: int) -> BudgetLevel:
    """How much of a budget of `amount` minor units is used; with 0 there is none to use up."""
    if amount <= 0 or used * 100 < amount * WARNED_FROM:
        return ""
    return "full" if used >= amount else "warned"


def _refusal(before: Status | None, after: Status) -> str:
    allowed = " or ".join(ALLOWED[before])
    if before is None:
        return f"A new programme starts as {allowed}, not as {after}."
    if not allowed:
        return f"The programme has ended and cannot become {after}; make one with another slug."
    return f"The programme is {before} and cannot become {after}; allowed: {allowed}."
