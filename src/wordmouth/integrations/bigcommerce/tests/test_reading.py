"""What is BigCommerce's own: its statuses, payments and refunds, its two currencies, and how it
says that it was asked enough. What all shops have in common is tested in `tests/shops/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.ports import FETCHED, Verified
from wordmouth.integrations import twins
from wordmouth.integrations.bigcommerce import api as module
from wordmouth.integrations.bigcommerce import twin_forms as forms
from wordmouth.integrations.bigcommerce.adapter import BigCommerce
from wordmouth.integrations.bigcommerce.api import TOLD, BigApi
from wordmouth.integrations.bigcommerce.calls import RESERVE, BigCalls
from wordmouth.integrations.bigcommerce.parse import parse
from wordmouth.integrations.bigcommerce.twin import MOST_HOOKS, STORE, BigTwin
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import BROKEN, CUSTOMER, OK, ORDER, SUBSCRIPTIONS, Ref
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.orders.snapshot import OrderSnapshot, RefundLine
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "https://engine.example/in/str_1/bigcommerce"


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[BigTwin]:
    with twins.running(BigTwin()) as twin:
        yield twin


def api(twin: BigTwin) -> BigApi:
    return BigApi(BigCalls(HTTP, twin.url + STORE, twin.token))


def read(twin: BigTwin, number: int) -> OrderSnapshot:
    """The order as the engine understands it."""
    found = api(twin).fetch(Ref(kind=ORDER, id=str(number)))
    assert found is not None
    (order,) = parse({FETCHED: ORDER}, found.body).orders
    return order


def state(order: OrderSnapshot) -> str:
    """The milestones of an order in one word each."""
    names = ("paid", "fulfilled", "cancelled", "charged_back")
    return " ".join(name for name in names if getattr(order, f"{name}_at"))


def test_what_created_tells_of_is_no_order_before_somebody_finished_it(twin: BigTwin) -> None:
    api(twin).install(ADDRESS)
    number = twin.order()
    (sent,) = twin.deliveries()
    hint = parse(twin.headers(sent), sent.body)
    assert hint.refetch == (Ref(kind=ORDER, id=str(number)),)
    found = api(twin).fetch(hint.refetch[0])
    assert found is not None
    assert parse({FETCHED: ORDER}, found.body).orders == ()
    assert api(twin).changes(ORDER, "").items == ()
    twin.order(number, payment_status="declined")
    assert api(twin).changes(ORDER, "").items == ()
    twin.order(number, status_id=11, payment_status="captured")
    assert state(read(twin, number)) == "paid"


@pytest.mark.parametrize(
    ("status", "payment", "expected"),
    [
        (1, "", ""),
        (2, "", "paid fulfilled"),
        (2, "authorized", "paid fulfilled"),
        (2, "declined", "fulfilled"),
        (3, "captured", "paid"),
        (5, "", "cancelled"),
        (5, "captured", "paid cancelled"),
        (6, "declined", "cancelled"),
        (7, "", ""),
        (7, "paid", "paid"),
        (8, "", "paid"),
        (9, "capture pending", ""),
        (10, "", "paid fulfilled"),
        (11, "", "paid"),
        (11, "Authorized", ""),
        (11, "held for review", ""),
        (11, "void", ""),
        (12, "", ""),
        (13, "", "paid charged_back"),
        (14, "partially refunded", "paid"),
    ],
)
def test_status_and_payment_make_the_milestones(
    twin: BigTwin, status: int, payment: str, expected: str
) -> None:
    number = twin.order(status_id=status, payment_status=payment)
    assert state(read(twin, number)) == expected


def test_the_day_of_shipping_stays_whatever_the_order_becomes(
    twin: BigTwin, watch: clock.SetClock
) -> None:
    number = twin.order(status_id=2, date_shipped=forms.mail_time(START))
    watch.move(timedelta(days=5))
    twin.order(number, status_id=10)
    twin.refund(number, "10")
    order = read(twin, number)
    assert order.fulfilled_at == START
    assert order.updated_at == START + timedelta(days=5)
    twin.order(number, status_id=3)
    assert read(twin, number).fulfilled_at is None, "only some of it was sent"


def test_refunded_without_the_refunds_that_make_it_so_is_called_off(twin: BigTwin) -> None:
    number = twin.order(status_id=4, refunded_amount=forms.amount("80"))
    assert state(read(twin, number)) == "paid cancelled"
    whole = twin.order(status_id=11)
    twin.refund(whole, "80")
    order = read(twin, whole)
    assert state(order) == "paid"
    assert [refund.amount for refund in order.refunds] == [8000]


def test_a_refund_that_the_provider_declined_gave_nothing_back(twin: BigTwin) -> None:
    number = twin.order(status_id=11)
    twin.refund(number, "30", declined=True)
    kept = twin.refund(number, "20")
    (refund,) = read(twin, number).refunds
    assert (refund.id, refund.amount, refund.at) == (str(kept), 2000, START)


@pytest.mark.parametrize(
    ("items", "lines"),
    [
        ([], ()),
        ([{"item_type": "ORDER", "item_id": 1, "requested_amount": 30.0}], ()),
        (
            [{"item_type": "PRODUCT", "item_id": 71, "quantity": 1, "requested_amount": None}],
            (RefundLine(id="71", quantity=1),),
        ),
        (
            [
                {"item_type": "PRODUCT", "item_id": 71, "requested_amount": 30.1},
                {"item_type": "SHIPPING", "item_id": 3, "requested_amount": 5.0},
            ],
            (RefundLine(id="71", amount=3010),),
        ),
        (
            [{"item_type": "SHIPPING", "item_id": 3, "requested_amount": 30.0}],
            (RefundLine(id="71", amount=0),),
        ),
    ],
)
def test_a_refund_takes_back_its_lines_and_shipping_takes_none(
    twin: BigTwin, items: list[dict[str, Any]], lines: tuple[RefundLine, ...]
) -> None:
    number = twin.order(status_id=11, lines=[forms.line(71, "80")])
    twin.refund(number, "30", items)
    (refund,) = read(twin, number).refunds
    assert (refund.amount, refund.lines) == (3000, lines)


def test_amounts_are_of_the_currency_that_is_paid_in(twin: BigTwin) -> None:
    number = twin.order(status_id=11, **forms.priced("4980", "JPY", shown="USD"))
    order = read(twin, number)
    assert (order.currency, order.totals.grand) == ("JPY", 4980)


def test_sums_lines_and_notes_are_read(twin: BigTwin) -> None:
    taken_off = {"id": "coupon", "amount": "8.0000", "code": "ANA-7K3Q9X", "target": "order"}
    bought = {**forms.line(71, "80"), "applied_discounts": [taken_off]}
    card = {**forms.line(72, "25"), "type": "giftcertificate", "product_id": 0}
    number = twin.order(
        codes=["ana-7k3q9x", "ANA-7K3Q9X"],
        status_id=11,
        payment_method="Test Payment Gateway",
        lines=[bought, card],
        **forms.priced("97", "EUR"),
    )
    twin.order(
        number,
        subtotal_ex_tax="105.0000",
        coupon_discount="8.0000",
        shipping_cost_ex_tax="4.0000",
        handling_cost_ex_tax="1.0000",
        total_tax="2.5000",
        total_inc_tax="104.5000",
        gift_certificate_amount="10.0000",
    )
    order = read(twin, number)
    totals = order.totals
    assert (totals.items, totals.discount, totals.shipping, totals.tax) == (10500, 800, 500, 250)
    assert (totals.grand, totals.gift_card) == (10450, 1000)
    assert isinstance(order.lines, tuple)
    assert [(line.product_id, line.total, line.gift_card) for line in order.lines] == [
        ("10", 7200, False),
        ("", 2500, True),
    ]
    assert order.discount_codes == ("ANA-7K3Q9X",)
    assert order.is_test is True


def test_all_lines_of_a_long_order_are_read(twin: BigTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LISTED", 3)
    number = twin.order(status_id=11, lines=[forms.line(line, "1") for line in range(1, 8)])
    order = read(twin, number)
    assert isinstance(order.lines, tuple)
    assert [line.id for line in order.lines] == list("1234567")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"date_modified": "soon"}, "order.date_modified"),
        ({"date_modified": "Fri, 01 Jan 1999 00:00:00 +0000"}, "order.date_modified"),
        ({"date_created": ""}, "order.date_created"),
        ({"default_currency_code": "EURO"}, "order.default_currency_code"),
        ({"default_currency_code": None, "currency_code": None}, "order.default_currency_code"),
        ({"total_inc_tax": "much"}, "order.total_inc_tax"),
        ({"id": 0}, "order.id"),
    ],
)
def test_what_is_wrong_with_an_order_is_told_by_its_place(
    changes: dict[str, Any], path: str
) -> None:
    order = {**forms.order(7, "EUR", START), "status_id": 11, **changes}
    with pytest.raises(BadDelivery) as caught:
        parse({FETCHED: ORDER}, msgspec.json.encode({"order": order}))
    assert caught.value.problems[0][0] == path


def test_customers_are_read_one_by_one_and_by_their_last_change(
    twin: BigTwin, watch: clock.SetClock
) -> None:
    first = twin.customer("ana@example.com")
    watch.move(timedelta(hours=1))
    twin.customer("ben@example.com")
    cursor = api(twin).changes(CUSTOMER, "").cursor
    watch.move(timedelta(hours=1))
    twin.customer("cleo@example.com")
    page = api(twin).changes(CUSTOMER, cursor)
    told = [parse({FETCHED: CUSTOMER}, item.body).customers[0].email for item in page.items]
    assert (told, page.done) == (["ben@example.com", "cleo@example.com"], True), (
        "a little is read twice"
    )
    found = api(twin).fetch(Ref(kind=CUSTOMER, id=str(first)))
    assert found is not None
    (ana,) = parse({FETCHED: CUSTOMER}, found.body).customers
    assert (ana.id, ana.email) == (str(first), "ana@example.com")
    assert api(twin).fetch(Ref(kind=CUSTOMER, id="999")) is None
    assert api(twin).changes(CUSTOMER, "").items[0] == found


def test_nothing_more_is_asked_when_hardly_anything_may_be(twin: BigTwin) -> None:
    number = twin.order(status_id=11)
    twin.left = RESERVE + 1
    shop = api(twin)
    with pytest.raises(Unreachable, match="no more at present") as caught:
        shop.fetch(Ref(kind=ORDER, id=str(number)))
    assert caught.value.retry_after == 15
    assert twin.left == RESERVE - 1, "the rest is left to others"
    twin.left = 0
    with pytest.raises(Unreachable, match="429") as caught:
        api(twin).fetch(Ref(kind=ORDER, id=str(number)))
    assert caught.value.retry_after == 15, "as its own header says"
    twin.left = None
    assert state(read(twin, number)) == "paid"


def test_webhooks_that_were_given_up_are_switched_on_and_no_others_touched(twin: BigTwin) -> None:
    shop = api(twin)
    assert len(shop.install(ADDRESS)) == len(TOLD)
    assert shop.install(ADDRESS) == ()
    shop.install("https://other.example/in/x")
    twin.give_up()
    told = {each.name: each for each in shop.health(ADDRESS)}
    assert told[SUBSCRIPTIONS].state == BROKEN
    assert all("switched off" in words for words in shop.install(ADDRESS))
    assert {each.state for each in shop.health(ADDRESS)} == {OK}
    others = [hook for hook in twin.hooks.values() if hook["destination"] != ADDRESS]
    assert [hook["is_active"] for hook in others] == [False] * len(TOLD)


def test_an_address_that_it_does_not_deliver_to_is_said_so(twin: BigTwin) -> None:
    for address in ("http://engine.example/in/x", "https://engine.example:8443/in/x"):
        with pytest.raises(Refused, match="port 443 alone: SITE_URL"):
            api(twin).install(address)
        assert any("SITE_URL" in each.mend for each in api(twin).health(address))


def test_too_many_webhooks_are_refused_in_its_words(twin: BigTwin) -> None:
    for number in range(MOST_HOOKS):
        api(twin).install(f"https://engine.example/in/{number}")
    with pytest.raises(Refused, match=r"422: No more webhooks of this scope\.$"):
        api(twin).install(ADDRESS)


SECRETS = {"access_token": "tok_1", "client_secret": "hush_1"}


@pytest.mark.parametrize("kept_as", [SECRETS, {"account": "tok_1:hush_1"}])
def test_the_client_secret_signs_and_a_secret_that_is_kept_beside_it_too(
    twin: BigTwin, kept_as: dict[str, str]
) -> None:
    """Also where both secrets are still kept as one."""
    kept = "whsec_b2xkLXNlY3JldA=="
    adapter = BigCommerce(HTTP)
    connection = ConnectionFacts(
        id="con_1",
        store_id="str_1",
        adapter="bigcommerce",
        secrets=(kept,),
        coupon_url="",
        options={"url": twin.url + STORE},
        credentials=kept_as,
    )
    keys = adapter.keys(connection)
    assert keys == (b"hush_1", b"old-secret")
    assert adapter.opened(connection) == SECRETS
    api(twin).install(ADDRESS)
    twin.order()
    (sent,) = twin.deliveries()
    for secret in (twin.client_secret, "old-secret"):
        twin.client_secret = secret
        headers = twin.headers(sent)
        proven = adapter.verifier.verify(keys, headers, sent.body, clock.now())
        assert proven == Verified(dedupe=sent.id)
    independent = Webhook(kept).sign(sent.id, START, sent.body.decode())
    assert headers["webhook-signature"] == independent


def test_an_account_is_tried_out_before_it_is_kept(twin: BigTwin) -> None:
    adapter = BigCommerce(HTTP)
    options = {"url": f"{twin.url}{STORE}/v3/"}
    told = adapter.examine(options, SECRETS)
    assert told == "BigCommerce accepts the account. The shop is 'Tea House' and counts in EUR."
    assert adapter.coupon_address(options) == f"{twin.url}{STORE}/v2/coupons"
    for secrets, words in (
        ({"access_token": "tok_1"}, "client secret; it is empty"),
        ({"access_token": " ", "client_secret": "hush_1"}, "access token; it is empty"),
        ({**SECRETS, "access_token": "tok_2"}, "does not accept the account"),
        ({**SECRETS, "moon": "1"}, "no secret 'moon'; it takes access_token, client_secret"),
    ):
        with pytest.raises(Invalid, match=words):
            adapter.examine(options, secrets)
    with pytest.raises(Invalid, match="not the API path"):
        adapter.examine({"url": "https://tea.example"}, SECRETS)
    with pytest.raises(Invalid, match="cannot be called"):
        BigCommerce(Http()).examine({"url": f"http://127.0.0.1{STORE}"}, SECRETS)
    twin.faults.extend([None, "html"])
    with pytest.raises(Invalid, match="a page and no JSON"):
        adapter.examine(options, SECRETS)
