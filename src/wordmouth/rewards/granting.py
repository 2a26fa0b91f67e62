"""Brings rewards into the state that the facts ask for, each move with its posting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock, events
from wordmouth.kit.ids import derived_code, new_id
from wordmouth.orders import queries as orders
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.events import RewardChanged
from wordmouth.rewards.facts import RewardFacts
from wordmouth.rewards.models import Reward
from wordmouth.rewards.posting import Postings
from wordmouth.rewards.rules import (
    OWED,
    Usage,
    Wanted,
    key_of,
    revives,
    state_of,
    usage_of,
)
from wordmouth.rewards.states import MOVES
from wordmouth.stores.vault import derived_key
from wordmouth.visits.facts import ClaimFacts

MOVED = [
    "state",
    "why",
    "due_at",
    "redeemed_at",
    "withdrawn_at",
    "expires_at",
    "turn",
    "posted",
]


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the cause of a friend's reward."""

    claim: ClaimFacts
    min_order: int | None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A reward's key as the facts want it and as it stands; either may be missing."""

    wanted: Wanted | None
    row: Reward | None
    cause: ReferralFacts | Claimed
    program_id: str


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reward must be."""

    state: str
    spent: bool
    why: str
    usage: Usage


def facts_of(row: Reward) -> RewardFacts:
    """A row as facts."""
    return RewardFacts(**{name: getattr(row, name) for name in RewardFacts.__struct_fields__})


def rows_of_keys(referral_ids: Iterable[str]) -> dict[str, list[Reward]]:
    """All rounds of every advocate's reward for these referrals, by key, oldest first."""
    rows = Reward.objects.filter(referral_id__in=set(referral_ids), party="advocate")
    found: dict[str, list[Reward]] = defaultdict(list)
    for row in rows.order_by("round"):
        found[row.key].append(row)
    return found


def reconcile(store_id: str, grants: Sequence[Grant]) -> None:
    """Move every reward to where the facts want it; running it again changes nothing."""
    if not grants:
        return
    codes = [grant.row.code for grant in grants if grant.row is not None]
    named = orders.orders_with_codes(codes) if codes else {}
    owners = _owners(grants)
    postings = Postings(store_id)
    written: list[Reward] = []
    for grant in grants:
        used = usage_of(named.get(grant.row.code, [])) if grant.row else usage_of([])
        row, before, target = _move(store_id, grant, used, owners)
        if row is None or (row.state == before and is_spent(row) == target.spent):
            continue
        postings.settle(row, grant.program_id, spent=target.spent)
        written.append(row)
        if row.state != before:
            events.emit(RewardChanged(store_id=store_id, reward=facts_of(row), before=before))
    Reward.objects.bulk_create(
        written,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["store", "key", "round"],
        update_fields=MOVED,
    )
    postings.write()


def is_spent(row: Reward) -> bool:
    """Whether the ledger says that the reward's code was used."""
    return "redeem" in row.posted


def _owners(grants: Sequence[Grant]) -> dict[str, str]:
    """The person behind each advocate who may be granted something new."""
    ids = {grant.cause.advocate_id for grant in grants if isinstance(grant.cause, ReferralFacts)}
    return {key: facts.person_id for key, facts in advocates.advocates(ids).items()}


def _move(
    store_id: str, grant: Grant, used: Usage, owners: dict[str, str]
) -> tuple[Reward | None, str | None, Target]:
    """The row in its new state, its state before, and the target."""
    now = clock.now()
    row = grant.row
    if row is None or (grant.wanted is not None and not is_revived(row, used)):
        if grant.wanted is None:
            return None, None, Target(state="", spent=False, why="", usage=used)
        used = usage_of([])
        row = _new_row(store_id, grant.wanted, grant.cause, owners, 1 + (row.round if row else 0))
    before = row.state or None
    expires_at = row.expires_at
    target = target_of(row.party, grant, used, expires_at, now)
    stays_expired = before == "expired" and target.state not in MOVES["expired"]
    if target.state != before and not stays_expired:
        _enter(row, target, now)
    elif is_spent(row) != target.spent:
        row.turn += 1
        row.redeemed_at = used.at if target.spent else None
    return row, before, target


def is_revived(row: Reward, used: Usage) -> bool:
    """Whether a reward that is owed (again) is this very row."""
    return revives(
        row.party, row.state, was_due=row.due_at is not None, used=used.state != "unused"
    )


def target_of(
    party: str, grant: Grant, used: Usage, expires_at: datetime | None, now: datetime
) -> Target:
    """Where the facts want the reward, and why when they take it back."""
    state, spent = state_of(party, grant.wanted, used, expires_at, now)
    why = ""
    if state == "withdrawn" and isinstance(grant.cause, ReferralFacts):
        why = _why_withdrawn(grant.cause, grant.row)
    elif state == "withdrawn":
        why = used.why
    elif state == "expired":
        why = "expired"
    return Target(state=state, spent=spent, why=why, usage=used)


def _why_withdrawn(referral: ReferralFacts, row: Reward | None) -> str:
    """Because the referral fell, or is owed to another or otherwise, or beyond the limit."""
    if referral.status not in OWED:
        return next(iter(referral.reasons), "ruled_out")
    moved = row is not None and not row.key.startswith(key_of(referral))
    return "other_terms" if moved else "limit_reached"


def _enter(row: Reward, target: Target, now: datetime) -> None:
    before = row.state or None
    assert target.state in MOVES[before], f"no move from {before} to {target.state}"
    row.state = target.state
    row.why = target.why
    row.turn += 1
    row.withdrawn_at = now if target.state == "withdrawn" else None
    row.redeemed_at = target.usage.at if target.spent else None
    if target.state in ("due", "redeemed") and row.due_at is None:
        row.due_at = now
        if row.expires_at is None and row.expires_days:
            row.expires_at = now + timedelta(days=row.expires_days)


def _new_row(
    store_id: str,
    wanted: Wanted,
    cause: ReferralFacts | Claimed,
    owners: dict[str, str],
    round_number: int,
) -> Reward:
    reward_id = new_id("rwd")
    row = Reward(
        id=reward_id,
        store_id=store_id,
        key=wanted.key,
        round=round_number,
        party=wanted.party,
        kind=wanted.kind,
        value=wanted.value,
        unit=wanted.unit,
        min_order=wanted.min_order,
        expires_days=wanted.expires_days,
        state="",
        granted_at=clock.now(),
        posted={},
    )
    if isinstance(cause, Claimed):
        claim = cause.claim
        row.advocate_id, row.person_id = claim.advocate_id, claim.person_id
        row.claim_id, row.version_id = claim.id, claim.version_id
        row.code, row.expires_at = claim.coupon_code, claim.expires_at
        row.min_order = cause.min_order
    else:
        row.advocate_id, row.person_id = cause.advocate_id, owners[cause.advocate_id]
        row.referral_id, row.claim_id = cause.id, cause.claim_id
        row.version_id = cause.version_id
        row.code = derived_code("WM", reward_id, derived_key("coupons"))
    return row
