"""Nothing is lost between the shop and the engine, and nothing waits for it."""

import socket
import threading
import time
from datetime import timedelta

import buying
import pytest
from buying import Browser
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from oscar.core.loading import get_model
from receiver import PATIENCE, Receiver

from wordmouth_oscar import outbox
from wordmouth_oscar.models import PendingSnapshot
from wordmouth_oscar.outbox import flush, mark

Kind = PendingSnapshot.Kind


def due_now() -> None:
    PendingSnapshot.objects.update(due_at=timezone.now())


def buy(goods) -> str:
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    number = buying.checkout(browser)
    PendingSnapshot.objects.exclude(kind=Kind.ORDER).delete()
    return number


def test_the_row_is_written_with_the_order_and_vanishes_with_it(goods):
    product = get_model("catalogue", "Product").objects.get(pk=goods["TEA-9"])
    with transaction.atomic():
        product.save()
        assert PendingSnapshot.objects.count() == 1
        transaction.set_rollback(True)
    assert not PendingSnapshot.objects.exists()


def test_an_order_is_marked_before_its_transaction_ends(goods, monkeypatch):
    """A crash between the commit and oscar's order_placed signal must not lose the order."""
    from oscar.apps.order.signals import order_placed

    seen = []
    monkeypatch.setattr(
        order_placed,
        "send",
        lambda **kwargs: seen.append(PendingSnapshot.objects.filter(kind=Kind.ORDER).count()),
    )
    buy(goods)
    assert seen == [1]


def test_one_checkout_is_told_once(goods, receiver):
    buy(goods)
    assert PendingSnapshot.objects.count() == 1
    assert flush().sent == 1
    assert len(receiver.requests) == 1
    assert not PendingSnapshot.objects.exists()


def test_an_engine_that_is_down_and_comes_back(goods, receiver, connect, monkeypatch):
    monkeypatch.setattr(outbox, "FIRST_WAIT", timedelta(minutes=30))
    port = receiver.port
    receiver.close()
    number = buy(goods)
    done = flush()
    assert (done.sent, done.failed) == (0, 1)
    assert done.stopped_by
    row = PendingSnapshot.objects.get()
    assert row.attempts == 1
    assert row.due_at > timezone.now()
    assert row.leased_until is None
    assert flush().failed == 0, "it is not due yet"

    revived = Receiver(port)
    try:
        due_now()
        assert flush().sent == 1
        assert [one["id"] for one in revived.orders()] == [number]
    finally:
        revived.close()


@pytest.mark.parametrize("status", [302, 401, 404, 429, 500, 503])
def test_trouble_of_the_engine_stops_the_flush_and_backs_off(goods, receiver, status):
    receiver.status = status
    for product in goods.values():
        mark(Kind.PRODUCT, product)
    assert flush().failed == 1
    assert len(receiver.requests) == 1
    row = PendingSnapshot.objects.exclude(last_error="").get()
    for wait in (10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600):
        PendingSnapshot.objects.exclude(pk=row.pk).delete()
        due_now()
        before = timezone.now()
        flush()
        row.refresh_from_db()
        pause = timedelta(seconds=wait)
        assert before + pause <= row.due_at <= timezone.now() + pause
    assert str(status) in row.last_error


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_snapshot_that_is_refused_does_not_hold_up_the_others(goods, receiver, status):
    receiver.status = status
    for product in goods.values():
        mark(Kind.PRODUCT, product)
    assert flush().failed == 3
    assert PendingSnapshot.objects.count() == 3


def test_the_same_change_has_the_same_id_and_another_change_another(goods, receiver):
    buy(goods)
    receiver.status = 500
    flush()
    receiver.status = 202
    due_now()
    flush()
    call_command("order", get_model("order", "Order").objects.get().number, "--paid")
    flush()
    first, again, changed = (headers["webhook-id"] for _, headers, _ in receiver.requests)
    assert first == again != changed


def test_a_change_while_it_is_told_is_told_again(goods, receiver, monkeypatch):
    number = buy(goods)
    deliver = outbox.EngineClient.deliver

    def slowly(self, message_id, content):
        if len(receiver.requests) == 0:
            call_command("order", number, "--paid")
        return deliver(self, message_id, content)

    monkeypatch.setattr(outbox.EngineClient, "deliver", slowly)
    assert flush().sent == 2
    unpaid, paid = receiver.orders()
    assert unpaid["paid_at"] is None
    assert paid["paid_at"] is not None
    assert unpaid["updated_at"] < paid["updated_at"]
    assert not PendingSnapshot.objects.exists()


def test_a_deleted_object_is_dropped(goods, receiver):
    mark(Kind.PRODUCT, 999_999)
    done = flush()
    assert (done.sent, done.gone) == (0, 1)
    assert not PendingSnapshot.objects.exists()


def test_a_crashed_sender_gives_its_lease_back_in_time(goods, receiver):
    mark(Kind.PRODUCT, goods["TEA-9"])
    PendingSnapshot.objects.update(leased_until=timezone.now() + outbox.LEASE)
    assert flush().sent == 0
    assert outbox.next_due() > timezone.now()
    PendingSnapshot.objects.update(leased_until=timezone.now())
    assert flush().sent == 1


def test_customers_products_and_prices_are_marked(goods):
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.create_user("a", "ana@example.com", "x")
    get_model("partner", "StockRecord").objects.get(product_id=goods["CUP-1"]).save()
    get_model("catalogue", "Product").objects.get(pk=goods["TEA-9"]).save()
    marked = set(PendingSnapshot.objects.values_list("kind", "key"))
    assert marked == {
        ("customer", str(user.pk)),
        ("product", str(goods["CUP-1"])),
        ("product", str(goods["TEA-9"])),
    }
    PendingSnapshot.objects.all().delete()
    user.save(update_fields=["last_login"])
    assert not PendingSnapshot.objects.exists()


def test_a_product_is_told_with_its_price(goods, receiver):
    mark(Kind.PRODUCT, goods["TEA-9"])
    flush()
    (product,) = (one["data"] for one in receiver.verified("product.snapshot"))
    assert product.pop("updated_at")
    assert product == {
        "id": str(goods["TEA-9"]),
        "sku": "TEA-9",
        "name": "Smoked tea",
        "category": "Tea",
        "url": f"http://127.0.0.1/catalogue/tea-9_{goods['TEA-9']}/",
        "image_url": None,
        "currency": "EUR",
        "price": 2500,
        "is_active": True,
    }


def test_products_can_be_left_out(goods, connect):
    connect(PRODUCTS=False)
    get_model("catalogue", "Product").objects.get(pk=goods["TEA-9"]).save()
    assert not PendingSnapshot.objects.exists()


def test_the_flush_command_reports_and_fails_if_the_engine_does(goods, receiver, capsys):
    mark(Kind.PRODUCT, goods["TEA-9"])
    call_command("wordmouth_flush", "--status")
    assert "pending: 1" in capsys.readouterr().out
    receiver.status = 500
    with pytest.raises(CommandError, match="500"):
        call_command("wordmouth_flush")
    receiver.status = 202
    due_now()
    capsys.readouterr()
    call_command("wordmouth_flush", "--json")
    assert '"sent": 1' in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_tell_each_thing_once(transactional_db, goods, receiver):
    products = get_model("catalogue", "Product").objects
    kind = products.first().product_class
    for place in range(30):
        products.create(title=f"Thing {place}", slug=f"thing-{place}", product_class=kind)
    PendingSnapshot.objects.exclude(kind=Kind.PRODUCT).delete()
    waiting = PendingSnapshot.objects.count()
    sent = []

    def send() -> None:
        sent.append(flush().sent)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(sent) == waiting
    assert len(receiver.requests) == waiting
    assert len({headers["webhook-id"] for _, headers, _ in receiver.requests}) == waiting


@pytest.mark.django_db(transaction=True)
def test_the_background_thread_sends_without_a_command(transactional_db, goods, receiver, connect):
    connect(BACKGROUND=True, DELAY=0.1)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    number = buying.checkout(browser)
    assert outbox.background.join(PATIENCE)
    assert receiver.orders()[-1]["id"] == number
    assert not PendingSnapshot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_background_thread_waits_for_the_engine(
    transactional_db, goods, receiver, connect, monkeypatch
):
    monkeypatch.setattr("wordmouth_oscar.flusher.FIRST_SLEEP_AFTER_TROUBLE", 0.05)
    monkeypatch.setattr(outbox, "FIRST_WAIT", outbox.FIRST_WAIT / 100)
    connect(BACKGROUND=True)
    receiver.status = 503
    mark(Kind.PRODUCT, goods["TEA-9"])
    until = time.monotonic() + PATIENCE
    while len(receiver.requests) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(receiver.requests) >= 3
    receiver.status = 202
    assert outbox.background.join(PATIENCE)
    assert not PendingSnapshot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_checkout_does_not_wait_for_a_slow_engine(transactional_db, goods, receiver, connect):
    """It never answers: one who waited for it would wait longer than a test may take."""
    deaf = socket.create_server(("127.0.0.1", 0))
    deaf.settimeout(PATIENCE)
    address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
    try:
        connect(BACKGROUND=True, URL=address, TIMEOUT=100 * PATIENCE)
        browser = Browser()
        buying.add(browser, goods["TEA-9"], 1)
        buying.identify(browser, "friend@example.com")
        buying.preview(browser)
        assert buying.place(browser).place == "/checkout/thank-you/"
        asked, _ = deaf.accept()
        asked.close()
    finally:
        PendingSnapshot.objects.all().delete()
        deaf.close()
        outbox.background.kick()
        assert outbox.background.join(PATIENCE)
