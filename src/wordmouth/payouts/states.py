"""The states of payouts and batches, the moves between them, what each state means in the ledger,
and what an answer of the rail makes of a payout. Pure."""

from __future__ import annotations

REQUESTED = "requested"
APPROVED = "approved"
SENT = "sent"
SETTLED = "settled"
RETURNED = "returned"
REFUSED = "refused"
CANCELLED = "cancelled"
UNKNOWN = "unknown"

MOVES: dict[str | None, frozenset[str]] = {
    None: frozenset({REQUESTED}),
    REQUESTED: frozenset({APPROVED, CANCELLED}),
    APPROVED: frozenset({SENT, CANCELLED}),
    SENT: frozenset({SETTLED, RETURNED, REFUSED}),
    # Banks send money back days after they booked it. `refused` only by a person's ruling.
    SETTLED: frozenset({RETURNED, REFUSED}),
    # It had left after all: contradicted, and visible as a debt.
    RETURNED: frozenset({SETTLED}),
    REFUSED: frozenset({SETTLED}),
    CANCELLED: frozenset(),
}
"""From each state of a payout to those that news may lead to."""

UNDER_WAY = (REQUESTED, APPROVED, SENT)
"""The money is reserved and nobody knows yet how it ends."""

STEPS = ("request", "settle")
"""The postings of a payout, in their order. Each moves its whole amount:

* request: from the advocate's cash to what is in transit for this payout,
* settle: from there to the bank.
"""

STANDING: dict[str, tuple[str, ...]] = {
    REQUESTED: ("request",),
    APPROVED: ("request",),
    SENT: ("request",),
    SETTLED: ("request", "settle"),
    RETURNED: (),
    REFUSED: (),
    CANCELLED: (),
}
"""Which postings stand in a state; the others are mirrored."""

ANSWERS = (REQUESTED, SETTLED, RETURNED, REFUSED, UNKNOWN)
"""What a rail may say of a transfer. `requested`: it is under way there."""

FINAL_ANSWERS = (SETTLED, RETURNED, REFUSED)
"""Answers that decide; each counts when it is told first, and never again."""

BELIEVED: dict[tuple[str, str], tuple[str, bool]] = {
    (SENT, SETTLED): (SETTLED, False),
    (SENT, RETURNED): (RETURNED, False),
    (SENT, REFUSED): (REFUSED, False),
    (SETTLED, SETTLED): (SETTLED, False),
    (SETTLED, RETURNED): (RETURNED, False),
    (SETTLED, REFUSED): (SETTLED, True),
    (RETURNED, SETTLED): (SETTLED, True),
    (RETURNED, RETURNED): (RETURNED, False),
    (RETURNED, REFUSED): (RETURNED, False),
    (REFUSED, SETTLED): (SETTLED, True),
    (REFUSED, RETURNED): (REFUSED, False),
    (REFUSED, REFUSED): (REFUSED, False),
}
"""(state, answer told for the first time) -> the state then, and whether the answers contradict
each other. Where they do, the money counts as gone: nothing is paid again on a doubt."""

BATCH_MOVES: dict[str | None, frozenset[str]] = {
    None: frozenset({"draft", "waiting"}),
    "draft": frozenset({"approved", "cancelled"}),
    # Two users must stand behind it.
    "waiting": frozenset({"approved", "cancelled"}),
    "approved": frozenset({"sent", "cancelled"}),
    "sent": frozenset({"done"}),
    # An answer that comes too late may open a payout, never the batch.
    "done": frozenset(),
    "cancelled": frozenset(),
}
"""From each state of a batch to those that may follow."""

FILE_RAILS = ("sepa", "csv")
"""Rails by which a person carries a file to the bank; the others are payment services."""

METHODS_OF: dict[str, frozenset[str]] = {
    "sepa": frozenset({"iban"}),
    "csv": frozenset({"iban", "paypal", "stripe"}),
    "paypal": frozenset({"paypal"}),
    "stripe": frozenset({"stripe"}),
}
"""Which payees each rail can pay. The table lists any: a person may pay them by hand."""


def sources(target: str) -> tuple[str, ...]:
    """The states from which a batch may move to `target`."""
    return tuple(state for state, targets in BATCH_MOVES.items() if state and target in targets)


def gives_back(state: str, answer: str) -> bool:
    """Whether an answer, told for the first time, makes money the advocate's again."""
    after, _contradicts = BELIEVED[state, answer]
    return bool(STANDING[state]) and not STANDING[after]
