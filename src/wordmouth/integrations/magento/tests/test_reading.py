"""What is Magento's own in reading: its states and what stands beside an order, two currencies,
lines inside of lines, websites, and how it says no. What all shops have in common is tested in
`tests/shops/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from msgspec import UNSET

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations import twins
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.magento import api as module
from wordmouth.integrations.magento import twin_forms as forms
from wordmouth.integrations.magento.adapter import Magento
from wordmouth.integrations.magento.api import MagentoApi
from wordmouth.integrations.magento.parse import parse
from wordmouth.integrations.magento.tests.shop import HTTP, read, shop
from wordmouth.integrations.magento.twin import MagentoTwin
from wordmouth.integrations.ports import BROKEN, CLOCK, CUSTOMER, OK, ORDER, PRODUCT, Ref
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.orders.snapshot import Attribution, OrderSnapshot, RefundLine

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[MagentoTwin]:
    with twins.running(MagentoTwin()) as twin:
        yield twin


def state(order: OrderSnapshot) -> str:
    """The milestones of an order in one word each."""
    names = ("paid", "fulfilled", "cancelled")
    return " ".join(name for name in names if getattr(order, f"{name}_at"))


def test_an_order_is_paid_sent_and_given_back_when_that_was_written_beside_it(
    twin: MagentoTwin, watch: clock.SetClock
) -> None:
    number = twin.order()
    assert state(read(twin, number)) == ""
    watch.move(timedelta(days=1))
    twin.pay(number)
    watch.move(timedelta(days=1))
    twin.ship(number)
    watch.move(timedelta(days=1))
    twin.refund(number, 80)
    order = read(twin, number)
    assert state(order) == "paid fulfilled", "a refund takes neither away"
    assert order.placed_at == START
    assert order.paid_at == START + timedelta(days=1)
    assert order.fulfilled_at == START + timedelta(days=2)
    assert [(back.amount, back.at) for back in order.refunds] == [(8000, START + timedelta(days=3))]
    assert order.updated_at == START + timedelta(days=3)


def test_an_invoice_is_no_money_before_that_has_come(twin: MagentoTwin) -> None:
    number = twin.order()
    twin.pay(number, state=1)
    assert read(twin, number).paid_at is None


def test_what_is_paid_at_the_door_is_sent_before_it_is_paid(twin: MagentoTwin) -> None:
    number = twin.order()
    twin.ship(number)
    assert state(read(twin, number)) == "fulfilled"
    twin.pay(number)
    assert state(read(twin, number)) == "paid fulfilled"


def test_half_of_an_order_that_was_sent_is_not_all_of_it(twin: MagentoTwin) -> None:
    number = twin.order()
    twin.pay(number)
    twin.ship(number)
    one, other = forms.item(7, 40, qty_shipped=1), forms.item(8, 40)
    twin.order(number, state="processing", items=[one, other])
    assert read(twin, number).fulfilled_at is None
    twin.order(number, items=[one, {**other, "qty_refunded": 1}])
    assert read(twin, number).fulfilled_at == START


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"state": "canceled"}, "cancelled"),
        ({"state": "closed"}, "cancelled"),
        ({"state": "holded"}, ""),
        ({"state": "payment_review"}, ""),
        ({"state": "complete", "is_virtual": 1, "base_total_paid": 80}, "paid fulfilled"),
        ({"state": "new", "base_grand_total": 0}, ""),
        ({"state": "processing", "base_grand_total": 0}, "paid"),
    ],
)
def test_the_state_counts_and_not_what_the_shop_calls_it(
    twin: MagentoTwin, facts: dict[str, Any], expected: str
) -> None:
    assert state(read(twin, twin.order(status="my_own_word", **facts))) == expected


def test_it_is_counted_in_what_the_shop_counts_in(twin: MagentoTwin) -> None:
    order = read(twin, twin.order(**forms.money(80, "EUR", rate=1.25)))
    assert (order.currency, order.totals.grand, order.totals.items) == ("EUR", 8000, 8000)
    with pytest.raises(BadDelivery, match="base_currency_code"):
        read(twin, twin.order(base_currency_code="XYZ"))


def test_tax_in_prices_is_beside_and_the_parts_make_the_total(twin: MagentoTwin) -> None:
    """Two for 60.00 with 20 % tax in it, 10 % off, and shipping for 6.00, also 10 % off."""
    line = forms.item(7, 50, qty=2, base_discount_amount=6, base_discount_tax_compensation_amount=1)
    order = read(
        twin,
        twin.order(
            **forms.money(59.4, "EUR")
            | {
                "base_subtotal": 50,
                "base_discount_amount": -6.6,
                "base_discount_tax_compensation_amount": 1,
                "base_shipping_amount": 5,
                "base_shipping_discount_amount": 0.6,
                "base_shipping_discount_tax_compensation_amnt": 0.1,
                "base_tax_amount": 9.9,
                "items": [line],
            }
        ),
    )
    told = order.totals
    assert (told.items, told.discount, told.shipping, told.tax) == (5000, 500, 450, 990)
    assert told.items is not None
    assert told.items - told.discount + told.shipping + told.tax == told.grand == 5940
    assert isinstance(order.lines, tuple)
    assert [(one.quantity, one.total) for one in order.lines] == [(2, 4500)]


def test_what_belongs_to_a_line_is_in_it(twin: MagentoTwin) -> None:
    """A configurable product writes its variant beside, a bundle its parts with their discounts."""
    items = [
        forms.item(1, 40, product_id=20, product_type="configurable"),
        forms.item(2, 0, product_id=21, parent_item_id=1),
        forms.item(3, 60, product_id=30, product_type="bundle"),
        forms.item(4, 50, product_id=31, parent_item_id=3, base_discount_amount=5),
        forms.item(5, 10, product_id=32, parent_item_id=3, base_discount_amount=1),
        forms.item(6, 25, product_id=40, product_type="giftcard"),
    ]
    number = twin.order(**forms.money(125, "EUR") | {"items": items})
    twin.pay(number)
    bundle = {"order_item_id": 3, "qty": 1, "base_row_total": 60}
    part = {"order_item_id": 4, "qty": 1, "base_row_total": 50, "base_discount_amount": 5}
    memo = twin.refund(number, 55, [bundle, part])
    order = read(twin, number)
    assert isinstance(order.lines, tuple)
    assert [(one.id, one.product_id, one.total, one.gift_card) for one in order.lines] == [
        ("1", "20", 4000, False),
        ("3", "30", 5400, False),
        ("6", "40", 2500, True),
    ]
    (back,) = order.refunds
    assert (back.id, back.amount) == (str(memo), 5500)
    assert back.lines == (RefundLine(id="3", quantity=1, amount=5500),)


@pytest.mark.parametrize(
    ("memo", "lines"),
    [
        ({"base_adjustment": 5}, ()),
        ({"base_adjustment": 0}, (RefundLine(id="7", amount=0),)),
    ],
)
def test_an_adjustment_is_of_the_whole_and_shipping_of_nothing(
    twin: MagentoTwin, memo: dict[str, Any], lines: tuple[RefundLine, ...]
) -> None:
    number = twin.order()
    twin.pay(number)
    twin.refund(number, 5, **memo)
    (back,) = read(twin, number).refunds
    assert back.lines == lines


def test_a_credit_memo_that_was_cancelled_is_none(twin: MagentoTwin) -> None:
    number = twin.order()
    twin.pay(number)
    twin.refund(number, 5, state=3)
    assert read(twin, number).refunds == ()


def test_a_part_that_was_cancelled_is_out_while_the_rest_goes_on(twin: MagentoTwin) -> None:
    gone: dict[str, Any] = {
        "base_total_canceled": 20,
        "base_subtotal_canceled": 20,
        "items": [forms.item(7, 80, qty=4, qty_canceled=1)],
    }
    number = twin.order(**gone, state="processing", base_total_paid=60)
    order = read(twin, number)
    assert (order.totals.grand, order.totals.items, state(order)) == (6000, 6000, "paid")
    assert isinstance(order.lines, tuple)
    assert [(one.quantity, one.total) for one in order.lines] == [(3, 6000)]
    twin.order(number, state="canceled", base_total_canceled=80)
    assert read(twin, number).totals.grand == 8000, "what was cancelled as a whole keeps its worth"


def test_gift_cards_store_credit_and_points_are_ways_to_pay(twin: MagentoTwin) -> None:
    beside = {
        "base_gift_cards_amount": 20,
        "base_customer_balance_amount": 10,
        "base_reward_currency_amount": 5,
    }
    number = twin.order(**forms.money(45, "EUR"), extension_attributes=beside)
    twin.pay(number)
    twin.refund(number, 45, extension_attributes={"base_customer_balance_amount": 35})
    order = read(twin, number)
    assert (order.totals.grand, order.totals.gift_card) == (8000, 2000)
    assert [back.amount for back in order.refunds] == [8000]
    assert order.country == "DE", "without parts to be sent the bill says it"


def test_the_visit_that_our_module_keeps_is_told(twin: MagentoTwin) -> None:
    kept = twin.order(extension_attributes={"wordmouth_token": "a.b"})
    assert read(twin, kept).attribution == Attribution(token="a.b")
    assert read(twin, twin.order()).attribution is UNSET


def test_products_are_read_with_price_and_picture(twin: MagentoTwin, watch: clock.SetClock) -> None:
    watch.move(timedelta(hours=1))
    twin.product(11, custom_attributes=[{"attribute_code": "image", "value": "no_selection"}])
    page = MagentoApi(shop(twin)).changes(PRODUCT, "")
    first, other = [parse({FETCHED: PRODUCT}, item.body).products[0] for item in page.items]
    assert (first.id, first.sku, first.price, first.currency) == ("10", "TEE-10", 1999, "EUR")
    assert first.image_url == "https://tea.example/media/catalog/product/t/e/tee.jpg"
    assert (other.image_url, other.updated_at) == ("", START + timedelta(hours=1))


def test_of_several_websites_one_may_be_meant(twin: MagentoTwin) -> None:
    twin.websites[2], twin.views[2] = "tea", 2
    mine, theirs = twin.order(store_id=2), twin.order()
    twin.customer("ana@example.com", website_id=2)
    twin.customer("ben@example.com")
    one = MagentoApi(shop(twin, "tea"))
    (only,) = one.changes(ORDER, "").items
    assert parse({FETCHED: ORDER}, only.body).orders[0].id == str(mine)
    assert len(one.changes(CUSTOMER, "").items) == 1
    assert one.fetch(Ref(kind=ORDER, id=str(theirs))) is None
    assert len(MagentoApi(shop(twin)).changes(ORDER, "").items) == 2
    with pytest.raises(Refused, match="base, tea"):
        MagentoApi(shop(twin, "coffee")).changes(ORDER, "")


def test_a_page_takes_four_questions_however_many_orders_are_on_it(twin: MagentoTwin) -> None:
    numbers = [twin.order() for _ in range(12)]
    for number in numbers:
        twin.pay(number)
    MagentoApi(shop(twin)).changes(ORDER, "")
    assert len(twin.seen) == 4


def test_an_order_with_more_parcels_than_a_page_has_shows_the_last(
    twin: MagentoTwin, watch: clock.SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PER_PAGE", 2)
    number = twin.order()
    for _ in range(5):
        watch.move(timedelta(hours=1))
        twin.ship(number)
    assert read(twin, number).fulfilled_at == START + timedelta(hours=5)


def test_only_what_is_used_is_asked_for(twin: MagentoTwin) -> None:
    found = MagentoApi(shop(twin)).fetch(Ref(kind=ORDER, id=str(twin.order())))
    assert found is not None
    for private in (b"Hauptstr", b"telephone", b"payment", b"192.0.2.7"):
        assert private not in found.body


def test_a_right_that_is_missing_is_named(twin: MagentoTwin) -> None:
    twin.denied.add("Magento_Sales::sales_creditmemo")
    (found,) = MagentoApi(shop(twin)).health("")
    assert found.state == BROKEN
    assert "isn't authorized to access Magento_Sales::sales_creditmemo" in found.text
    assert "four keys" in found.mend


def test_a_clock_that_runs_ahead_is_named_as_what_keeps_us_out(twin: MagentoTwin) -> None:
    twin.clock_apart = timedelta(minutes=-11)
    (found,) = MagentoApi(shop(twin)).health("")
    assert "oauth_timestamp" in found.text
    assert "11 minutes apart. Calls are signed with the time." in found.text
    twin.clock_apart = timedelta(minutes=11)
    states = {each.name: each.state for each in MagentoApi(shop(twin)).health("")}
    assert states == {"credentials": OK, CLOCK: BROKEN}, "a shop that is ahead lets us in"


def test_a_website_that_is_not_there_is_broken(twin: MagentoTwin) -> None:
    (found,) = MagentoApi(shop(twin, "coffee")).health("")
    assert (found.state, "no website 'coffee'" in found.text) == (BROKEN, True)


def test_what_is_wrong_is_told_with_its_parameters(twin: MagentoTwin) -> None:
    calls = shop(twin).calls
    with pytest.raises(
        SaidNo, match="Magento answered 400: Error occurred when saving coupon: No such"
    ):
        calls.post("/coupons", {"coupon": {"rule_id": 1, "code": "A", "type": 1}})


def test_a_call_is_good_once(twin: MagentoTwin) -> None:
    MagentoApi(shop(twin)).changes(CUSTOMER, "")
    first = twin.seen[0]
    query = urlencode(first.query, quote_via=quote)
    answer = HTTP.get(
        f"{twin.url}{first.path}?{query}", {"authorization": first.headers["authorization"]}
    )
    assert answer.status == 401
    assert b"nonce" in answer.body


def test_what_a_shop_is_opened_with_is_tried_out(twin: MagentoTwin) -> None:
    adapter = Magento(HTTP)
    keys = msgspec.to_builtins(twin.keys)
    told = adapter.examine({"url": f"{twin.url}/"}, keys)
    assert told == "Magento lets the integration in. 1 website counted in EUR."
    with pytest.raises(Invalid, match="does not let the integration in"):
        adapter.examine({"url": twin.url}, keys | {"access_token": "other"})
    with pytest.raises(Invalid, match="no website"):
        adapter.examine({"url": twin.url, "website": "coffee"}, keys)
    with pytest.raises(Invalid, match="its access token secret"):
        adapter.examine({"url": twin.url}, keys | {"access_token_secret": ""})


@pytest.mark.parametrize("number", ["", "x", "1-1", "١"])
def test_a_hint_names_a_number_or_is_no_hint(number: str) -> None:
    body = msgspec.json.encode({"type": "order.changed", "data": {"id": number}})
    with pytest.raises(BadDelivery, match=r"data\.id"):
        parse({}, body)


def test_a_time_that_is_none_is_said(twin: MagentoTwin) -> None:
    number = twin.order()
    twin.orders[number]["created_at"] = "yesterday"
    with pytest.raises(BadDelivery, match=r"order\.created_at"):
        read(twin, number)
    someone = twin.customer("ana@example.com")
    twin.customers[someone]["updated_at"] = "soon"
    with pytest.raises(Unreachable, match="does not say when"):
        MagentoApi(shop(twin)).changes(CUSTOMER, "")
