"""Random referrals of one advocate, as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tests.rewards.picking import Pick, chance, one_of
from wordmouth.programs.document import ProgramDocument
from wordmouth.referrals.facts import ReferralFacts

STATUSES = ("approved", "approved", "pending", "flagged", "rejected", "voided", "blocked")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BASES = (5000, 3333, 1, 101, 0, 20000)


def referrals(
    pick: Pick, versions: Mapping[str, ProgramDocument], at_most: int
) -> list[ReferralFacts]:
    """Some referrals; times often fall together, and sums are often odd."""
    return [referral(pick, number, versions) for number in range(pick.number(0, at_most))]


def referral(pick: Pick, number: int, versions: Mapping[str, ProgramDocument]) -> ReferralFacts:
    """The referral of that number: its names tell nothing of its time."""
    version = one_of(pick, list(versions))
    offers = [offer.key for offer in versions[version].offers]
    ordered = START + one_of(pick, (1, 11, 13, 24 * 8, 24 * 31)) * HOUR * one_of(pick, (1, 2, 3))
    status = one_of(pick, STATUSES)
    released = status == "approved" or chance(pick, 20)
    basis = one_of(pick, BASES)
    return ReferralFacts(
        id=f"ref_{number * 7 % 10}{number}",
        advocate_id="adv_1",
        friend_id=f"per_{number}",
        order_id=f"ord_{number * 3 % 10}{number}",
        order_key=f"{number * 9 % 10}{number}",
        version_id=version,
        offer="gone" if chance(pick, 3) else one_of(pick, offers),
        claim_id=None,
        via="code",
        status=status,
        reasons=(),
        basis=basis,
        amount=one_of(pick, (basis, basis, pick.number(0, basis), 0)),
        ordered_at=ordered,
        hold_until=None,
        released_at=ordered + one_of(pick, (400, 0, 200)) * HOUR if released else None,
        created_at=ordered,
        decided_at=ordered,
    )


def only(found: Sequence[ReferralFacts], *statuses: str) -> list[ReferralFacts]:
    """Those of these statuses."""
    return [one for one in found if one.status in statuses]
