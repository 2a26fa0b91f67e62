"""The decision about every referred order of one human. Pure: evidence and time in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from wordmouth.fraud.rules import Evidence, judge
from wordmouth.referrals.eligible import Eligible, basis_of
from wordmouth.referrals.evidence import Candidate, Decision, OrderEvidence, Terms
from wordmouth.referrals.states import STANDING

Rank = tuple[bool, bool]
"""Whether the buyer was a customer before, and whether an earlier referral of theirs stands."""

RULES_VERSION = 2
"""Raised whenever these rules decide differently than before."""


def in_sequence(history: Sequence[OrderEvidence]) -> list[OrderEvidence]:
    """The history in the order in which it made its buyer a customer.

    Paid orders by payment; unpaid ones after them, for they have not happened yet.
    """
    return sorted(
        history,
        key=lambda o: (o.paid_at is None, o.paid_at or o.placed_at, o.external_id),
    )


def decide(
    history: Sequence[OrderEvidence], terms: Mapping[str, Terms], now: datetime
) -> dict[str, tuple[Decision, Rank]]:
    """Decide every order that somebody recommended, by order id.

    `terms` are by version id. The second part of each answer is the order's rank: whether an
    earlier order had made the buyer a customer, and whether an earlier referral stands.

    A token or claim is used up by the first order that counts: what the buyer orders later is
    their own doing and is not decided at all, unless they give a code again.
    """
    decided: dict[str, tuple[Decision, Rank]] = {}
    customer = referred = used_up = False
    for order in in_sequence(history):
        candidate = order.candidate
        if candidate is not None and (candidate.via == "code" or not used_up):
            rank = (customer, referred)
            decision = decide_order(order, candidate, terms[candidate.version_id], rank, now)
            decided[order.order_id] = (decision, rank)
            referred = referred or (decision.status in STANDING and order.counts)
        customer = customer or order.counts
        used_up = used_up or (order.counts and candidate is not None)
    return decided


def decide_order(
    order: OrderEvidence,
    candidate: Candidate,
    terms: Terms,
    rank: Rank,
    now: datetime,
) -> Decision:
    """Decide one order, given what went before it."""
    assert order.contents is not None, "only orders whose contents are known are decided"
    counted = basis_of(order.contents, terms.goods)
    if order.ruling == "restore":
        counted = msgspec.structs.replace(counted, left=counted.basis)
    refusals = refusals_of(order, candidate, terms, rank, counted)
    overruled = order.ruling in ("approve", "restore")
    undone = "" if order.ruling == "restore" else undone_by(order, counted)
    if order.ruling == "reject":
        return _decided(order, counted, "rejected", ("ruled_out",))
    if refusals and not overruled:
        return _decided(order, counted, "rejected", refusals)
    if undone:
        return _decided(order, counted, "voided", (undone,))
    until = hold_until(order, terms) if order.paid_at is not None else None
    if order.released_at is not None:
        return _decided(order, counted, "approved", (), until)
    if until is None:
        return _decided(order, counted, "pending", ("awaiting_payment",))
    held = _suspicions(order, candidate, terms)
    if held and not overruled:
        return _decided(order, counted, "flagged", held, until)
    if until <= now:
        return _decided(order, counted, "approved", (), until, released_at=now)
    return _decided(order, counted, "pending", ("in_hold",), until)


def undone_by(order: OrderEvidence, counted: Eligible) -> str:
    """Why nothing came of an order after all; empty where it stands.

    Goods that went back whole are a refund of the order, even where the shop keeps the shipping.
    """
    if order.charged_back_at is not None:
        return "charged_back"
    if order.cancelled_at is not None:
        return "cancelled"
    if order.fully_refunded or (counted.basis > 0 and counted.left == 0):
        return "refunded"
    taken_back = order.paid_at is None and order.released_at is not None
    return "payment_taken_back" if taken_back else ""


def refusals_of(
    order: OrderEvidence, candidate: Candidate, terms: Terms, rank: Rank, counted: Eligible
) -> tuple[str, ...]:
    """Every rule that says no, in the order in which they are explained."""
    customer, referred = rank
    window = timedelta(days=terms.attribution_days)
    told = (
        ("test_order", order.is_test),
        ("self_referral", candidate.same_human),
        ("program_not_live", not candidate.live),
        ("already_referred", referred),
        ("existing_customer", customer and not referred and terms.new_customers),
        ("too_late", order.placed_at > candidate.seen_at + window),
        ("other_currency", order.currency != terms.currency),
        ("below_minimum", not counted.reasons and counted.basis < terms.min_order),
    )
    return (*(code for code, applies in told if applies), *counted.reasons)


def hold_until(order: OrderEvidence, terms: Terms) -> datetime:
    """When the hold of a paid order ends.

    Counted from the event that the programme names; from payment plus the fallback where the shop
    has not told of that event by then. So a delivery told after the fallback changes nothing.
    """
    assert order.paid_at is not None, "only paid orders are held"
    happened = {
        "placed": order.placed_at,
        "paid": order.paid_at,
        "fulfilled": order.fulfilled_at,
        "delivered": order.delivered_at,
    }[terms.hold_after]
    fallback = order.paid_at + timedelta(days=terms.fallback_days)
    if happened is None or (terms.hold_after in ("fulfilled", "delivered") and happened > fallback):
        return fallback
    return happened + timedelta(days=terms.hold_days)


def _suspicions(order: OrderEvidence, candidate: Candidate, terms: Terms) -> tuple[str, ...]:
    told_at_checkout = candidate.via == "code" and candidate.claim_id is None
    pace = None if told_at_checkout else (order.placed_at - candidate.seen_at).total_seconds()
    evidence = Evidence(friend_email_hosts=candidate.email_hosts, seconds_to_order=pace)
    return judge(evidence, terms.preset).reasons


def _decided(
    order: OrderEvidence,
    counted: Eligible,
    status: str,
    reasons: tuple[str, ...],
    until: datetime | None = None,
    released_at: datetime | None = None,
) -> Decision:
    """A release once made is remembered, whatever becomes of the order."""
    return Decision(
        status=status,
        reasons=reasons,
        basis=counted.basis,
        amount=counted.left,
        hold_until=until,
        released_at=order.released_at or released_at,
    )
