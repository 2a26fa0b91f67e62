"""The states of a coupon and the moves between them. Pure."""

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
    REVOKED: frozenset(),
}

WANTED = (REQUESTED, FAILED)
"""The coupon is owed and not known to be in the shop."""

UNWANTED = (REVOKING, REVOKED)
"""The reward was taken back: no coupon may be left usable."""


def sources(target: str) -> tuple[str, ...]:
    """The states from which a coupon may move to `target`."""
    return tuple(state for state, targets in MOVES.items() if target in targets)
