"""Gathers what advocates and friends are owed beside what they were granted, in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from wordmouth.advocates import queries as advocates
from wordmouth.programs import queries as programs
from wordmouth.programs.document import AFTER_ORDER_KINDS, FriendReward, ProgramDocument
from wordmouth.programs.facts import ProgramVersionFacts
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.grants import Bought, Claimed, Grant
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.rewards.paying import MADE
from wordmouth.rewards.rules import Wanted, friend_state, promise, unit_of
from wordmouth.rewards.schedules import allowed, caps_of, is_joint, owed
from wordmouth.stores import queries as stores
from wordmouth.stores.rows import read_records
from wordmouth.visits import queries as visits
from wordmouth.visits.facts import ClaimFacts

Versions = Mapping[str, ProgramVersionFacts]

MANY = 200
"""Reading so many referrals of one advocate costs about as much as finding out which ones count."""


def referral_grants(
    store_id: str, changed: Sequence[ReferralFacts], former: Iterable[str] = ()
) -> list[Grant]:
    """What the advocates of these referrals are owed, beside what they were granted.

    Where a programme counts or caps, all of an advocate's referrals are looked at; then also those
    of `former` advocates, whose referrals these were before.
    """
    former = set(former)
    if not changed and not former:
        return []
    looked_at = {one.id: one for one in changed}
    granted = read_records(Reward, party="advocate", referral_id__in=looked_at)
    concerned = {one.advocate_id for one in changed} | former
    concerned |= {row.advocate_id for row in granted}
    versions, joint = _terms(concerned)
    if joint:
        looked_at |= _that_count(store_id, joint, versions)
        mine = read_records(Reward, party="advocate", redemption_id=None, advocate_id__in=joint)
        granted = list({row.id: row for row in [*granted, *mine]}.values())
        missing = {row.referral_id for row in granted if row.referral_id} - set(looked_at)
        causes = looked_at | referrals.referrals(missing)
    else:
        causes = looked_at
    wanted = _wanted(store_id, looked_at.values(), versions)
    return _beside(wanted, granted, causes, versions)


def _terms(advocate_ids: Collection[str]) -> tuple[Versions, dict[str, str]]:
    """All versions of these advocates' programmes, and who of them earns by all referrals, each
    with the programme."""
    known = advocates.advocates(advocate_ids)
    versions = programs.versions_of({facts.program_id for facts in known.values()})
    counting = {one.program_id for one in versions.values() if is_joint(one.document)}
    return versions, {
        key: facts.program_id for key, facts in known.items() if facts.program_id in counting
    }


def _that_count(
    store_id: str, joint: Mapping[str, str], versions: Versions
) -> dict[str, ReferralFacts]:
    """What these advocates' rewards follow from: all of their referrals, but of those with many
    friends only what the programme's caps by count let through, if it has any. What they do not let
    through earns nothing and takes nothing from the others (`schedules.within_count`)."""
    documents: dict[str, list[ProgramDocument]] = defaultdict(list)
    for one in versions.values():
        documents[one.program_id].append(one.document)
    caps = {key: caps_of(documents[program_id]) for key, program_id in joint.items()}
    capped = [key for key in joint if caps[key]]
    crowded = referrals.crowded(store_id, capped, MANY) if capped else set()
    found = {one.id: one for one in referrals.of_advocates(joint.keys() - crowded)}
    let_through = [
        referral
        for key in crowded
        for referral in allowed(caps[key], partial(referrals.standing_after, store_id, key))
    ]
    return found | referrals.referrals(let_through)


def _wanted(store_id: str, found: Iterable[ReferralFacts], versions: Versions) -> dict[str, Wanted]:
    documents = {key: one.document for key, one in versions.items()}
    by_advocate: dict[str, list[ReferralFacts]] = defaultdict(list)
    for referral in found:
        by_advocate[referral.advocate_id].append(referral)
    if not by_advocate:
        return {}
    currency = stores.store(store_id).currency
    wanted: dict[str, Wanted] = {}
    for mine in by_advocate.values():
        wanted |= owed(mine, documents, currency)
    return wanted


def _beside(
    wanted: Mapping[str, Wanted],
    rows: Iterable[Reward],
    causes: Mapping[str, ReferralFacts],
    versions: Versions,
) -> list[Grant]:
    """Each key with its newest round; earlier rounds are wanted no more."""
    rounds: dict[str, list[Reward]] = defaultdict(list)
    for row in rows:
        rounds[row.key].append(row)
    grants = []
    for key in sorted({*wanted, *rounds}):
        for given, item in _rounds(rounds[key], wanted.get(key)):
            about = item or given
            assert about is not None, "a key is wanted or was granted"
            version = versions[about.version_id]
            grants.append(
                Grant(
                    wanted=item,
                    row=given,
                    cause=causes[about.referral_id or ""],
                    program_id=version.program_id,
                    forgives=version.document.clawback.spent == "forgive",
                    owed=key in wanted,
                )
            )
    return grants


def claims_earning_later(changed: Iterable[ReferralFacts]) -> list[ClaimFacts]:
    """The claims of these referrals whose friends get theirs only when the order has stood."""
    found = visits.claims({one.claim_id for one in changed if one.claim_id})
    versions = programs.versions(claim.version_id for claim in found.values())
    later = []
    for claim in found.values():
        offer = versions[claim.version_id].document.offer(claim.offer)
        if (
            offer is not None
            and offer.friend is not None
            and offer.friend.kind in AFTER_ORDER_KINDS
        ):
            later.append(claim)
    return later


def claim_grants(store_id: str, claims: Sequence[ClaimFacts]) -> list[Grant]:
    """What the friends who made these claims are owed, beside what they were granted."""
    if not claims:
        return []
    ids = [claim.id for claim in claims]
    versions = programs.versions(claim.version_id for claim in claims)
    bought = referrals.of_claims(ids)
    store_currency = stores.store(store_id).currency
    rounds: dict[str | None, list[Reward]] = defaultdict(list)
    for row in read_records(Reward, party="friend", claim_id__in=ids):
        rounds[row.claim_id].append(row)
    grants = []
    for claim in claims:
        version = versions[claim.version_id]
        offer = version.document.offer(claim.offer)
        if offer is None or offer.friend is None:
            continue
        referral = bought.get(claim.id)
        wanted = _friends(offer.friend, claim, referral, version.document, store_currency)
        for given, item in _rounds(rounds[claim.id], wanted):
            grants.append(
                Grant(
                    wanted=item,
                    row=given,
                    cause=Claimed(claim=claim, referral=referral),
                    program_id=version.program_id,
                    forgives=version.document.clawback.spent == "forgive",
                    owed=wanted is not None,
                )
            )
    return grants


def _friends(
    reward: FriendReward,
    claim: ClaimFacts,
    referral: ReferralFacts | None,
    document: ProgramDocument,
    store_currency: str,
) -> Wanted | None:
    state = friend_state(reward, referral)
    if state is None:
        return None
    return promise(
        reward,
        document.currency or store_currency,
        key=f"friend:{claim.id}",
        party="friend",
        state=state,
        version_id=claim.version_id,
        min_order=document.eligibility.min_order or None,
    )


def _rounds(
    rows: Iterable[Reward], wanted: Wanted | None
) -> list[tuple[Reward | None, Wanted | None]]:
    """The rounds of one key, the oldest first: only the newest can be what is wanted."""
    known: list[Reward | None] = [*sorted(rows, key=lambda row: row.round)]
    *earlier, newest = known or [None]
    return [*((row, None) for row in earlier), (newest, wanted)]


def redemption_grants(redemptions: Iterable[Redemption]) -> list[Grant]:
    """What was bought with wallets, beside what was granted for it."""
    bought = {one.id: one for one in redemptions}
    mine = read_records(Reward, order_by=("round",), redemption_id__in=bought)
    rows = {row.redemption_id: row for row in mine}
    return [
        Grant(
            wanted=_bought(one) if one.state == MADE else None,
            row=rows.get(one.id),
            cause=Bought(
                redemption_id=one.id,
                advocate_id=one.advocate_id,
                person_id=one.person_id,
                version_id=one.version_id,
            ),
            program_id=one.program_id,
        )
        for one in bought.values()
    ]


def _bought(one: Redemption) -> Wanted:
    """The thing that was bought. It costs no budget: what paid for it did."""
    details = {"paid_with": one.pay_with} | ({"product": one.product} if one.product else {})
    return Wanted(
        key=f"redemption:{one.id}",
        party="advocate",
        state="due",
        kind=one.kind,
        value=one.value,
        unit=unit_of(one.kind, one.currency),
        cost=0,
        details=details,
        min_order=None,
        expires_days=one.expires_days,
        version_id=one.version_id,
    )
