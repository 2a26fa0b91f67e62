"""What Shopify's deliveries tell, trap by trap, and that what is read says the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from wordmouth.inbox.ports import FETCHED, Verified
from wordmouth.integrations import twins
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import CUSTOMER, ORDER, Parsed, Ref, ShopApi
from wordmouth.integrations.shopify import twin_forms as forms
from wordmouth.integrations.shopify.adapter import Shopify
from wordmouth.integrations.shopify.api import TOPICS, ShopifyApi
from wordmouth.integrations.shopify.calls import ShopifyCalls, Tokens
from wordmouth.integrations.shopify.parse import parse
from wordmouth.integrations.shopify.twin import MOST_FAILURES, ShopifyTwin
from wordmouth.integrations.shopify.verify import ShopifySignatures, signature
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.kit.signing import BadSignature
from wordmouth.orders.snapshot import Attribution, OrderSnapshot, Refund, RefundLine, Totals

AT = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
ADDRESS = "https://engine.example/in/str_1/shopify"


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    """The only clock."""
    with clock.using(clock.SetClock(AT)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[ShopifyTwin]:
    """A shop that delivers to us."""
    with twins.running(ShopifyTwin()) as twin:
        api(twin).install(ADDRESS)
        yield twin


def api(twin: ShopifyTwin) -> ShopifyApi:
    http = Http(allow_private=True, max_answer_bytes=1 << 20)
    return ShopifyApi(ShopifyCalls(http, Tokens(http), twin.url, twin.client_id, twin.secrets))


def told(twin: ShopifyTwin, topic: str) -> Parsed:
    """What the last delivery of a topic tells."""
    sent = next(each for each in twin.deliveries() if each.headers["x-shopify-topic"] == topic)
    return parse(sent.headers, sent.body)


def delivered(twin: ShopifyTwin, topic: str = "orders/updated") -> OrderSnapshot:
    """The order in the last delivery of a topic."""
    (order,) = told(twin, topic).orders
    return order


def read(shop: ShopApi, number: int) -> OrderSnapshot:
    """The order as it is read."""
    found = shop.fetch(Ref(kind=ORDER, id=str(number)))
    assert found is not None
    (order,) = parse({FETCHED: ORDER}, found.body).orders
    return order


def tea(number: int, quantity: int, price: str, off: str, tax: str) -> dict[str, Any]:
    """A line with a discount and a tax."""
    return {
        **forms.line(number, "EUR", price, quantity),
        "price": price,
        "discount_allocations": [{"amount": off}],
        "tax_lines": [{"price": tax, "title": "KM", "rate": 0.2}],
    }


def shipping() -> dict[str, Any]:
    return {"price": "6.00", "discounted_price": "4.80", "tax_lines": [{"price": "0.80"}]}


@pytest.mark.parametrize(
    ("included", "grand", "totals"),
    [
        (True, "28.80", Totals(grand=2880, items=2600, discount=600, shipping=400, tax=480)),
        (False, "33.60", Totals(grand=3360, items=3000, discount=600, shipping=480, tax=480)),
    ],
)
def test_sums_are_without_tax_whether_prices_have_it_or_not(
    twin: ShopifyTwin, included: bool, grand: str, totals: Totals
) -> None:
    number = twin.order(
        taxes_included=included,
        total_price=grand,
        total_tax="4.80",
        line_items=[tea(7, 2, "15.00", "6.00", "4.00")],
        shipping_lines=[shipping()],
    )
    order = delivered(twin, "orders/create")
    assert order.totals == totals
    assert totals.items is not None
    whole = totals.items - totals.discount + totals.shipping + totals.tax
    assert whole == totals.grand
    (line,) = order.lines  # type: ignore[misc]
    assert (line.quantity, line.unit_price, line.total) == (2, 1500, 2000 if included else 2400)
    assert read(api(twin), number) == order


@pytest.mark.parametrize(
    ("currency", "total", "minor"), [("JPY", "4980", 4980), ("KWD", "12.345", 12345)]
)
def test_currencies_without_and_with_three_decimals(
    twin: ShopifyTwin, currency: str, total: str, minor: int
) -> None:
    number = twin.order(currency=currency, total=total, paid=True)
    for order in (delivered(twin, "orders/paid"), read(api(twin), number)):
        assert (order.currency, order.totals.grand, order.totals.items) == (currency, minor, minor)


def test_an_order_tells_when_it_was_paid_only_at_that_moment(
    twin: ShopifyTwin, watch: clock.SetClock
) -> None:
    number = twin.order()
    assert delivered(twin, "orders/create").paid_at is None
    watch.move(timedelta(hours=2))
    twin.order(number, paid=True)
    sent = {each.headers["x-shopify-topic"]: each for each in twin.deliveries()}
    (at_once,) = parse(sent["orders/paid"].headers, sent["orders/paid"].body).orders
    (changed,) = parse(sent["orders/updated"].headers, sent["orders/updated"].body).orders
    assert at_once.paid_at == AT + timedelta(hours=2)
    assert changed.paid_at is UNSET, "it is paid, and since when is not said"
    watch.move(timedelta(days=3))
    twin.order(number, note_attributes=[])
    assert read(api(twin), number).paid_at == AT + timedelta(hours=2)


def test_a_refund_has_its_id_and_its_lines_and_what_only_left_the_order_is_gone(
    twin: ShopifyTwin, watch: clock.SetClock
) -> None:
    lines = [tea(7, 2, "15.00", "6.00", "4.00"), tea(8, 1, "10.00", "0.00", "1.00")]
    number = twin.order(total_price="39.00", total_tax="5.00", line_items=lines)
    twin.order(number, paid=True, refunds=["14.00"])
    known = twin.orders[number]["refunds"][0]
    half = {"line_item_id": 7, "quantity": 1, "subtotal": 12.0, "total_tax": 2.0}
    known["refund_line_items"] = [half]
    gone = {"line_item_id": 8, "quantity": 1, "subtotal": "10.00", "total_tax": "1.00"}
    taken = {**known, "id": 99, "refund_line_items": [gone], "transactions": []}
    twin.deliveries()
    twin.order(number, refunds=[])
    twin.orders[number]["refunds"] = [known, taken]
    twin.deliveries()
    twin.order(number)
    order = delivered(twin)
    back = RefundLine(id="7", quantity=1, amount=1200)
    assert order.refunds == (Refund(id=str(known["id"]), amount=1400, at=AT, lines=(back,)),)
    assert order.totals == Totals(grand=2800, items=3000, discount=600, tax=400)
    assert [(line.id, line.quantity, line.total) for line in order.lines] == [  # type: ignore[union-attr]
        ("7", 2, 2400),
        ("8", 0, 0),
    ]
    whole = read(api(twin), number)
    assert (whole.totals, whole.lines, whole.refunds) == (order.totals, order.lines, order.refunds)


def test_a_refund_that_is_on_its_way_is_told_when_it_arrives(twin: ShopifyTwin) -> None:
    number = twin.order(paid=True)
    twin.order(number, refunds=["30"])
    twin.deliveries()
    twin.orders[number]["refunds"][0]["transactions"][0]["status"] = "pending"
    twin.order(number)
    order = delivered(twin)
    assert order.refunds == ()
    assert order.totals.grand == 8000


def test_money_that_a_webhook_does_not_tell_is_read(twin: ShopifyTwin) -> None:
    number = twin.order(paid=True, payment_gateway_names=["gift_card", "manual"])
    again = Parsed(refetch=(Ref(kind=ORDER, id=str(number)),))
    assert told(twin, "orders/paid") == again
    twin.transactions[number][0] |= {"gateway": "gift_card", "amount": "25.00"}
    assert read(api(twin), number).totals.gift_card == 2500
    other = twin.order(paid=True)
    twin.order(other, refunds=["30"])
    twin.deliveries()
    twin.orders[other]["refunds"][0]["transactions"][0]["currency"] = "SEK"
    twin.order(other)
    assert told(twin, "orders/updated") == Parsed(refetch=(Ref(kind=ORDER, id=str(other)),))


def test_milestones_of_sending_and_arriving(twin: ShopifyTwin, watch: clock.SetClock) -> None:
    number = twin.order(paid=True)
    watch.move(timedelta(days=1))
    twin.send(number)
    order = delivered(twin)
    assert (order.fulfilled_at, order.delivered_at) == (AT + timedelta(days=1), None)
    watch.move(timedelta(days=2))
    twin.deliver(number)
    assert told(twin, "fulfillment_events/create").refetch == (Ref(kind=ORDER, id=str(number)),)
    whole = read(api(twin), number)
    assert whole.fulfilled_at == AT + timedelta(days=1)
    assert whole.delivered_at == AT + timedelta(days=3)
    on_its_way = msgspec.json.encode({"id": 1, "order_id": number, "status": "in_transit"})
    topic = {"x-shopify-topic": "fulfillment_events/create"}
    assert parse(topic, on_its_way) == Parsed()


def test_a_charge_back_is_read_and_one_that_was_won_counts_as_later(twin: ShopifyTwin) -> None:
    number = twin.order(paid=True)
    assert delivered(twin, "orders/create").charged_back_at is UNSET
    before = read(api(twin), number)
    twin.dispute(number, "needs_response")
    assert told(twin, "disputes/create").refetch == (Ref(kind=ORDER, id=str(number)),)
    taken = read(api(twin), number)
    twin.dispute(number, "won")
    assert told(twin, "disputes/update").refetch == (Ref(kind=ORDER, id=str(number)),)
    won = read(api(twin), number)
    assert before.charged_back_at is UNSET
    assert taken.charged_back_at == AT
    assert won.charged_back_at is None
    assert before.updated_at < taken.updated_at < won.updated_at


@pytest.mark.parametrize(
    ("notes", "landing", "found"),
    [
        ([("wordmouth_token", "tok.1"), ("wordmouth_code", "ana-1")], None, ("tok.1", "ANA-1")),
        ([("wordmouth_token", "tok.1")], "/?wm=tok.2", ("tok.1", None)),
        ([], "/tea?x=1&wm=tok.2&coupon=A", ("tok.2", None)),
        ([("gift", None)], "/tea", None),
        ([], "http://[", None),
    ],
)
def test_the_cart_tells_of_the_visit_else_the_address_it_began_at(
    twin: ShopifyTwin,
    notes: list[tuple[str, str]],
    landing: str | None,
    found: tuple[str, str | None] | None,
) -> None:
    attributes = [{"name": name, "value": value} for name, value in notes]
    number = twin.order(note_attributes=attributes, landing_site=landing)
    expected = Attribution(token=found[0], code=found[1]) if found else UNSET
    assert delivered(twin, "orders/create").attribution == expected
    assert read(api(twin), number).attribution == expected


def test_what_the_app_may_not_know_of_a_customer_is_missing_and_the_order_counts(
    twin: ShopifyTwin,
) -> None:
    known = forms.customer(42, "mari@example.com", AT)
    number = twin.order(email="mari@example.com", customer=known)
    assert delivered(twin, "orders/create").customer is not None
    hidden = {"id": 42, "email": None, "first_name": None, "last_name": None}
    twin.order(number, email=None, customer=hidden, billing_address=None, shipping_address=None)
    order = delivered(twin)
    assert order.customer is not None
    assert (order.customer.id, order.customer.email, order.country) == ("42", None, "")
    twin.order(number, customer=None)
    assert delivered(twin).customer is None
    twin.order(number, email="mari@example.com", customer=known)
    twin.withheld = True
    assert read(api(twin), number).customer is None


def test_no_more_is_told_than_is_read(twin: ShopifyTwin) -> None:
    twin.order(customer=forms.customer(42, "mari@example.com", AT))
    (sent,) = twin.deliveries()
    document = msgspec.json.decode(sent.body)
    assert not document.keys() & {"browser_ip", "client_details", "contact_email"}
    assert document["billing_address"] == {"country_code": "EE"}
    assert document["customer"].keys() == {"id", "email", "first_name", "last_name"}
    assert document["line_items"][0].keys() >= {"id", "price", "quantity", "tax_lines"}
    (order,) = parse(sent.headers, sent.body).orders
    assert order.customer is not None
    assert order.customer.locale == "et"


def test_test_orders_cancelled_orders_and_codes(twin: ShopifyTwin) -> None:
    cancelled: dict[str, Any] = {
        "cancelled_at": forms.rest_time(AT),
        "financial_status": "voided",
    }
    codes = [{"code": "ana-7k", "type": "percentage"}, {"code": "ANA-7K"}, {"code": " "}]
    number = twin.order(test=True, discount_codes=codes, **cancelled)
    for order in (delivered(twin, "orders/create"), read(api(twin), number)):
        assert (order.is_test, order.cancelled_at, order.paid_at) == (True, AT, None)
        assert order.discount_codes == ("ANA-7K",)
        assert (order.number, order.country) == (f"#{number}", "EE")


def test_customers_told_and_read_are_the_same(twin: ShopifyTwin) -> None:
    number = twin.customer("mari@example.com")
    (one,) = told(twin, "customers/create").customers
    found = api(twin).fetch(Ref(kind=CUSTOMER, id=str(number)))
    assert found is not None
    assert parse({FETCHED: CUSTOMER}, found.body).customers == (one,)
    assert (one.id, one.email) == (str(number), "mari@example.com")


@pytest.mark.parametrize(
    "topic",
    ["app/uninstalled", "customers/data_request", "customers/redact", "shop/redact", "themes/x"],
)
def test_topics_that_change_no_fact_need_a_signature_all_the_same(
    twin: ShopifyTwin, topic: str
) -> None:
    customer = {"id": 191167, "email": "john@example.com", "phone": "555-625-1199"}
    sent = twin.sent(topic, {"shop_id": 1, "customer": customer})
    told = parse(sent.headers, sent.body)
    assert msgspec.structs.replace(told, asks=(), closed="") == Parsed()
    assert (told == Parsed()) == (topic == "themes/x")
    keys = [b"shpss_1"]
    proven = ShopifySignatures().verify(keys, sent.headers, sent.body, AT)
    assert proven == Verified(dedupe=sent.headers["x-shopify-webhook-id"])
    with pytest.raises(BadSignature):
        ShopifySignatures().verify([b"other"], sent.headers, sent.body, AT)
    with pytest.raises(BadSignature, match="missing"):
        ShopifySignatures().verify(keys, {"x-shopify-topic": topic}, sent.body, AT)


@pytest.mark.parametrize(
    ("topic", "customer", "asked"),
    [
        ("customers/redact", {"id": 7, "email": "a@example.com"}, ("erase", "7", "a@example.com")),
        ("customers/redact", {"email": "a@example.com"}, ("erase", None, "a@example.com")),
        ("customers/data_request", {"id": 7, "email": None}, ("hand_out", "7", None)),
        ("shop/redact", None, ("erase_store", None, None)),
    ],
)
def test_what_is_asked_about_personal_data_is_told_with_whose_it_is(
    twin: ShopifyTwin, topic: str, customer: dict[str, Any] | None, asked: tuple[str | None, ...]
) -> None:
    body = {"shop_id": 1, "shop_domain": "tea.myshopify.com", "orders_to_redact": [1, 2]}
    sent = twin.sent(topic, body | ({"customer": customer} if customer else {}))
    (one,) = parse(sent.headers, sent.body).asks
    who = one.customer
    assert (one.kind, who and who.id, who and who.email) == asked


def test_an_ask_about_nobody_is_refused_in_words(twin: ShopifyTwin) -> None:
    for customer in ({}, None, {"id": None, "email": ""}):
        sent = twin.sent("customers/redact", {"shop_id": 1, "customer": customer})
        with pytest.raises(BadDelivery, match="neither an id nor an e-mail address"):
            parse(sent.headers, sent.body)


def test_without_an_id_a_delivery_is_known_by_topic_and_content() -> None:
    body = b'{"id": 1}'
    proof = {"x-shopify-hmac-sha256": signature(b"s", body)}
    known = {
        msgspec.json.encode(
            ShopifySignatures().verify([b"s"], {**proof, "x-shopify-topic": topic}, body, AT)
        )
        for topic in ("orders/create", "orders/create", "orders/paid")
    }
    assert len(known) == 2


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"currency": "XXX"}, "currency"),
        ({"total_price": "NaN"}, "no amount"),
        ({"total_price": "1e30"}, "no amount"),
        ({"updated_at": "2026-11-22T10:00:00"}, "updated_at"),
        ({"updated_at": "1970-01-01T00:00:00Z"}, "1970"),
        ({"line_items": [{"id": -1}]}, "line_items"),
    ],
)
def test_what_is_no_order_is_refused_in_words(
    twin: ShopifyTwin, changes: dict[str, Any], complaint: str
) -> None:
    order = forms.order(7, "EUR", "80", AT) | changes
    sent = twin.sent("orders/create", order)
    with pytest.raises(BadDelivery, match=complaint):
        parse(sent.headers, sent.body)


def test_a_subscription_that_failed_eight_times_is_gone_and_is_made_again(
    twin: ShopifyTwin,
) -> None:
    shop = api(twin)
    for _ in range(MOST_FAILURES):
        twin.order()
        (sent,) = twin.deliveries()
        twin.answered(sent, 503)
    twin.order()
    assert twin.deliveries() == []
    assert {hook["topic"] for hook in twin.hooks.values()} == set(TOPICS) - {"ORDERS_CREATE"}
    assert shop.install(ADDRESS) == ("The subscription to ORDERS_CREATE was made.",)
    assert shop.install(ADDRESS) == ()
    twin.order()
    assert len(twin.deliveries()) == 1


def test_both_client_secrets_prove_a_delivery_while_one_is_changed(twin: ShopifyTwin) -> None:
    twin.secrets = ["shpss_new", "shpss_old"]
    twin.order()
    (sent,) = twin.deliveries()
    keys = [b"shpss_new", b"shpss_old"]
    assert isinstance(ShopifySignatures().verify(keys, sent.headers, sent.body, AT), Verified)
    with pytest.raises(BadSignature):
        ShopifySignatures().verify(keys[:1], sent.headers, sent.body, AT)
    assert Shopify.capabilities.event_ids
