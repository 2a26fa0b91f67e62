"""Proof that rewards are what the facts ask for and that the ledger says the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import EntryFacts, Finding
from wordmouth.orders import queries as orders
from wordmouth.orders.facts import OrderFacts
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import paying, promises
from wordmouth.rewards.gathering import claim_grants, redemption_grants, referral_grants
from wordmouth.rewards.grants import Grant
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.rewards.posting import accounts_of, moved_by, standing
from wordmouth.rewards.rules import Usage, usage_of
from wordmouth.rewards.targets import follows, target_of
from wordmouth.visits import queries as visits

AT_ONCE = 500


def verify(foreign: Collection[str] = ()) -> Iterator[Finding]:
    """Every reward whose postings are not those of its state, every posting that belongs to
    nothing, every debt that was paid twice, and every sum of promises that is not theirs.

    `foreign` are the references that other rooms answer for.
    """
    expected = set(foreign)
    for batch in _batches(list(Reward.objects.order_by("id").values_list("id", flat=True))):
        rewards = list(Reward.objects.filter(id__in=batch))
        expected |= {ref for reward in rewards for ref in reward.posted.values()}
        yield from _verify_batch(rewards)
    made = Redemption.objects.filter(state=paying.MADE)
    bought = {paying.reference_of(one): one for one in made}
    for reference, stands in ledger.references(bought).items():
        if not stands:
            yield Finding(where=bought[reference].id, what="its payment was undone")
    for entry in ledger.standing_entries():
        if entry.reference not in expected and entry.reference not in bought:
            yield Finding(where=entry.id, what=f"{entry.reference} belongs to no reward")
    for (name, unit), balance in ledger.all_balances().items():
        if name.startswith("debt:") and balance > 0:
            yield Finding(where=name, what=f"{balance} {unit} more were set off than are owed")
    yield from promises.verify()


def _verify_batch(rewards: Sequence[Reward]) -> Iterator[Finding]:
    wanted = [reference for reward in rewards for reference in reward.posted.values()]
    entries = {entry.reference: entry for entry in ledger.entries_of(wanted)}
    stands = ledger.references(wanted)
    for reward in rewards:
        if not _fits(reward):
            found = sorted(reward.posted)
            yield Finding(where=reward.id, what=f"is {reward.state} with the postings {found}")
        for step, reference in reward.posted.items():
            entry = entries.get(reference)
            if entry is None or not stands.get(reference):
                yield Finding(where=reward.id, what=f"its posting {reference} does not stand")
            elif _moves(entry) != _worth(reward, step):
                yield Finding(where=entry.id, what=f"does not move what {reward.id} is worth")


def _fits(reward: Reward) -> bool:
    """Whether the postings are those of the state, in one of the ways it can have been reached."""
    ways = [(spent, forgiving) for spent in (False, True) for forgiving in (False, True)]
    steps = set(reward.posted)
    return any(standing(reward, spent=spent, forgiving=kind) == steps for spent, kind in ways)


def _moves(entry: EntryFacts) -> tuple[str, str, int, str]:
    return entry.source, entry.destination, entry.amount, entry.unit


def _worth(reward: Reward, step: str) -> tuple[str, str, int, str]:
    return *accounts_of(step, reward), moved_by(step, reward), reward.unit


def differences(store_id: str) -> Iterator[Finding]:
    """Every reward that the facts ask for otherwise than it stands."""
    told: set[Finding] = set()
    for grants in _all_grants(store_id):
        found = set(_differing(grants)) - told
        told |= found
        yield from sorted(found, key=lambda finding: (finding.where, finding.what))
    for row in paying.misplaced(Redemption.objects.all()):
        yield Finding(where=row.id, what=f"is {row.state}, and the facts want it otherwise")


def _all_grants(store_id: str) -> Iterator[list[Grant]]:
    for batch in _batches(referrals.all_ids()):
        yield referral_grants(store_id, list(referrals.referrals(batch).values()))
    for batch in _batches(visits.all_ids()):
        yield claim_grants(store_id, list(visits.claims(batch).values()))
    yield redemption_grants(Redemption.objects.all())


def _differing(grants: Sequence[Grant]) -> Iterator[Finding]:
    codes = [grant.row.code for grant in grants if grant.row]
    named = orders.orders_with_codes(codes)
    now = clock.now()
    for grant in grants:
        if grant.row is not None:
            yield from _compared(grant, grant.row, named.get(grant.row.code, []), now)
        elif grant.wanted is not None:
            wanted = grant.wanted
            yield Finding(where=wanted.key, what=f"is owed ({wanted.state}) and not granted")


def _compared(
    grant: Grant, row: Reward, named: Sequence[OrderFacts], now: datetime
) -> Iterator[Finding]:
    usage: Usage = usage_of(named, row.spent_told_at)
    if grant.wanted is not None and not follows(row, grant.wanted, usage):
        yield Finding(where=row.id, what=f"is {row.state}, and another one is owed in its place")
        return
    target = target_of(row, grant, usage, now)
    late = row.state == "due" and target.state == "expired"
    if row.state != target.state and not late:
        yield Finding(where=row.id, what=f"is {row.state}, and the facts want {target.state}")
    elif row.value != target.value:
        yield Finding(where=row.id, what=f"is worth {row.value}, by the facts {target.value}")
    elif not late and row.kind not in WALLET_KINDS:
        steps = standing(row, spent=target.spent, forgiving=grant.lets_go)
        if steps != set(row.posted):
            found = sorted(row.posted)
            yield Finding(where=row.id, what=f"has {found}, and the facts want {sorted(steps)}")


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
