"""The states of what carries a reward, and the moves between them. Pure."""

from __future__ import annotations

REQUESTED = "requested"
ISSUED = "issued"
REVOKING = "revoking"
REVOKED = "revoked"
FAILED = "failed"

MOVES: dict[str, frozenset[str]] = {
    REQUESTED: frozenset({ISSUED, FAILED, REVOKING}),
    # Given up, then revived by a person; or the reward was withdrawn meanwhile.
    FAILED: frozenset({ISSUED, FAILED, REVOKING}),
    ISSUED: frozenset({REVOKING}),
    REVOKING: frozenset({REVOKED}),
    # Taken back and owed after all: asked for anew, as another thing under a key of its own.
    REVOKED: frozenset({REQUESTED}),
}

WANTED = (REQUESTED, FAILED)
"""It is owed and not known to be there."""

UNWANTED = (REVOKING, REVOKED)
"""The reward was taken back: nothing may be left usable."""


def sources(target: str) -> tuple[str, ...]:
    """The states from which one may move to `target`."""
    return tuple(state for state, targets in MOVES.items() if target in targets)
