"""The states of a reward, the moves between them, and what each state means in the ledger. Pure."""

from __future__ import annotations

MOVES: dict[str | None, frozenset[str]] = {
    None: frozenset({"pending", "due", "redeemed"}),
    "pending": frozenset({"due", "redeemed", "withdrawn"}),
    "due": frozenset({"pending", "redeemed", "withdrawn", "expired"}),
    "redeemed": frozenset({"due", "withdrawn", "expired"}),
    "withdrawn": frozenset({"pending", "due", "redeemed", "expired"}),
    "expired": frozenset({"redeemed", "withdrawn"}),
}
"""From each state to those that news may lead to. A coupon that was due and is withdrawn does not
come back: what is owed again is a new round with a new code (see `rules.revives`). Only a credit
goes from due back to pending: where the count that earned it waits for another referral."""

STEPS = ("promise", "release", "forgive", "set_off", "redeem", "debt", "expire")
"""The postings of a reward, in their order:

* promise: from the programme's expense to what is pending for the holder,
* release: from pending to available,
* set_off: from available to the holder's debt, as much as the reward pays of it,
* redeem: from available to what was redeemed, the rest,
* debt: from the holder's debt to what was redeemed: it was used and is owed no more,
* forgive: from expense to available: what a wallet is short of after a withdrawal, let go,
* expire: from available to what expired: what a wallet held of it and did not use in time.
"""

EARNED = frozenset({"promise", "release", "set_off"})

THING_STEPS: dict[str, frozenset[str]] = {
    "pending": frozenset({"promise"}),
    "due": EARNED,
    "redeemed": EARNED | {"redeem"},
    "withdrawn": frozenset(),
    "expired": frozenset(),
}
"""Of a coupon or another thing: one that expired unused cost nothing."""

CREDIT_STEPS: dict[str, frozenset[str]] = {
    "pending": frozenset({"promise", "forgive"}),
    "due": frozenset({"promise", "release", "forgive"}),
    "redeemed": frozenset({"promise", "release", "forgive"}),
    "withdrawn": frozenset({"forgive"}),
    "expired": frozenset({"promise", "release", "forgive", "expire"}),
}
"""Of what is credited to a wallet: what is used of it is used from the wallet, not from here. What
was let go of it when it was taken back stays so while it waits to be owed again."""


def steps_of(
    state: str, *, credit: bool, spent: bool, forgiving: bool, set_off: bool
) -> frozenset[str]:
    """Which postings stand in a state, where their amount is above zero.

    A thing that was spent before it was withdrawn is a debt of its holder; under a forgiving
    programme it stays what it was, a reward that was used. One that expired after it had paid a
    debt has paid it: the rest is what expired.
    """
    if credit:
        return CREDIT_STEPS[state]
    if state == "expired" and set_off:
        return EARNED | {"expire"}
    if state == "withdrawn" and spent:
        return THING_STEPS["redeemed"] if forgiving else frozenset({"debt"})
    return THING_STEPS[state]
