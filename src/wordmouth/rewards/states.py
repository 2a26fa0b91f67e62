"""The states of a reward, the moves between them, and what each state means in the ledger. Pure."""

from __future__ import annotations

MOVES: dict[str | None, frozenset[str]] = {
    None: frozenset({"pending", "due", "redeemed"}),
    "pending": frozenset({"due", "redeemed", "withdrawn"}),
    "due": frozenset({"redeemed", "withdrawn", "expired"}),
    "redeemed": frozenset({"due", "withdrawn", "expired"}),
    "withdrawn": frozenset({"pending", "due", "redeemed", "expired"}),
    "expired": frozenset({"redeemed", "withdrawn"}),
}
"""From each state to those that news may lead to. A reward that was due and is withdrawn does not
come back: what is owed again is a new round with a new code (see `rules.revives`)."""

STEPS = ("promise", "release", "redeem")
"""The postings of a reward, in their order. Each moves the whole value:

* promise: from the programme's expense to what is pending for the holder,
* release: from pending to available,
* redeem: from available to what was redeemed.
"""

STANDING_STEPS: dict[str, frozenset[str]] = {
    "pending": frozenset({"promise"}),
    "due": frozenset({"promise", "release"}),
    "redeemed": frozenset({"promise", "release", "redeem"}),
    "withdrawn": frozenset(),
    "expired": frozenset(),
}


def steps_of(state: str, *, spent: bool) -> frozenset[str]:
    """Which postings stand in a state. A reward that was spent before it was withdrawn keeps its
    redemption: what is available then goes below zero, which is a debt."""
    if state == "withdrawn" and spent:
        return frozenset({"redeem"})
    return STANDING_STEPS[state]
