"""The states of an effect and the moves between them. Pure."""

from __future__ import annotations

WAITING = "waiting"
LEASED = "leased"
DONE = "done"
DEAD = "dead"

MOVES: dict[str, frozenset[str]] = {
    WAITING: frozenset({LEASED}),
    # A lease that ran out may be taken by somebody else, with a higher fence.
    LEASED: frozenset({LEASED, WAITING, DONE, DEAD}),
    DEAD: frozenset({WAITING}),
    # Only what is done again and again under one key is ever asked for anew.
    DONE: frozenset({WAITING}),
}

OUTSTANDING = (WAITING, LEASED)
"""The states in which there is still something to do."""


def sources(target: str) -> tuple[str, ...]:
    """The states from which an effect may move to `target`."""
    return tuple(state for state, targets in MOVES.items() if target in targets)
