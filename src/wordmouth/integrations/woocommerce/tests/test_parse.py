"""What of a WooCommerce order becomes which of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import ORDER, Parsed, Ref
from wordmouth.integrations.woocommerce import twin_forms as forms
from wordmouth.integrations.woocommerce.parse import parse
from wordmouth.orders.snapshot import Attribution, OrderSnapshot, RefundLine

THEN, NOW = "2026-11-20T10:00:00", "2026-11-21T18:09:34"
AT = datetime(2026, 11, 21, 18, 9, 34, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)


def told(topic: str = "order.updated", **changes: Any) -> Parsed:
    order = forms.changed(forms.order(25, "EUR", THEN), changes, NOW)
    return parse({"x-wc-webhook-topic": topic}, forms.encoded(order))


def order(**changes: Any) -> OrderSnapshot:
    (found,) = told(**changes).orders
    return found


@pytest.mark.parametrize(
    ("status", "paid", "fulfilled", "cancelled"),
    [
        ("pending", None, None, None),
        ("on-hold", None, None, None),
        ("processing", AT, None, None),
        ("completed", AT, AT, None),
        ("cancelled", None, None, AT),
        ("failed", None, None, AT),
        ("trash", None, None, AT),
        ("refunded", None, None, AT),
    ],
)
def test_a_status_is_the_state_now(
    status: str, paid: object, fulfilled: object, cancelled: object
) -> None:
    found = order(status=status)
    assert (found.paid_at, found.fulfilled_at, found.cancelled_at) == (paid, fulfilled, cancelled)
    assert (found.placed_at, found.updated_at) == (EARLIER, AT)


def test_an_order_that_is_taken_up_again_is_not_completed_any_more() -> None:
    done = forms.changed(forms.order(25, "EUR", THEN), {"status": "completed"}, THEN)
    again = forms.changed(done, {"status": "processing"}, NOW)
    (found,) = parse({"x-wc-webhook-topic": "order.updated"}, forms.encoded(again)).orders
    assert (found.paid_at, found.fulfilled_at) == (EARLIER, None)


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
def test_a_cart_at_the_checkout_is_no_order_yet(status: str) -> None:
    assert told(status=status) == Parsed()


def test_refunds_with_their_lines_are_read_by_the_api() -> None:
    line = {
        "id": 90,
        "quantity": -1,
        "total": "-40.00",
        "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": "250"}],
    }
    refunded = [{"id": 31, "reason": "", "total": "-44.00"}]
    whole = {
        "order": forms.changed(forms.order(25, "EUR", THEN), {"refunds": refunded}, NOW),
        "refunds": [forms.refund(31, "44.00", NOW, [line])],
    }
    parsed = parse({FETCHED: ORDER}, json.dumps(whole).encode())
    (found,) = parsed.orders
    (refund,) = found.refunds
    assert (refund.id, refund.amount, refund.at) == ("31", 4400, AT)
    assert refund.lines == (RefundLine(id="250", quantity=1, amount=4000),)
    assert not parsed.refetch
    line["meta_data"] = []
    (found,) = parse({FETCHED: ORDER}, json.dumps(whole).encode()).orders
    assert found.refunds[0].lines == (), "of a line that is not named nothing is guessed"


def test_an_order_with_refunds_is_read_again_for_their_lines() -> None:
    parsed = told(refunds=[{"id": 31, "reason": "", "total": "-44.00"}])
    assert parsed.refetch == (Ref(kind=ORDER, id="25"),)
    assert [refund.amount for refund in parsed.orders[0].refunds] == [4400]


def test_where_the_buyer_came_from_stands_in_notes() -> None:
    notes = [
        {"id": 1, "key": "_wordmouth_token", "value": " tok.en "},
        {"id": 2, "key": "_wordmouth_code", "value": "ana-7k3q9x"},
        {"id": 3, "key": "_other", "value": {"a": [1]}},
    ]
    assert order(meta_data=notes).attribution == Attribution(token="tok.en", code="ANA-7K3Q9X")
    assert order().attribution is None


def test_sums_are_without_tax_and_tax_beside_them() -> None:
    line = {**forms.line(7, "EUR"), "subtotal": "80.00", "total": "72.00", "price": 36.0000001}
    found = order(
        line_items=[line],
        discount_total="8.00",
        shipping_total="5.00",
        total_tax="14.63",
        total="91.63",
    )
    assert (found.totals.items, found.totals.discount) == (8000, 800)
    assert (found.totals.shipping, found.totals.tax, found.totals.grand) == (500, 1463, 9163)
    assert [(one.unit_price, one.total) for one in found.lines] == [(3600, 7200)]  # type: ignore[union-attr]


def test_a_fraction_of_a_piece_is_a_piece() -> None:
    (line,) = order(line_items=[{**forms.line(7, "EUR"), "quantity": 0.5}]).lines  # type: ignore[misc]
    assert line.quantity == 1


@pytest.mark.parametrize("email", ["", "no address", "a@b"])
def test_an_address_that_is_none_is_left_out_and_the_order_counts(email: str) -> None:
    found = order(billing={"email": email}, customer_id=7)
    assert found.customer is not None
    assert (found.customer.id, found.customer.email) == ("7", None)
    assert found.totals.grand == 8000


def test_a_deleted_order_is_looked_for_and_other_topics_tell_nothing() -> None:
    def read(topic: str, document: object) -> Parsed:
        return parse({"x-wc-webhook-topic": topic}, json.dumps(document).encode())

    assert read("order.deleted", {"id": 25}).refetch == (Ref(kind=ORDER, id="25"),)
    assert read("customer.deleted", {"id": 25}) == Parsed()
    assert read("product.updated", {"id": 25}) == Parsed()
    assert read("", {"id": 25}) == Parsed()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"total": "a lot"}, "total"),
        ({"total": "NaN"}, "no amount of money"),
        ({"total": "1e30"}, "no amount of money"),
        ({"currency": "ABC"}, "currency: is 'ABC'"),
        ({"currency": "eur"}, "currency"),
        ({"date_paid_gmt": "soon"}, "date_paid_gmt: is 'soon'"),
        ({"date_paid_gmt": "1026-11-20T10:00:00"}, "in the year 1026"),
        ({"id": 0}, "id"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadDelivery, match=says):
        told(**changes)


def test_times_with_a_zone_are_taken_with_it() -> None:
    assert order(date_paid_gmt="2026-11-21T20:09:34+02:00").paid_at == AT


def test_an_amount_is_what_the_currency_has() -> None:
    assert forms.amount("4980", "JPY") == "4980"
    assert forms.amount("12.345", "KWD") == "12.345"
    assert Decimal(forms.amount("1", "EUR")) == 1
