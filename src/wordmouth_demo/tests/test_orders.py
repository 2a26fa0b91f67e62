"""Orders: their sums, their coupon, their way, and the snapshot that is kept of each change."""

import json
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from wordmouth_demo import coupons, orders
from wordmouth_demo.coupons import CouponRefused
from wordmouth_demo.models import Coupon, Customer, Delivery, Order, Refund
from wordmouth_demo.orders import OrderProblem
from wordmouth_demo.tests.conftest import Clock, new_order

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def make_coupon(**terms: Any) -> Coupon:
    data = {"code": "WM-GIFT", "kind": "percent_off", "value": 10, "currency": "EUR"} | terms
    return coupons.issue(coupons.parse(data), NOW)


def snapshots() -> list[dict[str, Any]]:
    bodies = Delivery.objects.order_by("pk").values_list("body", flat=True)
    return [json.loads(body)["data"] for body in bodies]


@pytest.mark.django_db
def test_the_snapshot_is_the_whole_order() -> None:
    make_coupon()
    placed = orders.place(new_order(coupon="WM-GIFT", lines=((0, 2), (4, 1))), NOW)
    line_ids = [str(pk) for pk in placed.lines.order_by("pk").values_list("pk", flat=True)]
    assert snapshots() == [
        {
            "id": placed.external_id,
            "number": placed.number,
            "updated_at": "2026-11-21T10:00:00Z",
            "placed_at": "2026-11-21T10:00:00Z",
            "paid_at": "2026-11-21T10:00:00Z",
            "fulfilled_at": None,
            "delivered_at": None,
            "cancelled_at": None,
            "currency": "EUR",
            "totals": {"items": 3960, "discount": 396, "shipping": 400, "tax": 0, "grand": 3964},
            "customer": {
                "id": placed.customer.number,
                "email": "ana@example.com",
                "first_name": "Ana",
                "last_name": "Saar",
                "locale": "en",
            },
            "discount_codes": ["WM-GIFT"],
            "lines": [
                {
                    "id": line_ids[0],
                    "product_id": "p-1",
                    "sku": "COF-HOM-250",
                    "name": "Hommik",
                    "category": "Coffee",
                    "quantity": 2,
                    "unit_price": 1490,
                    "total": 2980,
                },
                {
                    "id": line_ids[1],
                    "product_id": "p-5",
                    "sku": "TEA-NII-060",
                    "name": "Niit",
                    "category": "Tea",
                    "quantity": 1,
                    "unit_price": 980,
                    "total": 980,
                },
            ],
            "refunds": [],
            "shipping_address": {
                "line1": "Kohtu 1",
                "postcode": "10130",
                "city": "Tallinn",
                "country": "EE",
            },
            "client": {"ip": None, "user_agent": None},
            "attribution": {"token": None, "code": None},
            "is_test": False,
        }
    ]


@pytest.mark.django_db
def test_updated_at_grows_even_when_the_clock_stands_still() -> None:
    order_id = orders.place(new_order(), NOW).pk
    orders.ship(order_id, NOW)
    orders.deliver(order_id, NOW)
    orders.refund(order_id, 500, NOW)
    orders.refund(order_id, None, NOW)
    stamps = [datetime.fromisoformat(data["updated_at"]) for data in snapshots()]
    assert len(stamps) == 5
    assert all(earlier < later for earlier, later in pairwise(stamps))
    last = snapshots()[-1]
    assert [refund["amount"] for refund in last["refunds"]] == [500, 2880]
    assert last["fulfilled_at"] == last["delivered_at"] == "2026-11-21T10:00:00Z"


@pytest.mark.django_db
def test_a_customer_is_known_by_their_e_mail() -> None:
    first = orders.place(new_order("Ana@Example.com"), NOW)
    second = orders.place(new_order("ana@example.com"), NOW + timedelta(days=1))
    assert first.customer_id == second.customer_id
    assert Customer.objects.get().created_at == NOW


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "words", "for_good"),
    [
        ({"min_order": 5000}, "needs goods for €50.00: €20.20 more", False),
        ({"expires_at": "2026-11-20T00:00:00Z"}, "expired on 20 November 2026", True),
        ({"customer": {"email": "ben@example.com"}}, "made for another e-mail address", False),
    ],
)
def test_a_coupon_that_does_not_fit_is_refused_and_nothing_is_kept(
    terms: dict[str, Any], words: str, for_good: bool
) -> None:
    make_coupon(**terms)
    with pytest.raises(CouponRefused, match=words) as refused:
        orders.place(new_order(coupon="WM-GIFT"), NOW)
    assert refused.value.for_good is for_good
    assert not Order.objects.exists()
    assert not Delivery.objects.exists()
    assert Coupon.objects.get().times_used == 0


@pytest.mark.django_db
def test_unknown_and_revoked_coupons_are_refused() -> None:
    with pytest.raises(CouponRefused, match="do not know"):
        orders.place(new_order(coupon="WM-NONE"), NOW)
    make_coupon()
    coupons.revoke("WM-GIFT", NOW)
    with pytest.raises(CouponRefused, match="was withdrawn"):
        orders.place(new_order(coupon="WM-GIFT"), NOW)


@pytest.mark.django_db
def test_a_coupon_works_once_and_cancelling_gives_nothing_back() -> None:
    make_coupon()
    first = orders.place(new_order(coupon="WM-GIFT"), NOW)
    orders.cancel(first.pk, NOW)
    with pytest.raises(CouponRefused, match="already been used"):
        orders.place(new_order("ben@example.com", coupon="WM-GIFT"), NOW)
    assert Coupon.objects.get().state_at(NOW) == "used"


@pytest.mark.django_db(transaction=True)
def test_of_many_buyers_at_once_one_gets_the_coupon(clock: Clock) -> None:
    make_coupon()
    barrier, results = threading.Barrier(5), []

    def buy(number: int) -> None:
        barrier.wait()
        try:
            orders.place(new_order(f"buyer{number}@example.com", coupon="WM-GIFT"), clock.now())
            results.append("placed")
        except CouponRefused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["placed"] + ["refused"] * 4
    assert Coupon.objects.get().times_used == Order.objects.count() == 1


@pytest.mark.django_db
def test_what_cannot_happen_is_refused_in_words() -> None:
    with pytest.raises(OrderProblem, match="empty"):
        orders.place(orders.NewOrder([], new_order().buyer, new_order().address), NOW)
    order_id = orders.place(new_order(), NOW).pk
    for action, words in (
        (orders.pay, "is paid already"),
        (orders.deliver, "was not shipped yet"),
    ):
        with pytest.raises(OrderProblem, match=words):
            action(order_id, NOW)
    for amount in (0, -1, 3381):
        with pytest.raises(OrderProblem, match=r"Between €0\.01 and €33\.80"):
            orders.refund(order_id, amount, NOW)
    orders.ship(order_id, NOW)
    for action, words in (
        (orders.ship, "was shipped already"),
        (orders.cancel, "refund it instead"),
    ):
        with pytest.raises(OrderProblem, match=words):
            action(order_id, NOW)
    orders.refund(order_id, None, NOW)
    with pytest.raises(OrderProblem, match="refunded in full already"):
        orders.refund(order_id, None, NOW)
    assert Refund.objects.get().amount == 3380


@pytest.mark.django_db
def test_an_order_paid_later() -> None:
    later = orders.NewOrder(**{**vars(new_order()), "paid_at_once": False})
    order_id = orders.place(later, NOW).pk
    assert snapshots()[0]["paid_at"] is None
    for action, words in ((orders.ship, "not paid yet"), (orders.deliver, "not shipped")):
        with pytest.raises(OrderProblem, match=words):
            action(order_id, NOW)
    with pytest.raises(OrderProblem, match="nothing to refund"):
        orders.refund(order_id, None, NOW)
    orders.pay(order_id, NOW + timedelta(hours=1))
    assert snapshots()[1]["paid_at"] == "2026-11-21T11:00:00Z"
    orders.cancel(order_id, NOW)
    with pytest.raises(OrderProblem, match="was cancelled"):
        orders.ship(order_id, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "abc", "-1", "٣", "999999999999999999999", "1000"])
def test_an_order_that_is_not_there_is_not_found(text: str) -> None:
    assert orders.find(text) is None
