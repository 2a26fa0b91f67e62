"""What a batch of rewards is about: each key as the facts want it beside how it stands."""

from __future__ import annotations

import msgspec

from wordmouth.kit import clock
from wordmouth.kit.ids import derived_code, new_id
from wordmouth.programs.document import AFTER_ORDER_KINDS
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.facts import RedemptionFacts, RewardFacts
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.rewards.paying import CANCELLED
from wordmouth.rewards.rules import Wanted
from wordmouth.stores.records import new_record
from wordmouth.stores.vault import derived_key
from wordmouth.visits.facts import ClaimFacts

_OF_ONE_ROUND = frozenset(
    "id round state posted turn why code granted_at due_at redeemed_at withdrawn_at expires_at "
    "offset expired forgiven spent_told_at".split()
)


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the cause of a friend's reward, with the referral that it became."""

    claim: ClaimFacts
    referral: ReferralFacts | None = None


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption as the cause of what was bought with it."""

    redemption_id: str
    advocate_id: str
    person_id: str
    version_id: str


Cause = ReferralFacts | Claimed | Bought


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A reward's key as the facts want it and as it stands; either may be missing. `round` is that
    of a reward yet to be made. `forgives`: whether the programme lets go of what was used and is
    owed no more; `owed`: whether anything is owed for the key, in this round or another. `why` a
    reward is taken back, where the facts alone do not tell."""

    wanted: Wanted | None
    row: Reward | None
    cause: Cause
    program_id: str
    forgives: bool = False
    owed: bool = False
    why: str = ""
    round: int = 1

    @property
    def lets_go(self) -> bool:
        """Whether a thing that was used and taken back stays what it was. Not while another is
        owed in its place: then it pays for that one."""
        return self.forgives and not self.owed


def facts_of(row: Reward) -> RewardFacts:
    """A row as facts."""
    held = vars(row)
    return RewardFacts(**{name: held[name] for name in RewardFacts.__struct_fields__})


def redemption_facts(row: Redemption) -> RedemptionFacts:
    """A row as facts."""
    told = {name: getattr(row, name) for name in RedemptionFacts.__struct_fields__}
    if row.state != CANCELLED:
        told["cancelled_at"] = None
    return RedemptionFacts(**told)


def new_row(store_id: str, grant: Grant, owner: str) -> Reward:
    """A reward that was not there before, in no state yet. `owner` is the person behind the
    advocate of a referral."""
    wanted, cause = grant.wanted, grant.cause
    assert wanted is not None, "only what is wanted is granted"
    row = new_record(
        Reward,
        id=new_id("rwd"),
        store_id=store_id,
        key=wanted.key,
        round=grant.round,
        party=wanted.party,
        kind=wanted.kind,
        value=wanted.value,
        unit=wanted.unit,
        cost=wanted.cost,
        details=wanted.details,
        program_id=grant.program_id,
        version_id=wanted.version_id,
        min_order=wanted.min_order,
        expires_days=wanted.expires_days,
        state="",
        granted_at=clock.now(),
        posted={},
    )
    row.code = derived_code("WM", row.id, derived_key("coupons"))
    if isinstance(cause, Claimed):
        _of_claim(row, cause.claim)
    elif isinstance(cause, Bought):
        row.advocate_id, row.person_id = cause.advocate_id, cause.person_id
        row.redemption_id, row.holder = cause.redemption_id, cause.advocate_id
    else:
        row.advocate_id, row.person_id = cause.advocate_id, owner
        row.referral_id, row.claim_id = cause.id, cause.claim_id
        row.holder = cause.advocate_id
    return row


def _of_claim(row: Reward, claim: ClaimFacts) -> None:
    row.advocate_id, row.person_id, row.holder = claim.advocate_id, claim.person_id, claim.person_id
    row.claim_id = claim.id
    if row.kind not in AFTER_ORDER_KINDS:
        # The order that names the claim's code uses this reward; what comes later it only earns.
        row.code, row.expires_at = claim.coupon_code, claim.expires_at


def next_round(row: Reward, rounds: int) -> Reward:
    """The same promise as a reward of its own, with a code of its own, after so many rounds."""
    copied = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in _OF_ONE_ROUND
    }
    one_round = {"id": new_id("rwd"), "round": rounds + 1, "state": "", "posted": {}}
    again = new_record(Reward, **copied, **one_round)
    again.granted_at = clock.now()
    again.code = derived_code("WM", again.id, derived_key("coupons"))
    return again
