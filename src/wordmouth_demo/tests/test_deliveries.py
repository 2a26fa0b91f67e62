"""The outbox: nothing is lost, nothing is sent inside a transaction, nothing is hammered."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from wordmouth_demo import deliveries, orders
from wordmouth_demo.models import Delivery
from wordmouth_demo.seed import PAST, seed
from wordmouth_demo.tests.conftest import Clock, Engine, new_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]


def place(clock: Clock) -> int:
    return orders.place(new_order(), clock.now()).pk


def test_a_delivery_arrives_signed_at_the_stores_door(engine: Engine, clock: Clock) -> None:
    place(clock)
    assert engine.received == []
    assert deliveries.flush() == 1
    assert engine.bad_signatures == 0
    assert engine.received[0].path == "/in/str_test/generic"
    row = Delivery.objects.get()
    assert engine.received[0].body == row.body
    assert (row.state, row.answer_status, row.attempts) == ("delivered", 202, 1)
    assert "dlv_test" in row.answer_text
    assert deliveries.flush() == 0


def test_a_delivery_is_signed_by_the_demos_clock(engine: Engine, clock: Clock) -> None:
    clock.move(timedelta(days=30))
    place(clock)
    assert deliveries.flush() == 1
    assert engine.bad_signatures == 0


def test_nothing_is_sent_inside_a_transaction(engine: Engine, clock: Clock) -> None:
    with transaction.atomic():
        place(clock)
        assert deliveries.flush() == 0
        with pytest.raises(RuntimeError, match="transaction"):
            deliveries.send(Delivery.objects.get().pk)
    assert engine.received == []
    assert deliveries.flush() == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_checkout_commits_before_it_sends(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    place(clock)
    with transaction.atomic():
        assert deliveries.flush() == 0
    assert deliveries.flush() == 1
    assert len(engine.received) == 1


def test_what_the_engine_missed_arrives_with_a_later_page(engine: Engine, clock: Clock) -> None:
    engine.status = 503
    order_id = place(clock)
    orders.ship(order_id, clock.now())
    assert deliveries.flush() == 0
    waiting = Delivery.objects.order_by("pk")
    assert [(row.state, row.attempts) for row in waiting] == [("waiting", 1), ("waiting", 0)]
    engine.status = 202
    clock.move(timedelta(seconds=6))
    Client().get("/demo/shop/")
    assert [row.state for row in waiting.all()] == ["delivered", "delivered"]
    assert [received.body for received in engine.received] == [row.body for row in waiting]


def test_a_page_does_not_hammer_an_engine_that_is_down(engine: Engine, clock: Clock) -> None:
    engine.stop()
    clock.held = clock.now()
    place(clock)
    Client().get("/demo/shop/")
    Client().get("/demo/shop/")
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.answer_status) == ("waiting", 1, None)
    assert row.answer_text.startswith("Not reached")


def test_what_the_engine_refuses_waits_for_a_person(engine: Engine, clock: Clock) -> None:
    engine.status = 422
    place(clock)
    deliveries.flush()
    assert Delivery.objects.get().state == "refused"
    engine.status = 202
    assert deliveries.flush() == 0
    assert deliveries.retry_all() == (1, 0)
    assert Delivery.objects.get().state == "delivered"


def test_sending_again_repeats_id_and_body(engine: Engine, clock: Clock) -> None:
    place(clock)
    deliveries.flush()
    row = Delivery.objects.get()
    assert deliveries.send(row.pk).delivered
    assert engine.received[0] == engine.received[1]
    engine.status = 500
    assert not deliveries.send(row.pk).delivered
    row.refresh_from_db()
    assert (row.state, row.attempts, row.answer_status) == ("delivered", 3, 500)


def test_the_seed_tells_everything_once(engine: Engine) -> None:
    assert seed() == 8 + len(PAST)
    assert seed() == 0
    kinds = [row.kind for row in Delivery.objects.all()]
    assert (kinds.count("product.snapshot"), kinds.count("order.snapshot")) == (8, len(PAST))
    product = engine.received[0].data
    assert (product["id"], product["price"], product["currency"]) == ("p-1", 1490, "EUR")
    assert product["url"] == f"{engine.url}/demo/shop/products/hommik/"
    ends = [received.data for received in engine.received[8:]]
    assert sum(1 for order in ends if order["cancelled_at"]) == 1
    assert sum(1 for order in ends if order["refunds"]) == 2
    assert all(order["placed_at"] < order["updated_at"] or not order["fulfilled_at"]
               for order in ends)  # fmt: skip
    assert len({order["customer"]["email"] for order in ends}) >= 9
    assert engine.bad_signatures == 0


def test_a_seed_that_found_nobody_is_finished_later(engine: Engine) -> None:
    engine.status = 503
    assert seed() == 0
    engine.status = 202
    assert seed() == 8 + len(PAST)
