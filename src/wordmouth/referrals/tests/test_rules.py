"""The decision about a buyer's orders, rule by rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from wordmouth.orders.facts import LineFacts, OrderContents, RefundFacts
from wordmouth.referrals.eligible import GoodsRules, GoodsSet
from wordmouth.referrals.evidence import Candidate, Decision, OrderEvidence, Terms
from wordmouth.referrals.rules import decide, hold_until

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = START + 5 * DAY
TERMS = Terms(
    currency="EUR",
    new_customers=True,
    min_order=2000,
    attribution_days=90,
    hold_after="delivered",
    hold_days=14,
    fallback_days=30,
    preset="moderate",
    goods=GoodsRules(),
)


def contents(
    goods: int = 5000, back: int = 0, lines: tuple[LineFacts, ...] = (), **told: Any
) -> OrderContents:
    """An order of so much for goods, of which `back` was given back; 400 is shipping."""
    given: dict[str, Any] = {
        "items": goods,
        "discount": 0,
        "shipping": 400,
        "tax": 0,
        "grand": goods + 400,
        "gift_card": 0,
        "lines": lines,
        "refunds": (RefundFacts(id="r1", amount=back, lines=()),) if back else (),
    }
    return OrderContents(**given | told)


def candidate(**told: Any) -> Candidate:
    given: dict[str, Any] = {
        "advocate_id": "adv_1",
        "via": "claim",
        "seen_at": START - DAY,
        "claim_id": "clm_1",
        "version_id": "v1",
        "offer": "control",
        "live": True,
        "same_human": False,
        "email_hosts": ("mail.example",),
    }
    return Candidate(**given | told)


def bought(name: str = "1", **told: Any) -> OrderEvidence:
    given: dict[str, Any] = {
        "order_id": f"ord_{name}",
        "external_id": name,
        "currency": "EUR",
        "fully_refunded": False,
        "placed_at": START,
        "paid_at": START,
        "fulfilled_at": None,
        "delivered_at": None,
        "cancelled_at": None,
        "charged_back_at": None,
        "is_test": False,
        "candidate": candidate(),
        "contents": contents(),
        "ruling": None,
        "released_at": None,
    }
    return OrderEvidence(**given | told)


def decided(*history: OrderEvidence, now: datetime = NOW, **terms: Any) -> dict[str, Decision]:
    found = decide(history, {"v1": msgspec.structs.replace(TERMS, **terms)}, now)
    return {order_id: decision for order_id, (decision, _) in found.items()}


def only(*history: OrderEvidence, **more: Any) -> tuple[str, tuple[str, ...]]:
    decision = decided(*history, **more)["ord_1"]
    return decision.status, decision.reasons


def test_a_paid_order_of_a_new_friend_waits_for_its_hold() -> None:
    decision = decided(bought())["ord_1"]
    assert (decision.status, decision.reasons) == ("pending", ("in_hold",))
    assert decision.hold_until == START + 30 * DAY
    assert decision.amount == 5000


def test_an_order_that_nobody_recommended_is_not_decided() -> None:
    assert decided(bought(candidate=None)) == {}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"candidate": candidate(same_human=True)}, "self_referral"),
        ({"candidate": candidate(live=False)}, "program_not_live"),
        ({"candidate": candidate(seen_at=START - 91 * DAY)}, "too_late"),
        ({"currency": "USD"}, "other_currency"),
        ({"contents": contents(1999)}, "below_minimum"),
        ({"is_test": True}, "test_order"),
    ],
)
def test_each_rule_says_no_with_its_reason(told: dict[str, Any], reason: str) -> None:
    assert only(bought(**told)) == ("rejected", (reason,))


@pytest.mark.parametrize(
    "told",
    [{"contents": contents(2000)}, {"candidate": candidate(seen_at=START - 90 * DAY)}],
)
def test_limits_include_their_last_value(told: dict[str, Any]) -> None:
    assert only(bought(**told))[0] == "pending"


def test_all_reasons_are_told_at_once() -> None:
    order = bought(contents=contents(100), candidate=candidate(same_human=True))
    assert only(order) == ("rejected", ("self_referral", "below_minimum"))


def test_an_existing_customer_is_refused_unless_anyone_is_welcome() -> None:
    earlier = bought("0", paid_at=START - DAY, placed_at=START - DAY, candidate=None)
    assert only(earlier, bought()) == ("rejected", ("existing_customer",))
    assert only(earlier, bought(), new_customers=False)[0] == "pending"


@pytest.mark.parametrize(
    "told",
    [
        {"paid_at": None},
        {"cancelled_at": START},
        {"fully_refunded": True},
        {"is_test": True},
    ],
)
def test_an_order_that_came_to_nothing_makes_nobody_a_customer(told: dict[str, Any]) -> None:
    earlier = bought("0", **({"paid_at": START - DAY, "candidate": None} | told))
    assert only(earlier, bought())[0] == "pending"


def test_a_friend_is_referred_once() -> None:
    second = bought("2", paid_at=START + DAY, candidate=candidate(via="code"))
    found = decided(bought(), second)
    assert found["ord_1"].status == "pending"
    assert found["ord_2"].reasons == ("already_referred",)


def test_a_claim_is_used_up_by_the_first_order_that_counts() -> None:
    assert list(decided(bought(), bought("2", paid_at=START + DAY))) == ["ord_1"]


def test_when_the_first_order_falls_the_next_takes_its_place() -> None:
    found = decided(bought(cancelled_at=START), bought("2", paid_at=START + DAY))
    assert found["ord_1"].status == "voided"
    assert found["ord_2"].status == "pending"


def test_what_is_paid_first_counts_first() -> None:
    unpaid = bought("0", placed_at=START - DAY, paid_at=None)
    assert decided(unpaid, bought())["ord_1"].status == "pending"


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"paid_at": None}, ("pending", ("awaiting_payment",))),
        ({"cancelled_at": START}, ("voided", ("cancelled",))),
        ({"fully_refunded": True}, ("voided", ("refunded",))),
    ],
)
def test_an_unpaid_cancelled_or_refunded_order_pays_nobody(
    told: dict[str, Any], outcome: tuple[str, tuple[str, ...]]
) -> None:
    assert only(bought(**told), now=START + 90 * DAY) == outcome


def test_a_partial_refund_is_visible_and_lets_the_referral_stand() -> None:
    decision = decided(bought(contents=contents(back=1500)))["ord_1"]
    assert (decision.status, decision.amount) == ("pending", 3500)


def test_the_hold_ends_at_its_very_moment() -> None:
    order = bought(delivered_at=START + DAY)
    end = START + 15 * DAY
    assert only(order, now=end - timedelta(microseconds=1)) == ("pending", ("in_hold",))
    decision = decided(order, now=end)["ord_1"]
    assert (decision.status, decision.released_at) == ("approved", end)


@pytest.mark.parametrize(
    ("after", "told", "end"),
    [
        ("placed", {}, 14),
        ("paid", {}, 14),
        ("fulfilled", {"fulfilled_at": START + 2 * DAY}, 16),
        ("fulfilled", {}, 30),
        ("delivered", {"delivered_at": START + 3 * DAY}, 17),
        ("delivered", {}, 30),
        ("delivered", {"delivered_at": START + 31 * DAY}, 30),
    ],
)
def test_the_hold_counts_from_the_programmes_event(
    after: str, told: dict[str, Any], end: int
) -> None:
    terms = msgspec.structs.replace(TERMS, hold_after=after)
    assert hold_until(bought(**told), terms) == START + end * DAY


def test_a_release_is_kept_when_the_delivery_is_told_late() -> None:
    order = bought(released_at=START + 30 * DAY, delivered_at=START + 29 * DAY)
    assert only(order, now=START + 31 * DAY)[0] == "approved"


def test_a_released_referral_is_still_taken_back_by_a_refund() -> None:
    order = bought(released_at=START, fully_refunded=True)
    assert only(order) == ("voided", ("refunded",))


def test_a_throw_away_address_is_flagged_and_a_person_can_let_it_pass() -> None:
    order = bought(candidate=candidate(email_hosts=("mailinator.com",)))
    assert only(order) == ("flagged", ("disposable_email",))
    assert only(order, preset="relaxed")[0] == "pending"
    approved = bought(candidate=candidate(email_hosts=("mailinator.com",)), ruling="approve")
    assert only(approved) == ("pending", ("in_hold",))


def test_a_ruling_lifts_refusals_but_not_facts() -> None:
    refused = candidate(same_human=True)
    assert only(bought(candidate=refused, ruling="approve"))[0] == "pending"
    fallen = bought(candidate=refused, ruling="approve", cancelled_at=START)
    assert only(fallen) == ("voided", ("cancelled",))
    assert only(bought(ruling="reject")) == ("rejected", ("ruled_out",))


def test_what_counts_of_an_order_is_its_basis_and_what_is_left_its_amount() -> None:
    tea = LineFacts(id="1", product_id="p-1", category="", quantity=1, total=3000, gift_card=False)
    card = msgspec.structs.replace(tea, id="2", total=2000, gift_card=True)
    part = RefundFacts(id="r", amount=1000, lines=())
    order = bought(contents=contents(lines=(tea, card), refunds=(part,)))
    decision = decided(order)["ord_1"]
    assert (decision.basis, decision.amount) == (3000, 2400)


@pytest.mark.parametrize(
    ("told", "rules", "reasons"),
    [
        (contents(0, items=5000, discount=5000), {}, ("nothing_paid",)),
        (contents(gift_card=5400), {}, ("gift_cards_only",)),
        (
            contents(),
            {"include": GoodsSet(products=("p-9",), categories=())},
            ("no_eligible_goods",),
        ),
    ],
)
def test_an_order_in_which_nothing_counts_is_refused_with_the_one_reason(
    told: OrderContents, rules: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    assert only(bought(contents=told), goods=GoodsRules(**rules)) == ("rejected", reasons)


def test_the_minimum_is_measured_by_the_goods_that_count() -> None:
    tea = LineFacts(id="1", product_id="p-1", category="", quantity=1, total=1500, gift_card=False)
    card = msgspec.structs.replace(tea, id="2", total=3500, gift_card=True)
    order = bought(contents=contents(lines=(tea, card)))
    assert only(order) == ("rejected", ("below_minimum",))
    assert only(order, goods=GoodsRules(gift_cards=True))[0] == "pending"


def test_an_order_for_nothing_counts_where_the_programme_says_so() -> None:
    free = bought(contents=contents(0))
    rules = GoodsRules(free_orders=True)
    assert only(free, goods=rules, min_order=0) == ("pending", ("in_hold",))
    assert only(free, goods=rules) == ("rejected", ("below_minimum",))


@pytest.mark.parametrize("released", [None, START])
def test_a_charge_back_takes_it_back_and_a_won_dispute_gives_it_again(
    released: datetime | None,
) -> None:
    fallen = bought(charged_back_at=START + DAY, released_at=released)
    assert only(fallen) == ("voided", ("charged_back",))
    won = bought(released_at=released)
    assert only(won)[0] == ("approved" if released else "pending")


def test_a_charged_back_order_makes_nobody_a_customer() -> None:
    earlier = bought("0", paid_at=START - DAY, candidate=None, charged_back_at=START)
    assert only(earlier, bought())[0] == "pending"


def test_goods_that_went_back_whole_are_a_refund_although_the_shipping_was_kept() -> None:
    order = bought(contents=contents(back=5000))
    decision = decided(order)["ord_1"]
    assert (decision.status, decision.reasons) == ("voided", ("refunded",))
    assert (decision.basis, decision.amount) == (5000, 0)


FALLEN: list[dict[str, Any]] = [
    {"cancelled_at": START},
    {"charged_back_at": START},
    {"fully_refunded": True, "contents": contents(back=5400)},
    {"contents": contents(back=5000)},
]


@pytest.mark.parametrize("told", FALLEN)
def test_a_restored_referral_counts_whole_whatever_became_of_its_order(
    told: dict[str, Any],
) -> None:
    order = bought(ruling="restore", **told)
    early, late = decided(order)["ord_1"], decided(order, now=START + 31 * DAY)["ord_1"]
    assert (early.status, early.reasons, early.amount) == ("pending", ("in_hold",), 5000)
    assert (late.status, late.amount) == ("approved", 5000)
    released = bought(ruling="restore", released_at=START, **told)
    assert only(released) == ("approved", ())


def test_what_was_released_and_restored_stands_although_the_payment_was_taken_back() -> None:
    order = bought(ruling="restore", paid_at=None, released_at=START)
    decision = decided(order)["ord_1"]
    assert (decision.status, decision.hold_until) == ("approved", None)
    waiting = bought(ruling="restore", paid_at=None, cancelled_at=START)
    assert only(waiting) == ("pending", ("awaiting_payment",))


def test_a_restored_referral_is_the_friends_first() -> None:
    restored = bought(ruling="restore", cancelled_at=START)
    second = bought("2", paid_at=START + DAY, candidate=candidate(via="code"))
    assert decided(restored, second)["ord_2"].reasons == ("already_referred",)


def test_a_restoration_lifts_refusals_too_and_a_rejection_undoes_it() -> None:
    refused = candidate(same_human=True)
    restored = bought(candidate=refused, ruling="restore", cancelled_at=START)
    assert only(restored)[0] == "pending"
    assert only(bought(ruling="reject", cancelled_at=START)) == ("rejected", ("ruled_out",))
