"""Verbs on referrals: decide whole buyers anew and write down what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock, events
from wordmouth.kit.ids import new_id
from wordmouth.orders.events import OrderChanged
from wordmouth.orders.facts import OrderFacts
from wordmouth.people import queries as people
from wordmouth.people.events import PersonLearned, PersonsMerged
from wordmouth.referrals import queries
from wordmouth.referrals.errors import NotRulable
from wordmouth.referrals.events import ReferralChanged
from wordmouth.referrals.evidence import Decision, OrderEvidence, digest
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.gathering import Gathered, gather
from wordmouth.referrals.models import Moment, Referral, Ruling
from wordmouth.referrals.rules import RULES_VERSION, Rank, decide
from wordmouth.referrals.states import RULED_FROM
from wordmouth.referrals.timeline import moments
from wordmouth.stores import tables
from wordmouth.stores.records import new_record

DECIDED = (
    "advocate_id",
    "friend_id",
    "version_id",
    "offer",
    "claim_id",
    "via",
    "status",
    "reasons",
    "basis",
    "amount",
    "order_key",
    "ordered_at",
    "hold_until",
    "released_at",
    "inputs",
    "rules",
    "decided_at",
)
OrdersBefore = Mapping[str, OrderFacts | None]


def on_orders_changed(happened: Sequence[OrderChanged]) -> None:
    """Decide everybody anew whose orders changed."""
    if not advocates.are_there():
        # A shop's history is read in before it has advocates: millions of orders, no referral.
        return
    before = {event.order.id: event.before for event in reversed(happened)}
    buyers = {event.order.person_id for event in happened if event.order.person_id}
    decide_humans(happened[0].store_id, people.roots(buyers).values(), before)


def on_persons_changed(happened: Sequence[PersonsMerged | PersonLearned]) -> None:
    """Two persons are one: their orders are one history, and neither can refer the other. Or one
    is known by another address, which may be a reason to look."""
    if not advocates.are_there():
        return
    roots = set(people.roots(event.root for event in happened).values())
    friends = queries.friends_of_humans(roots)
    decide_humans(happened[0].store_id, roots | set(people.roots(friends).values()), {})


def decide_humans(store_id: str, roots: Iterable[str], before: OrdersBefore) -> None:
    """Decide all orders of these humans and write what differs from what is stored."""
    gathered, now = gather(store_id, set(roots)), clock.now()
    written, told, new_moments = [], [], []
    for row, evidence, decision, rank in _decisions(store_id, gathered, now):
        known = queries.facts_of(row) if row.id else None
        _set(row, evidence, decision, rank, gathered, now)
        facts = queries.facts_of(row)
        if known is not None and _same(known, facts):
            if evidence.order_id not in before:
                continue
        else:
            written.append(row)
            told.append(ReferralChanged(store_id=store_id, referral=facts, before=known))
        order = gathered.orders[evidence.order_id]
        was = before.get(order.id, order)
        new_moments += [
            {
                "store_id": store_id,
                "referral_id": row.id,
                "at": now,
                "what": moment.what,
                "details": msgspec.to_builtins(moment.details),
            }
            for moment in moments(known, facts, was, order)
        ]
    _write(written, new_moments)
    events.emit(*told)


def _decisions(
    store_id: str, gathered: Gathered, now: datetime
) -> Iterable[tuple[Referral, OrderEvidence, Decision, Rank]]:
    """Every decision with its row, new where there is none. A stored referral whose order is no
    longer decided (an earlier order came to light and used the recommendation up) is rejected."""
    for history in gathered.histories.values():
        decided = decide(history, gathered.terms, now)
        for evidence in history:
            row = gathered.stored.get(evidence.order_id)
            if evidence.order_id in decided:
                decision, rank = decided[evidence.order_id]
                yield row or _new_row(store_id, evidence.order_id, now), evidence, decision, rank
            elif row is not None:
                yield row, evidence, _superseded(row), (True, True)


def _superseded(row: Referral) -> Decision:
    return Decision(
        status="rejected",
        reasons=("already_referred",),
        basis=row.basis,
        amount=row.amount,
        hold_until=None,
        released_at=row.released_at,
    )


def _new_row(store_id: str, order_id: str, now: datetime) -> Referral:
    return new_record(Referral, id="", store_id=store_id, order_id=order_id, created_at=now)


def _set(
    row: Referral,
    evidence: OrderEvidence,
    decision: Decision,
    rank: Rank,
    gathered: Gathered,
    now: datetime,
) -> None:
    row.id = row.id or new_id("ref")
    candidate = evidence.candidate
    if candidate is not None:
        row.advocate_id = candidate.advocate_id
        row.version_id = candidate.version_id
        row.offer = candidate.offer
        row.claim_id = candidate.claim_id
        row.via = candidate.via
        row.inputs = digest(evidence, gathered.terms[candidate.version_id], rank)
    row.friend_id = gathered.orders[evidence.order_id].person_id
    row.status = decision.status
    row.reasons = list(decision.reasons)
    row.basis = decision.basis
    row.amount = decision.amount
    row.order_key = evidence.external_id
    row.ordered_at = evidence.placed_at
    row.hold_until = decision.hold_until
    row.released_at = decision.released_at
    row.rules = RULES_VERSION
    row.decided_at = now


def _same(one: ReferralFacts, other: ReferralFacts) -> bool:
    return msgspec.structs.replace(one, decided_at=other.decided_at) == other


def _write(decided: Sequence[Referral], new_moments: Sequence[dict[str, Any]]) -> None:
    tables.insert_rows(decided, unique=("store", "order"), update=DECIDED)
    tables.insert_values(Moment, new_moments)


def rule(store_id: str, referral_id: str, decision: str, reason: str, by: str) -> ReferralFacts:
    """The merchant overrules the rules: `approve` or `reject`, with a reason that is kept.

    An approval lifts refusals and suspicions; hold, payment, cancellation and refund still count.
    The approval of a voided referral restores it: it counts whole although its order was
    cancelled, refunded or charged back. Raises NotFound, NotRulable.
    """
    facts = queries.referral(referral_id)
    if facts.status not in RULED_FROM[decision]:
        allowed = ", ".join(sorted(RULED_FROM[decision]))
        raise NotRulable(
            f"The referral is {facts.status}; only {allowed} referrals can be {decision}d.",
            status_now=facts.status,
        )
    if decision == "approve" and facts.status == "voided":
        decision = "restore"
    Ruling.objects.create(
        store_id=store_id,
        referral_id=referral_id,
        decision=decision,
        reason=reason,
        by=by,
        at=clock.now(),
    )
    Moment.objects.create(
        store_id=store_id,
        referral_id=referral_id,
        at=clock.now(),
        what=f"ruled_{decision}",
        details={"reason": reason, "by": by},
    )
    if facts.friend_id:
        decide_humans(store_id, people.roots([facts.friend_id]).values(), {})
    return queries.referral(referral_id)
