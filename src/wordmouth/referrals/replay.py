"""Decides a store anew from its stored facts and says what would differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from wordmouth.ledger.facts import Finding
from wordmouth.orders import queries as orders
from wordmouth.people import queries as people
from wordmouth.referrals import queries
from wordmouth.referrals.evidence import Decision, OrderEvidence
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.gathering import gather
from wordmouth.referrals.rules import decide
from wordmouth.referrals.states import STANDING

AT_ONCE = 500
TERMS = ("advocate_id", "version_id", "offer", "claim_id", "via")
COMPARED = ("status", "reasons", "basis", "amount", "hold_until", "released_at")


def differences(store_id: str, now: datetime) -> Iterator[Finding]:
    """Every referral that the facts do not lead to as it is stored. `now` is when the newest
    decision was due; a hold that ended since and was not released yet is no difference."""
    roots = people.all_roots()
    for start in range(0, len(roots), AT_ONCE):
        yield from _of_humans(store_id, roots[start : start + AT_ONCE], now)


def _of_humans(store_id: str, roots: Sequence[str], now: datetime) -> Iterator[Finding]:
    gathered = gather(store_id, roots)
    stored = queries.of_orders(gathered.orders)
    for order in orders.misread(gathered.orders):
        yield Finding(where=f"order {order.external_id}", what="is not as its snapshots told it")
    for history in gathered.histories.values():
        decided = decide(history, gathered.terms, now)
        for evidence in history:
            known = stored.get(evidence.order_id)
            fresh = decided.get(evidence.order_id)
            if fresh is None:
                if known is not None and known.reasons != ("already_referred",):
                    yield _finding(known, "is stored, and the facts lead to none")
            elif known is None:
                yield Finding(
                    where=f"order {evidence.external_id}",
                    what=f"the facts lead to a referral ({fresh[0].status}); none is stored",
                )
            else:
                yield from _compare(known, fresh[0], now)
                yield from _compare_terms(known, evidence)
        yield from _once(stored, history)


def _compare(known: ReferralFacts, fresh: Decision, now: datetime) -> Iterator[Finding]:
    if known.status == "pending" and known.hold_until and known.hold_until <= now:
        return
    for name in COMPARED:
        was, would = getattr(known, name), getattr(fresh, name)
        if was != would:
            yield _finding(known, f"{name} is {was}, and the facts lead to {would}")


def _compare_terms(known: ReferralFacts, evidence: OrderEvidence) -> Iterator[Finding]:
    for name in TERMS:
        was, would = getattr(known, name), getattr(evidence.candidate, name)
        if was != would:
            yield _finding(known, f"{name} is {was}, and the facts lead to {would}")


def _once(stored: dict[str, ReferralFacts], history: Sequence[OrderEvidence]) -> Iterator[Finding]:
    """A human is referred once: at most one paid referral of theirs stands, but for those that
    the merchant approved by hand."""
    mine = [stored[e.order_id] for e in history if e.order_id in stored and e.ruling is None]
    standing = [known for known in mine if known.status in STANDING and known.hold_until]
    for extra in standing[1:]:
        yield _finding(extra, f"stands beside {standing[0].id} of the same friend")


def _finding(known: ReferralFacts, what: str) -> Finding:
    return Finding(where=known.id, what=what)
