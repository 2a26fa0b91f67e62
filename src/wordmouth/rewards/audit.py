"""Proof that rewards are what the facts ask for and that the ledger says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import EntryFacts, Finding
from wordmouth.orders import queries as orders
from wordmouth.programs import queries as programs
from wordmouth.referrals import queries as referrals
from wordmouth.rewards.granting import Grant, is_revived, is_spent, target_of
from wordmouth.rewards.models import Reward
from wordmouth.rewards.posting import accounts_of, holder_of
from wordmouth.rewards.rules import amount_of, usage_of
from wordmouth.rewards.services import claim_grants, referral_grants
from wordmouth.rewards.states import steps_of
from wordmouth.visits import queries as visits

AT_ONCE = 500


def verify() -> Iterator[Finding]:
    """Every reward whose postings are not those of its state, and every posting without reward."""
    expected: set[str] = set()
    rows = Reward.objects.order_by("id")
    for batch in _batches(list(rows.values_list("id", flat=True))):
        rewards = list(Reward.objects.filter(id__in=batch))
        expected |= {ref for reward in rewards for ref in reward.posted.values()}
        yield from _verify_batch(rewards)
    for entry in ledger.standing_entries():
        if entry.reference not in expected:
            yield Finding(where=entry.id, what=f"{entry.reference} belongs to no reward")


def _verify_batch(rewards: Sequence[Reward]) -> Iterator[Finding]:
    wanted = [reference for reward in rewards for reference in reward.posted.values()]
    entries = {entry.reference: entry for entry in ledger.entries_of(wanted)}
    standing = ledger.references(wanted)
    versions = programs.versions(reward.version_id for reward in rewards)
    for reward in rewards:
        spent = reward.state == "withdrawn" and "redeem" in reward.posted
        if set(reward.posted) != steps_of(reward.state, spent=spent):
            found = sorted(reward.posted)
            yield Finding(where=reward.id, what=f"is {reward.state} with the postings {found}")
        for step, reference in reward.posted.items():
            entry = entries.get(reference)
            if entry is None or not standing.get(reference):
                yield Finding(where=reward.id, what=f"its posting {reference} does not stand")
            elif _moves(entry) != _worth(reward, step, versions[reward.version_id].program_id):
                yield Finding(where=entry.id, what=f"does not move what {reward.id} is worth")


def _moves(entry: EntryFacts) -> tuple[str, str, int, str]:
    return entry.source, entry.destination, entry.amount, entry.unit


def _worth(reward: Reward, step: str, program_id: str) -> tuple[str, str, int, str]:
    sides = accounts_of(step, holder_of(reward), program_id)
    return *sides, amount_of(reward.kind, reward.value), reward.unit


def differences(store_id: str) -> Iterator[Finding]:
    """Every reward that the facts ask for otherwise than it stands."""
    ids = referrals.all_ids()
    for batch in _batches(ids):
        known = list(referrals.referrals(batch).values())
        yield from _differing(referral_grants(store_id, known))
    for batch in _batches(visits.all_ids()):
        claims = list(visits.claims(batch).values())
        yield from _differing(claim_grants(store_id, claims))


def _differing(grants: Sequence[Grant]) -> Iterator[Finding]:
    codes = [grant.row.code for grant in grants if grant.row]
    named = orders.orders_with_codes(codes)
    now = clock.now()
    for grant in grants:
        row, wanted = grant.row, grant.wanted
        if row is None:
            if wanted is not None:
                yield Finding(where=wanted.key, what=f"is owed ({wanted.state}) and not granted")
            continue
        usage = usage_of(named.get(row.code, []))
        if wanted is not None and not is_revived(row, usage):
            yield Finding(where=row.id, what="was withdrawn and is owed again")
            continue
        target = target_of(row.party, grant, usage, row.expires_at, now)
        late = row.state == "due" and target.state == "expired"
        if is_spent(row) != target.spent:
            yield Finding(where=row.id, what=f"is spent: {is_spent(row)}, by the facts otherwise")
        if row.state not in (target.state, "expired") and not late:
            yield Finding(where=row.id, what=f"is {row.state}, and the facts want {target.state}")


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
