"""The shop's whole history, in order, once, and resumable."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from oscar.core.loading import get_model

from wordmouth_oscar import outbox
from wordmouth_oscar.models import OrderRecord, PendingSnapshot
from wordmouth_oscar.outbox import flush, mark


@pytest.fixture
def history(goods):
    """Five orders, the oldest placed last, of a shop that knew nothing of the engine."""
    orders = get_model("order", "Order").objects
    placed = datetime(2025, 6, 1, tzinfo=UTC)
    for place in range(5):
        orders.create(
            number=str(500 + place),
            currency="EUR",
            total_incl_tax=10,
            total_excl_tax=10,
            guest_email=f"old{place}@example.com",
            status="Complete",
            date_placed=placed - timedelta(days=place),
        )
    PendingSnapshot.objects.all().delete()
    OrderRecord.objects.all().delete()
    return orders


def test_everything_is_told_oldest_orders_first(history, goods, receiver, capsys):
    call_command("wordmouth_backfill")
    kinds = [one["type"] for one in receiver.verified()]
    users = get_user_model().objects.count()
    expected = ["product.snapshot"] * 3 + ["customer.snapshot"] * users + ["order.snapshot"] * 5
    assert kinds == expected
    assert [one["id"] for one in receiver.orders()] == ["504", "503", "502", "501", "500"]
    assert not PendingSnapshot.objects.exists()
    assert "0 of" in capsys.readouterr().out


def test_an_old_order_takes_its_moments_from_its_placing(history, receiver):
    call_command("wordmouth_backfill", "--only", "orders")
    order = next(one for one in receiver.orders() if one["id"] == "500")
    assert order["paid_at"] == order["placed_at"] == "2025-06-01T00:00:00Z"


def test_since_leaves_older_orders_out(history, receiver):
    call_command("wordmouth_backfill", "--only", "orders", "--since", "2025-05-31")
    assert [one["id"] for one in receiver.orders()] == ["501", "500"]


def test_a_day_that_is_none_is_refused(history):
    with pytest.raises(CommandError, match="2026-01-31"):
        call_command("wordmouth_backfill", "--since", "yesterday")


def test_an_interrupted_backfill_goes_on_where_it_stopped(history, receiver, monkeypatch, capsys):
    deliver = outbox.EngineClient.deliver

    def until_it_breaks(self, message_id, content):
        if len(receiver.requests) == 2:
            receiver.status = 503
        return deliver(self, message_id, content)

    monkeypatch.setattr(outbox.EngineClient, "deliver", until_it_breaks)
    with pytest.raises(CommandError, match=r"3 left \(503"):
        call_command("wordmouth_backfill", "--only", "orders")
    monkeypatch.undo()
    receiver.status = 202
    receiver.requests.clear()
    PendingSnapshot.objects.update(due_at=timezone.now())
    capsys.readouterr()
    call_command("wordmouth_backfill")
    assert "Going on" in capsys.readouterr().out
    assert [one["id"] for one in receiver.orders()] == ["502", "501", "500"]


def test_news_goes_before_history(history, goods, receiver):
    outbox.mark_history(PendingSnapshot.Kind.PRODUCT, goods.values())
    mark(PendingSnapshot.Kind.ORDER, history.get(number="502").pk)
    flush()
    assert receiver.verified()[0]["type"] == "order.snapshot"


def test_a_second_backfill_tells_everything_again(history, receiver):
    call_command("wordmouth_backfill", "--only", "orders")
    call_command("wordmouth_backfill", "--only", "orders")
    assert len(receiver.orders()) == 10


def test_without_a_connection_it_says_so(history, settings):
    settings.WORDMOUTH_OSCAR = {}
    with pytest.raises(CommandError, match="URL, STORE_ID or SECRET"):
        call_command("wordmouth_backfill")
