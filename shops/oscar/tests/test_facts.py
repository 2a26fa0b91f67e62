"""What became of an order, from each way in which oscar shops record it."""

from decimal import Decimal

import buying
import pytest
from buying import Browser
from django.core.management import call_command
from oscar.core.loading import get_model

from wordmouth_oscar.outbox import flush

Order = get_model("order", "Order")


@pytest.fixture
def number(goods):
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 2)
    return buying.checkout(browser)


@pytest.fixture
def told(number, receiver):
    """The engine's latest snapshot of the order."""

    def latest():
        flush()
        return receiver.orders()[-1]

    return latest


def work(number, *options):
    call_command("order", number, *options)


def moments(order):
    names = ("paid", "fulfilled", "delivered", "cancelled")
    return [name for name in names if order[f"{name}_at"] is not None]


def test_a_new_order_proves_nothing(told):
    assert moments(told()) == []


def test_a_payment_event_of_the_whole_sum_is_paid(number, told):
    before = told()
    work(number, "--paid")
    after = told()
    assert moments(after) == ["paid"]
    assert before["placed_at"] < after["paid_at"] < after["updated_at"]
    assert before["updated_at"] < after["updated_at"]


def test_a_part_payment_is_not_paid(number, told):
    order = Order.objects.get(number=number)
    kind = get_model("order", "PaymentEventType").objects.get(name="Settled")
    order.payment_events.create(event_type=kind, amount=order.total_incl_tax - Decimal("0.01"))
    assert moments(told()) == []
    order.payment_events.create(event_type=kind, amount=Decimal("0.01"))
    assert moments(told()) == ["paid"]


def test_an_authorisation_is_not_paid(number, told):
    order = Order.objects.get(number=number)
    kind = get_model("order", "PaymentEventType").objects.create(name="Authorised")
    order.payment_events.create(event_type=kind, amount=order.total_incl_tax)
    assert moments(told()) == []


def test_shipping_events_of_every_line_are_fulfilled_and_delivered(number, told):
    work(number, "--shipped")
    assert moments(told()) == ["fulfilled"]
    work(number, "--delivered")
    order = told()
    assert moments(order) == ["fulfilled", "delivered"]
    assert order["fulfilled_at"] < order["delivered_at"]


def test_a_part_shipment_is_not_fulfilled(number, told):
    order = Order.objects.get(number=number)
    kind = get_model("order", "ShippingEventType").objects.get(name="Shipped")
    line = order.lines.get()
    for expected in ([], ["fulfilled"]):
        event = order.shipping_events.create(event_type=kind)
        event.line_quantities.create(line=line, quantity=1)
        assert moments(told()) == expected


def test_statuses_of_the_sandbox(number, told):
    work(number, "--status", "Being processed")
    assert moments(told()) == []
    work(number, "--status", "Complete")
    assert moments(told()) == ["paid", "fulfilled"]
    first = told()
    work(number, "--status", "Delivered")
    order = told()
    assert moments(order) == ["paid", "fulfilled", "delivered"]
    assert order["paid_at"] == first["paid_at"]


def test_a_cancelled_order(number, told):
    work(number, "--status", "Cancelled")
    assert moments(told()) == ["cancelled"]


def test_a_reopened_order_is_not_cancelled(number, told):
    work(number, "--status", "Cancelled")
    order = Order.objects.get(number=number)
    order.status = "Pending"
    order.save()
    assert moments(told()) == []


def test_a_status_moved_by_hand_has_its_moment(number, told):
    before = told()
    order = Order.objects.get(number=number)
    order.status = "Complete"
    order.save()
    assert before["updated_at"] < told()["paid_at"]
    assert not order.status_changes.exists()


def test_statuses_of_a_shop_of_its_own(number, told, connect):
    connect(STATUSES={"Being processed": ["paid"], "Complete": ["paid", "fulfilled", "delivered"]})
    work(number, "--status", "Being processed")
    assert moments(told()) == ["paid"]
    work(number, "--status", "Complete")
    assert moments(told()) == ["paid", "fulfilled", "delivered"]


def test_a_shop_that_places_orders_only_when_paid(number, told, connect):
    connect(PAID_AT_PLACEMENT=True)
    order = told()
    assert order["paid_at"] == order["placed_at"]


def test_refunds_keep_their_ids(number, told):
    work(number, "--paid", "--refund", "10.50")
    (first,) = told()["refunds"]
    assert first["amount"] == 1050
    work(number, "--refund", "4.00")
    again, second = told()["refunds"]
    assert again == first
    assert second["amount"] == 400
    assert second["id"] != first["id"]


def test_a_refund_of_lines_names_them(number, told):
    work(number, "--paid")
    order = Order.objects.get(number=number)
    (line,) = order.lines.all()
    kind, _ = get_model("order", "PaymentEventType").objects.get_or_create(name="Refunded")
    event = order.payment_events.create(event_type=kind, amount=Decimal("25.00"))
    assert told()["refunds"][0]["lines"] == []
    event.line_quantities.create(line=line, quantity=1)
    (refund,) = told()["refunds"]
    assert refund["lines"] == [{"id": str(line.pk), "quantity": 1}]
    assert line.pk == int(told()["lines"][0]["id"])


def test_a_charge_back_is_told_while_the_status_says_so(number, told):
    work(number, "--paid")
    order = Order.objects.get(number=number)
    for status, charged_back in (("Charged back", True), ("Paid", False)):
        order.status = status
        order.save()
        assert (told()["charged_back_at"] is not None) is charged_back


def test_money_in_transactions_where_the_shop_records_it_there(number, told, connect):
    connect(MONEY_FROM="transactions")
    order = Order.objects.get(number=number)
    kind = get_model("payment", "SourceType").objects.create(name="Card")
    source = get_model("payment", "Source").objects.create(
        order=order, source_type=kind, currency="EUR"
    )
    source.allocate(order.total_incl_tax)
    assert moments(told()) == []
    source.debit(order.total_incl_tax)
    assert moments(told()) == ["paid"]
    source.refund(Decimal("3.00"))
    # The same refund also as an event: it counts once.
    work(number, "--refund", "3.00")
    assert [one["amount"] for one in told()["refunds"]] == [300]


def test_an_order_of_nothing_is_paid(goods, issue, receiver):
    issue("WM-ALL", value=100)
    issue("WM-SHIP", kind="free_shipping", value=0, min_order=None)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    buying.add_voucher(browser, "WM-ALL")
    buying.checkout(browser)
    order = Order.objects.get()
    order.total_incl_tax = order.total_excl_tax = 0
    order.save()
    flush()
    assert receiver.orders()[-1]["paid_at"] == receiver.orders()[-1]["placed_at"]


def test_taxes_stand_beside_the_amounts(number, told):
    order = Order.objects.get(number=number)
    order.total_incl_tax = order.total_excl_tax + 10
    order.surcharges.create(name="Card", code="card", incl_tax=1, excl_tax=1)
    order.total_excl_tax += 1
    order.total_incl_tax += 1
    order.save()
    totals = told()["totals"]
    assert totals["tax"] == 1000
    assert totals["surcharges"] == 100
    parts = totals["items"] - totals["discount"] + totals["shipping"]
    assert parts + totals["surcharges"] + totals["tax"] == totals["grand"]


@pytest.mark.parametrize(("currency", "grand"), [("EUR", 5400), ("JPY", 54), ("KWD", 54_000)])
def test_minor_units_follow_the_currency(number, told, currency, grand):
    Order.objects.filter(number=number).update(currency=currency)
    Order.objects.get(number=number).save()
    assert told()["totals"]["grand"] == grand
