"""Verbs on rewards: compare what is owed with what was granted, and post the difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wordmouth.kit import clock
from wordmouth.orders.events import OrderChanged
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.events import ReferralChanged
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards import paying
from wordmouth.rewards.gathering import (
    claim_grants,
    claims_earning_later,
    redemption_grants,
    referral_grants,
)
from wordmouth.rewards.granting import reconcile
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.stores.rows import read_records
from wordmouth.visits import queries as visits
from wordmouth.visits.events import ClaimMade


def on_referrals_changed(happened: Sequence[ReferralChanged]) -> None:
    """Bring the rewards of both sides in line with these referrals."""
    store_id = happened[0].store_id
    changed = {event.referral.id: event.referral for event in happened}
    former = {event.before.advocate_id for event in happened if event.before}
    told = list(changed.values())
    grants = referral_grants(store_id, told, former)
    before = [event.before for event in happened if event.before]
    later = claims_earning_later([*told, *before])
    reconcile(store_id, [*grants, *claim_grants(store_id, later)])


def on_claims_made(happened: Sequence[ClaimMade]) -> None:
    """A claim entitles the friend: to a discount at once, to other things once they have bought."""
    store_id = happened[0].store_id
    reconcile(store_id, claim_grants(store_id, [event.claim for event in happened]))


def on_orders_changed(happened: Sequence[OrderChanged]) -> None:
    """Codes that orders name, or no longer name, were used or not."""
    codes = {code for event in happened for code in event.order.codes}
    codes |= {code for event in happened if event.before for code in event.before.codes}
    if codes:
        reconcile_rows(happened[0].store_id, read_records(Reward, code__in=codes))


def reconcile_referrals(store_id: str, changed: Sequence[ReferralFacts]) -> None:
    """Reconcile the advocates' rewards for these referrals, and all that depend on them."""
    reconcile(store_id, referral_grants(store_id, changed))


def reconcile_rows(store_id: str, rows: Iterable[Reward]) -> None:
    """Reconcile these rewards: their use or their time may have changed."""
    rows = list(rows)
    bought = {row.redemption_id for row in rows if row.redemption_id}
    earned = [row for row in rows if row.party == "advocate" and not row.redemption_id]
    of_claims = {row.claim_id for row in rows if row.party == "friend" and row.claim_id}
    known = referrals.referrals({row.referral_id for row in earned if row.referral_id})
    grants = referral_grants(store_id, list(known.values()), {row.advocate_id for row in earned})
    grants += claim_grants(store_id, list(visits.claims(of_claims).values()))
    if bought:
        redemptions = read_records(Redemption, id__in=bought)
        paying.follow_use(store_id, redemptions)
        grants += redemption_grants(redemptions)
    reconcile(store_id, grants)


def note_spent(store_id: str, reward_ids: Iterable[str]) -> None:
    """The shop or the issuer told that these were used, though no order named their code.

    Inside a store write; telling it again changes nothing.
    """
    told = Reward.objects.filter(id__in=set(reward_ids), spent_told_at=None)
    ids = list(told.values_list("id", flat=True))
    if ids:
        told.update(spent_told_at=clock.now())
        reconcile_rows(store_id, Reward.objects.filter(id__in=ids))
