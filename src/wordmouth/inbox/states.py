"""The states of a delivery and the moves between them."""

RECEIVED = "received"
SETTLED = "settled"
REFUSED = "refused"
DEAD = "dead"

MOVES: dict[str, frozenset[str]] = {
    RECEIVED: frozenset({SETTLED, REFUSED, DEAD}),
    SETTLED: frozenset(),
    REFUSED: frozenset({RECEIVED}),
    DEAD: frozenset({RECEIVED}),
}
"""`received` waits to be settled. `settled`: its facts are recorded. `refused`: it can never be
(its content is not valid). `dead`: it could not be, eight times. The last two may be repeated
by hand once the cause is mended."""


def may_move(before: str, after: str) -> bool:
    """Whether a delivery may go from one state to the other."""
    return after in MOVES[before]
