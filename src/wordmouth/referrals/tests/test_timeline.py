"""What a referral's story gains with each piece of news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from wordmouth.orders.facts import OrderFacts
from wordmouth.referrals import words
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.timeline import MILESTONES, TAKEN_BACK, moments

AT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = AT + timedelta(days=14)


def order(**told: Any) -> OrderFacts:
    given: dict[str, Any] = {
        "id": "ord_1",
        "external_id": "1",
        "number": "#1",
        "person_id": "per_1",
        "currency": "EUR",
        "items": 5000,
        "discount": 0,
        "shipping": 400,
        "tax": 0,
        "grand": 5400,
        "refunded": 0,
        "placed_at": AT,
        "paid_at": AT,
        "fulfilled_at": None,
        "delivered_at": None,
        "cancelled_at": None,
        "charged_back_at": None,
        "updated_at": AT,
        "is_test": False,
        "country": "",
        "codes": (),
        "token": "",
        "code": "",
    }
    return OrderFacts(**given | told)


def referral(status: str, *reasons: str, **told: Any) -> ReferralFacts:
    given: dict[str, Any] = {
        "id": "ref_1",
        "advocate_id": "adv_1",
        "friend_id": "per_1",
        "order_id": "ord_1",
        "order_key": "1",
        "version_id": "ver_1",
        "offer": "control",
        "claim_id": None,
        "via": "code",
        "basis": 5000,
        "amount": 5000,
        "ordered_at": AT,
        "hold_until": LATER if status == "pending" else None,
        "released_at": None,
        "created_at": AT,
        "decided_at": AT,
    }
    return ReferralFacts(status=status, reasons=reasons, **given | told)


HELD = referral("pending", "in_hold")
RELEASED = referral("approved", released_at=LATER)


def story(
    before: ReferralFacts, after: ReferralFacts, was: OrderFacts, now: OrderFacts
) -> list[str]:
    return [moment.what for moment in moments(before, after, was, now)]


def test_a_charge_back_and_its_end_are_told() -> None:
    fallen = referral("voided", "charged_back")
    taken, stands = order(charged_back_at=LATER), order()
    assert story(HELD, fallen, stands, taken) == ["charged_back", "voided"]
    assert story(fallen, HELD, taken, stands) == ["charge_back_lifted", "stands_again", "held"]


def test_what_was_released_before_is_not_released_anew() -> None:
    fallen = referral("voided", "charged_back", released_at=LATER)
    taken = order(charged_back_at=LATER)
    assert story(fallen, RELEASED, taken, order()) == ["charge_back_lifted", "stands_again"]


def test_a_cancellation_that_is_lifted_after_the_hold_releases_the_reward() -> None:
    fallen = referral("voided", "cancelled")
    cancelled = order(cancelled_at=AT)
    told = story(fallen, RELEASED, cancelled, order())
    assert told == ["cancellation_lifted", "stands_again", "approved"]


def test_a_payment_that_is_taken_back_and_made_again_is_told() -> None:
    fallen = referral("voided", "payment_taken_back", released_at=LATER)
    unpaid = order(paid_at=None)
    assert story(RELEASED, fallen, order(), unpaid) == ["unpaid", "voided"]
    assert story(fallen, RELEASED, unpaid, order()) == ["paid", "stands_again"]


def test_an_edited_order_is_told_with_what_counts_now() -> None:
    smaller = referral("pending", "in_hold", basis=3000, amount=2000)
    (moment,) = moments(HELD, smaller, order(), order(items=3000))
    assert words.moment_text(moment.what, moment.details) == (
        "The order changed: €20.00 of it count now; it was €50.00."
    )


def test_a_partial_refund_is_no_edit() -> None:
    less = referral("pending", "in_hold", amount=4000)
    assert story(HELD, less, order(), order(refunded=1000)) == ["partly_refunded"]


def test_nothing_new_is_nothing_told() -> None:
    later = msgspec.structs.replace(HELD, decided_at=LATER)
    assert story(HELD, later, order(), order(updated_at=LATER)) == []


@pytest.mark.parametrize("what", [what for _, what in (*MILESTONES, *TAKEN_BACK)])
def test_every_moment_has_its_words(what: str) -> None:
    assert words.moment_text(what, {"at": AT, "amount": 100, "currency": "EUR"}).endswith(".")
