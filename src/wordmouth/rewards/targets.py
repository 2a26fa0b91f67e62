"""Where a reward must be, by the facts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wordmouth.programs.document import AFTER_ORDER_KINDS, WALLET_KINDS
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.grants import Claimed, Grant
from wordmouth.rewards.models import Reward
from wordmouth.rewards.rules import OWED, Usage, Wanted, amount_of, revives, state_of
from wordmouth.rewards.schedules import key_of


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reward must be: its state, whether it was spent, why it is taken back, its value."""

    state: str
    spent: bool
    why: str
    usage: Usage
    value: int


def follows(row: Reward, wanted: Wanted, usage: Usage) -> bool:
    """Whether what is wanted (again) is this very reward. A thing that was given out is not made
    worth something else, nor put back to waiting: it is taken back, and another one given."""
    used = usage.state != "unused"
    if row.kind in WALLET_KINDS or row.state == "pending":
        return True
    if row.state == "withdrawn":
        if used and row.party == "advocate":
            # What was spent pays for what is owed once that is due, not while it waits.
            return row.value == wanted.value and wanted.state == "due"
        was_due = row.due_at is not None
        if _was_over(row):
            return True
        return revives(row.party, row.kind, row.state, was_due=was_due, used=used)
    if row.state == "expired" and not used:
        return True
    return row.value == wanted.value and wanted.state == "due"


def target_of(row: Reward, grant: Grant, usage: Usage, now: datetime) -> Target:
    """Where the facts want the reward, and why when they take it back."""
    wanted = grant.wanted
    if row.kind in WALLET_KINDS:
        state, spent = _credit_state(row, wanted, now), False
    else:
        state, spent = state_of(row.party, wanted, usage, row.expires_at, now)
        if state in ("due", "expired") and is_set_off(row):
            state = "redeemed"
        if (row.state == "expired" or _was_over(row)) and state in ("pending", "due"):
            state = "expired"
    why = grant.why
    if state == "withdrawn":
        kept = row.why if row.state == "withdrawn" else ""
        why = kept or why or _why_withdrawn(grant, usage)
    elif state == "expired":
        why = "expired"
    elif state == "redeemed" and is_set_off(row):
        why = "set_off"
    else:
        why = ""
    keeps = state == "withdrawn" or (state == "expired" and row.kind not in WALLET_KINDS)
    value = row.value if keeps or wanted is None else wanted.value
    return Target(state=state, spent=spent, why=why, usage=usage, value=value)


def _was_over(row: Reward) -> bool:
    """Whether the time of a thing that was taken back was over before that: then it is over when
    it is owed again. What had paid a debt with all that it is worth was used up in time."""
    if row.state != "withdrawn" or row.due_at is None or row.kind in WALLET_KINDS:
        return False
    if is_set_off(row):
        return False
    end, taken_back = row.expires_at, row.withdrawn_at
    return end is not None and taken_back is not None and end <= taken_back


def restarts(row: Reward) -> bool:
    """Whether the time of a reward begins anew when it is owed again: a credit's does, and that of
    what a friend gets after the order."""
    return row.kind in WALLET_KINDS or (row.party == "friend" and row.kind in AFTER_ORDER_KINDS)


def is_set_off(row: Reward) -> bool:
    """Whether a debt took the whole of the reward."""
    return row.offset > 0 and row.offset >= amount_of(row.unit, row.value)


def _credit_state(row: Reward, wanted: Wanted | None, now: datetime) -> str:
    """A credit that is over stays over; how much of it was left is seen when it is moved, and seen
    anew when it is worth something else."""
    if wanted is None:
        return "withdrawn"
    if row.state in ("expired", "redeemed"):
        return row.state
    if row.state == "due" and wanted.state == "due" and row.expires_at and row.expires_at <= now:
        return "expired"
    return wanted.state


def _why_withdrawn(grant: Grant, usage: Usage) -> str:
    """Because the referral fell, or is owed to another or otherwise, or beyond the limit."""
    cause, row = grant.cause, grant.row
    if isinstance(cause, Claimed):
        return usage.why or next(iter(cause.referral.reasons if cause.referral else ()), "")
    if not isinstance(cause, ReferralFacts):
        return "redemption_cancelled"
    if cause.status not in OWED:
        return next(iter(cause.reasons), "ruled_out")
    if row is not None and row.key.startswith("count:"):
        return "count_lost"
    moved = row is not None and not row.key.startswith(key_of(cause))
    return "other_terms" if moved else "limit_reached"
