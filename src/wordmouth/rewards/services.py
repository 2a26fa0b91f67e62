"""Verbs on rewards: compare what is owed with what was granted, and post the difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wordmouth.orders.events import OrderChanged
from wordmouth.programs import queries as programs
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.events import ReferralChanged
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.granting import Claimed, Grant, reconcile, rows_of_keys
from wordmouth.rewards.models import Reward
from wordmouth.rewards.rules import Wanted, promise, wanted_of, within_limit
from wordmouth.stores import queries as stores
from wordmouth.visits import queries as visits
from wordmouth.visits.events import ClaimMade
from wordmouth.visits.facts import ClaimFacts


def on_referrals_changed(happened: Sequence[ReferralChanged]) -> None:
    """Bring advocates' rewards in line with their referrals."""
    store_id = happened[0].store_id
    changed = {event.referral.id: event.referral for event in happened}
    reconcile_referrals(store_id, list(changed.values()))


def on_claims_made(happened: Sequence[ClaimMade]) -> None:
    """A claim entitles the friend to their discount at once."""
    store_id = happened[0].store_id
    reconcile(store_id, claim_grants(store_id, [event.claim for event in happened]))


def on_orders_changed(happened: Sequence[OrderChanged]) -> None:
    """Codes that orders name, or no longer name, were used or not."""
    codes = {code for event in happened for code in event.order.codes}
    codes |= {code for event in happened if event.before for code in event.before.codes}
    if codes:
        reconcile_rows(happened[0].store_id, Reward.objects.filter(code__in=codes))


def reconcile_referrals(store_id: str, changed: Sequence[ReferralFacts]) -> None:
    """Reconcile the advocates' rewards for these referrals; where a programme caps an advocate,
    for all of that advocate's."""
    reconcile(store_id, referral_grants(store_id, changed))


def reconcile_rows(store_id: str, rows: Iterable[Reward]) -> None:
    """Reconcile these rewards: their use or their time may have changed."""
    rows = list(rows)
    of_referrals = {row.referral_id for row in rows if row.referral_id}
    of_claims = {row.claim_id for row in rows if row.claim_id and not row.referral_id}
    known = referrals.referrals(of_referrals)
    claims = visits.claims(of_claims)
    grants = referral_grants(store_id, list(known.values()))
    reconcile(store_id, [*grants, *claim_grants(store_id, list(claims.values()))])


def referral_grants(store_id: str, changed: Sequence[ReferralFacts]) -> list[Grant]:
    """What the advocates of these referrals are owed, beside what they were granted."""
    versions = programs.versions(referral.version_id for referral in changed)
    capped = {
        referral.advocate_id
        for referral in changed
        if versions[referral.version_id].document.limits.per_advocate
    }
    looked_at = {referral.id: referral for referral in changed}
    looked_at |= {referral.id: referral for referral in referrals.of_advocates(capped)}
    versions = programs.versions(referral.version_id for referral in looked_at.values())
    documents = {key: facts.document for key, facts in versions.items()}
    allowed = set(looked_at)
    for advocate in capped:
        mine = [r for r in looked_at.values() if r.advocate_id == advocate]
        allowed -= {r.id for r in mine} - within_limit(mine, documents)
    store_currency = stores.store(store_id).currency
    wanted: dict[str, Wanted] = {}
    for referral in looked_at.values():
        document = documents[referral.version_id]
        if referral.id in allowed:
            owed = wanted_of(referral, document, document.currency or store_currency)
            wanted |= {item.key: item for item in owed}
    return _beside_rows(wanted, looked_at)


def _beside_rows(wanted: dict[str, Wanted], causes: dict[str, ReferralFacts]) -> list[Grant]:
    """Each key with its newest round; earlier rounds are wanted no more."""
    rows = rows_of_keys(causes)
    used = {row.version_id for rounds in rows.values() for row in rounds}
    versions = programs.versions(used | {referral.version_id for referral in causes.values()})
    grants = []
    for key in sorted({*wanted, *rows}):
        cause = causes[key.split(":")[1]]
        rounds: list[Reward | None] = [*rows.get(key, ())]
        *earlier, newest = rounds or [None]
        for row, owed in [*((row, None) for row in earlier), (newest, wanted.get(key))]:
            version = versions[row.version_id if row else cause.version_id]
            grants.append(Grant(wanted=owed, row=row, cause=cause, program_id=version.program_id))
    return grants


def claim_grants(store_id: str, claims: Sequence[ClaimFacts]) -> list[Grant]:
    """What the friends who made these claims are owed: their discount."""
    versions = programs.versions(claim.version_id for claim in claims)
    store_currency = stores.store(store_id).currency
    rows = {
        row.claim_id: row
        for row in Reward.objects.filter(
            claim_id__in=[claim.id for claim in claims], party="friend"
        )
    }
    grants = []
    for claim in claims:
        version = versions[claim.version_id]
        document = version.document
        offer = document.offer(claim.offer)
        if offer is None or offer.friend is None:
            continue
        currency = document.currency or store_currency
        wanted = promise(offer.friend, f"friend:{claim.id}", "friend", "due", currency)
        cause = Claimed(claim=claim, min_order=document.eligibility.min_order or None)
        grants.append(
            Grant(wanted=wanted, row=rows.get(claim.id), cause=cause, program_id=version.program_id)
        )
    return grants
