"""Proof of a store: that its books are right, and that its facts lead to its decisions."""

from __future__ import annotations

from itertools import chain

import msgspec

from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import Finding
from wordmouth.ledger.verify import verify_store
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import replay as decisions
from wordmouth.rewards import audit as rewards
from wordmouth.rewards import queries as reward_queries
from wordmouth.stores.transactions import store_read


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what was not as it must be."""

    referrals: int
    rewards: int
    postings: int
    findings: list[Finding]


def verify(store_id: str) -> Report:
    """Check the ledger by itself, and that every reward has exactly the postings of its state."""
    with store_read(store_id):
        return _report(list(chain(verify_store(), rewards.verify())))


def replay(store_id: str) -> Report:
    """Decide the store anew from its stored facts and compare; nothing is written."""
    with store_read(store_id):
        found = chain(decisions.differences(store_id, clock.now()), rewards.differences(store_id))
        return _report(list(found))


def _report(findings: list[Finding]) -> Report:
    return Report(
        referrals=sum(referrals.counts_by_status().values()),
        rewards=sum(reward_queries.counts_by_state().values()),
        postings=ledger.count(),
        findings=findings,
    )
