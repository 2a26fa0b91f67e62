"""What Saleor's deliveries tell, trap by trap, and that what is read says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import UNSET

from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Parsed, Ref
from wordmouth.integrations.saleor import questions
from wordmouth.integrations.saleor import twin_forms as forms
from wordmouth.integrations.saleor.parse import parse
from wordmouth.integrations.saleor.twin import SaleorTwin
from wordmouth.integrations.saleor.twin_graph import told_of
from wordmouth.kit import clock
from wordmouth.orders.snapshot import Attribution, OrderSnapshot, Refund, RefundLine, Totals

AT = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    """The only clock."""
    with clock.using(clock.SetClock(AT)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> SaleorTwin:
    """A shop that is not asked."""
    return SaleorTwin()


def body(twin: SaleorTwin, name: str) -> bytes:
    """What a webhook tells of the order."""
    event = {"__typename": "OrderUpdated", "order": twin.orders[name]}
    return json.dumps(told_of(questions.SUBSCRIPTION, event)).encode()


def told(twin: SaleorTwin, name: str, **changes: Any) -> OrderSnapshot:
    """The order as it is told, with these changes."""
    twin.orders[name] |= changes
    (order,) = parse({}, body(twin, name)).orders
    read = json.dumps(json.loads(body(twin, name))["order"]).encode()
    assert parse({FETCHED: ORDER}, read).orders == (order,), "what is read says the same"
    return order


def test_an_order_that_was_placed(twin: SaleorTwin) -> None:
    order = told(twin, twin.order(total="80"))
    assert (order.currency, order.placed_at, order.paid_at) == ("EUR", AT, None)
    assert order.totals == Totals(grand=8000, items=8000)
    (line,) = order.lines or ()
    assert (line.quantity, line.unit_price, line.total, line.category) == (2, 4000, 8000, "Drinks")
    assert (line.product_id, line.gift_card) == (forms.name_of("Product", 10), False)
    assert order.country == "EE"
    assert order.customer is not None
    assert (order.customer.email, order.customer.locale) == ("friend@example.com", "et")


def test_an_order_stays_paid_when_the_money_goes_back(
    twin: SaleorTwin, watch: clock.SetClock
) -> None:
    name = twin.order(paid=True)
    watch.move(timedelta(hours=1))
    twin.order(name, refunds=["30", "50"])
    assert twin.orders[name]["chargeStatus"] == "NONE"
    order = told(twin, name)
    assert order.paid_at == AT
    assert [each.amount for each in order.refunds] == [3000, 5000]


def test_an_order_that_cost_nothing_is_paid(twin: SaleorTwin) -> None:
    assert told(twin, twin.order(total="0")).paid_at == AT


def test_a_refund_names_the_lines_for_which_it_was_granted(twin: SaleorTwin) -> None:
    name = twin.order(paid=True)
    event = twin.moved(twin.orders[name], "REFUND_SUCCESS", Decimal(40))
    line = twin.orders[name]["lines"][0]
    lines = [{"id": "x", "quantity": 1, "orderLine": line}]
    granted = {"id": "g", "lines": lines, "transactionEvents": [{"id": event}]}
    order = told(twin, name, grantedRefunds=[granted])
    back = RefundLine(id=line["id"], quantity=1)
    assert order.refunds == (Refund(id=event, amount=4000, at=AT, lines=(back,)),)


def test_only_what_went_back_for_good_is_a_refund(twin: SaleorTwin) -> None:
    name = twin.order(paid=True)
    order = twin.orders[name]
    for kind in ("REFUND_REQUEST", "REFUND_FAILURE"):
        twin.moved(order, kind, Decimal(80))
    twin.moved(order, "REFUND_SUCCESS", Decimal(80), "psp-1")
    twin.moved(order, "REFUND_REVERSE", Decimal(80), "psp-1")
    kept = twin.moved(order, "REFUND_SUCCESS", Decimal(20), "psp-2")
    assert [each.id for each in told(twin, name).refunds] == [kept]


def test_refunds_by_the_older_payments_count_too(twin: SaleorTwin) -> None:
    moved = [
        {"id": "p1", "kind": "CAPTURE", "isSuccess": True},
        {"id": "p2", "kind": "REFUND", "isSuccess": False},
        {"id": "p3", "kind": "REFUND", "isSuccess": True},
    ]
    rest = {"created": forms.time(AT), "amount": forms.money("12.50", "EUR")}
    payments = [{"id": "p", "transactions": [{**each, **rest} for each in moved]}]
    order = told(twin, twin.order(paid=True), payments=payments)
    assert order.refunds == (Refund(id="p3", amount=1250, at=AT),)


def test_a_charge_back_is_known_and_nothing_is_said_where_there_is_none(twin: SaleorTwin) -> None:
    name = twin.order(paid=True)
    assert told(twin, name).charged_back_at is UNSET
    twin.moved(twin.orders[name], "CHARGE_BACK", Decimal(80))
    order = told(twin, name)
    assert (order.charged_back_at, order.refunds, order.paid_at) == (AT, (), AT)


def test_what_gift_cards_paid_is_gone_from_the_total_and_counted_all_the_same(
    twin: SaleorTwin,
) -> None:
    cards = [{"id": forms.name_of("GiftCard", 1)}]
    order = told(
        twin,
        twin.order(),
        giftCards=cards,
        total=forms.taxed("30", "EUR"),
        shippingPrice=forms.taxed("5", "EUR", tax="1"),
        subtotal=forms.taxed("80", "EUR", tax="16"),
    )
    assert order.totals == Totals(grand=10200, items=8000, shipping=500, tax=1700, gift_card=7200)


def test_a_line_may_be_a_gift_card_or_of_a_product_that_is_gone(twin: SaleorTwin) -> None:
    line = twin.orders[twin.order()]["lines"][0]
    lines = [{**line, "variant": forms.variant("GIFT_CARD")}, {**line, "variant": None}]
    order = told(twin, twin.order(), lines=lines)
    found = [(each.gift_card, each.category) for each in order.lines or ()]
    assert found == [(True, "Drinks"), (False, "")]


@pytest.mark.parametrize("spread", [True, False])
def test_a_discount_is_the_same_whether_it_is_in_the_lines_or_only_in_the_total(
    twin: SaleorTwin, spread: bool
) -> None:
    name = twin.order()
    line = twin.orders[name]["lines"][0]
    after = forms.taxed("72" if spread else "80", "EUR")
    order = told(
        twin,
        name,
        lines=[{**line, "totalPrice": after}],
        total=forms.taxed("77", "EUR"),
        shippingPrice=forms.taxed("5", "EUR"),
        voucherCode="ana-7k3q9x",
    )
    assert order.totals == Totals(grand=7700, items=8000, discount=800, shipping=500)
    assert order.discount_codes == ("ANA-7K3Q9X",)


def test_an_order_is_fulfilled_when_all_of_it_is(twin: SaleorTwin, watch: clock.SetClock) -> None:
    name = twin.order()
    watch.move(timedelta(days=1))
    twin.send(name)
    order = told(twin, name)
    assert (order.fulfilled_at, order.delivered_at) == (AT + timedelta(days=1), UNSET)
    assert told(twin, name, status="PARTIALLY_FULFILLED").fulfilled_at is None


@pytest.mark.parametrize("state", ["CANCELED", "EXPIRED"])
def test_an_order_that_is_no_more(twin: SaleorTwin, watch: clock.SetClock, state: str) -> None:
    name = twin.order()
    twin.happened(twin.orders[name], state)
    watch.move(timedelta(hours=1))
    twin.order(name)
    assert told(twin, name, status=state).cancelled_at == AT
    assert told(twin, name, status=state, events=[]).cancelled_at == AT + timedelta(hours=1)


def test_a_draft_is_no_order_yet(twin: SaleorTwin) -> None:
    name = twin.order()
    twin.orders[name]["status"] = "DRAFT"
    assert parse({}, body(twin, name)) == Parsed()


def test_what_the_checkout_remembered_of_the_visit(twin: SaleorTwin) -> None:
    notes = {"_wordmouth_token": " tok.1 ", "_wordmouth_code": "ana-1", "other": "x"}
    order = told(twin, twin.order(), metadata=notes)
    assert order.attribution == Attribution(token="tok.1", code="ANA-1")
    assert told(twin, twin.order()).attribution is UNSET


def test_an_order_that_could_not_be_told_whole_is_read(twin: SaleorTwin) -> None:
    name = twin.order()
    document = json.loads(body(twin, name))
    document["order"]["transactions"] = None
    document["errors"] = [{"message": "To access this path, you need: MANAGE_ORDERS"}]
    parsed = parse({}, json.dumps(document).encode())
    assert parsed == Parsed(refetch=(Ref(kind=ORDER, id=name),))


def test_a_customer_is_told_and_read_alike(twin: SaleorTwin) -> None:
    name = twin.customer("ana@example.com")
    event = {"__typename": "CustomerCreated", "user": twin.customers[name]}
    document = told_of(questions.SUBSCRIPTION, event)
    (person,) = parse({}, json.dumps(document).encode()).customers
    assert (person.id, person.email, person.locale) == (name, "ana@example.com", "pt-br")
    read = json.dumps(document["user"]).encode()
    assert parse({FETCHED: CUSTOMER}, read).customers == (person,)


def test_a_product_costs_what_it_does_where_it_is_shown(twin: SaleorTwin) -> None:
    name = twin.product("Tee", price="12.50")
    read = twin.products[name]
    (product,) = parse({FETCHED: PRODUCT}, json.dumps(read).encode()).products
    assert (product.id, product.name, product.sku) == (name, "Tee", "TEE")
    assert (product.price, product.currency, product.category) == (1250, "EUR", "Drinks")
    assert product.image_url.endswith("tee.png")
    for changes in ({"channelListings": None}, {"defaultVariant": None}, {"thumbnail": None}):
        (product,) = parse({FETCHED: PRODUCT}, json.dumps(read | changes).encode()).products
        assert (product.price is None) == ("channelListings" in changes)


def test_an_address_that_is_none_is_left_out(twin: SaleorTwin) -> None:
    name = twin.order(userEmail="nobody")
    assert told(twin, name).customer is None
    user = forms.customer(forms.name_of("User", 7), "", AT)
    found = told(twin, name, user=user).customer
    assert found is not None
    assert (found.id, found.email) == (forms.name_of("User", 7), None)


@pytest.mark.parametrize(
    "changes",
    [
        {"total": {**forms.taxed("1", "EUR"), "currency": "XXZ"}},
        {"updatedAt": "1815-01-01T00:00:00+00:00"},
        {"total": forms.taxed("1e13", "EUR")},
    ],
)
def test_what_cannot_be_so_is_refused(twin: SaleorTwin, changes: dict[str, Any]) -> None:
    name = twin.order()
    twin.orders[name] |= changes
    with pytest.raises(BadDelivery):
        parse({}, body(twin, name))
