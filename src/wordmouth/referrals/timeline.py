"""Which moments a referral's timeline gains when its facts change. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from wordmouth.orders.facts import OrderFacts
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.states import STANDING


class NewMoment(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be noted: `what` is a word of `words.MOMENTS`, `details` fill its text."""

    what: str
    details: dict[str, Any]


MILESTONES = (
    ("paid_at", "paid"),
    ("fulfilled_at", "shipped"),
    ("delivered_at", "delivered"),
    ("cancelled_at", "cancelled"),
    ("charged_back_at", "charged_back"),
)
TAKEN_BACK = (
    ("paid_at", "unpaid"),
    ("cancelled_at", "cancellation_lifted"),
    ("charged_back_at", "charge_back_lifted"),
)
"""What the shop may say is not so after all."""


def moments(
    before: ReferralFacts | None,
    after: ReferralFacts,
    order_before: OrderFacts | None,
    order: OrderFacts,
) -> list[NewMoment]:
    """What is new between two states of a referral and its order."""
    known_order = order_before if before is not None else None
    found = [] if before else [NewMoment(what="ordered", details={"number": order.number})]
    found += [
        NewMoment(what=what, details={"at": getattr(order, field)})
        for field, what in MILESTONES
        if getattr(order, field)
        and not (known_order and getattr(known_order, field))
        and (known_order is not None or before is None)
    ]
    found += [
        NewMoment(what=what, details={"at": getattr(known_order, field)})
        for field, what in TAKEN_BACK
        if known_order and getattr(known_order, field) and not getattr(order, field)
    ]
    found += _refund(known_order, order, is_new=before is None)
    found += _recount(before, after, order.currency)
    found += _status(before, after)
    return found


def _refund(before: OrderFacts | None, order: OrderFacts, *, is_new: bool) -> list[NewMoment]:
    known = before.refunded if before else (0 if is_new else order.refunded)
    if order.refunded <= known:
        return []
    what = "refunded" if order.fully_refunded else "partly_refunded"
    details = {"amount": order.refunded - known, "currency": order.currency}
    return [NewMoment(what=what, details=details)]


def _recount(before: ReferralFacts | None, after: ReferralFacts, currency: str) -> list[NewMoment]:
    """The shop edited the order: another worth of it counts."""
    if before is None or before.basis == after.basis:
        return []
    details = {"was": before.amount, "amount": after.amount, "currency": currency}
    return [NewMoment(what="recounted", details=details)]


def _status(before: ReferralFacts | None, after: ReferralFacts) -> list[NewMoment]:
    if before and (before.status, before.reasons) == (after.status, after.reasons):
        moved = after.hold_until and after.hold_until != before.hold_until
        if not (moved and after.status == "pending"):
            return []
    again = before is not None and before.status == "voided" and after.status in STANDING
    found = [NewMoment(what="stands_again", details={})] if again else []
    if again and before is not None and before.released_at and after.status == "approved":
        return found
    if after.status == "pending" and after.hold_until is not None:
        return [*found, NewMoment(what="held", details={"until": after.hold_until})]
    if after.status == "pending":
        return found
    return [*found, NewMoment(what=after.status, details={"reasons": list(after.reasons)})]
