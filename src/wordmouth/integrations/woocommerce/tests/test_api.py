"""What WooCommerce does in its own way: webhooks that die, lists that shift, coupons without a
currency, and secrets that nobody is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations.ports import BROKEN, CUSTOMER, OK, ORDER, SUBSCRIPTIONS, Ref
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce import api as woo_api
from wordmouth.integrations.woocommerce.api import PATH, TOPICS, WooApi, calls
from wordmouth.integrations.woocommerce.coupons import WooCoupons
from wordmouth.integrations.woocommerce.twin import MOST_FAILURES, WooTwin
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.kit.signing import new_secret

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)
ADDRESS = "https://engine.example/in/str_1/woocommerce"
SECRET = new_secret()


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[WooTwin]:
    with running(WooTwin()) as twin:
        yield twin


@pytest.fixture
def api(twin: WooTwin) -> WooApi:
    return WooApi(calls(HTTP, twin.url + PATH, twin.key, twin.secret), SECRET)


@pytest.fixture
def coupons(twin: WooTwin) -> WooCoupons:
    return WooCoupons(calls(HTTP, twin.url + PATH, twin.key, twin.secret))


def spec(kind: str, **more: object) -> CouponSpec:
    told = {"value": 0, "currency": "EUR", "min_order": None, "expires_at": None}
    rest = {"usage_limit": 1, "customer_email": None, "description": "Referral reward"}
    return msgspec.convert({"code": "WM-1", "kind": kind, **told, **rest, **more}, CouponSpec)


def subscribed(api: WooApi) -> str:
    return next(each.state for each in api.health(ADDRESS) if each.name == SUBSCRIPTIONS)


def test_webhooks_are_made_once_and_pinged(api: WooApi, twin: WooTwin) -> None:
    assert len(api.install(ADDRESS)) == len(TOPICS) == len(twin.hooks) == len(twin.pings)
    assert api.install(ADDRESS) == ()
    assert {hook["secret"] for hook in twin.hooks.values()} == {SECRET}
    assert {hook["delivery_url"] for hook in twin.hooks.values()} == {ADDRESS}


def test_other_peoples_webhooks_are_left_alone(api: WooApi, twin: WooTwin) -> None:
    api.install("https://other.example/hook")
    theirs = dict(twin.hooks)
    assert subscribed(api) == BROKEN
    api.install(ADDRESS)
    assert {number: twin.hooks[number] for number in theirs} == theirs


def test_a_webhook_that_failed_too_often_is_switched_off_and_mended(
    api: WooApi, twin: WooTwin
) -> None:
    api.install(ADDRESS)
    for _ in range(MOST_FAILURES + 1):
        twin.order()
        for sent in twin.deliveries():
            twin.answered(sent, 500)
    twin.order()
    assert twin.deliveries() == [], "it is never heard of again"
    assert subscribed(api) == BROKEN
    assert [done.split()[-3:] for done in api.install(ADDRESS)] == [["it", "delivers", "again."]]
    assert subscribed(api) == OK
    twin.order()
    assert len(twin.deliveries()) == 1


def test_a_new_secret_reaches_the_webhooks(api: WooApi, twin: WooTwin) -> None:
    api.install(ADDRESS)
    newer = new_secret()
    changed = WooApi(calls(HTTP, twin.url + PATH, twin.key, twin.secret), newer)
    assert subscribed(changed) == BROKEN
    assert len(changed.install(ADDRESS)) == len(TOPICS)
    assert {hook["secret"] for hook in twin.hooks.values()} == {newer}
    assert subscribed(changed) == OK


def test_two_changes_are_told_once_as_it_is_when_it_is_sent(api: WooApi, twin: WooTwin) -> None:
    api.install(ADDRESS)
    number = twin.order()
    twin.order(number, status="processing")
    twin.order(number, status="completed")
    created, updated = sorted(twin.deliveries(), key=lambda one: one.headers["x-wc-webhook-topic"])
    assert created.body == updated.body
    assert b'"status":"completed"' in created.body
    twin.order(number, status="cancelled")
    twin.delete(number)
    sent = {one.headers["x-wc-webhook-topic"]: one.body for one in twin.deliveries()}
    assert b"woocommerce_rest_shop_order_invalid_id" in sent["order.updated"]
    assert sent["order.deleted"] == b'{"id":%d}' % number


def test_a_deleted_order_is_gone_and_one_in_the_bin_is_not(api: WooApi, twin: WooTwin) -> None:
    number = twin.order(status="trash")
    assert api.fetch(Ref(kind=ORDER, id=str(number))) is not None
    twin.delete(number)
    assert api.fetch(Ref(kind=ORDER, id=str(number))) is None
    with pytest.raises(Refused):
        api.fetch(Ref(kind=ORDER, id="../customers/1"))


def read(api: WooApi, kind: str, cursor: str = "") -> tuple[list[bytes], str]:
    """A list to its end, and where that is."""
    found: list[bytes] = []
    while True:
        page = api.changes(kind, cursor)
        found += [item.body for item in page.items]
        cursor = page.cursor
        if page.done:
            return found, cursor


def test_many_refunds_end_a_page_early_and_nothing_is_left_out(
    api: WooApi, twin: WooTwin, watch: clock.SetClock
) -> None:
    for _ in range(35):
        number = twin.order(status="processing")
        twin.refund(number, "10.00")
        watch.move(timedelta(seconds=5))
    first = api.changes(ORDER, "")
    assert len(first.items) == woo_api.MOST_REFUNDED
    found, _ = read(api, ORDER)
    assert len(set(found)) == 35
    assert all(b'"amount": "10.00"' in body for body in found)


def test_an_order_that_changes_while_the_list_is_read_is_not_passed_over(
    api: WooApi, twin: WooTwin, watch: clock.SetClock
) -> None:
    numbers = []
    for _ in range(woo_api.PER_PAGE + 20):
        numbers.append(twin.order())
        watch.move(timedelta(seconds=3))
    first = api.changes(ORDER, "")
    # All of the first page move to the end, and the rest to where the first page was.
    for number in numbers[: woo_api.PER_PAGE]:
        twin.order(number, status="processing")
    found = [item.body for item in first.items] + read(api, ORDER, first.cursor)[0]
    assert {msgspec.json.decode(body)["order"]["id"] for body in found} == set(numbers)


def test_customers_that_were_deleted_do_not_hide_new_ones(api: WooApi, twin: WooTwin) -> None:
    for number in range(woo_api.PER_PAGE * 2 + 1):
        twin.customer(f"c{number}@example.com")
    found, cursor = read(api, CUSTOMER)
    assert len(found) == woo_api.PER_PAGE * 2 + 1
    for number in list(twin.customers)[: woo_api.PER_PAGE * 2]:
        del twin.customers[number]
    twin.customer("new@example.com")
    bodies: list[bytes] = []
    for _ in range(4):
        found, cursor = read(api, CUSTOMER, cursor)
        bodies += found
    assert any(b"new@example.com" in body for body in bodies)


def test_a_coupon_is_written_as_woocommerce_reads_it(coupons: WooCoupons, twin: WooTwin) -> None:
    ends = START + timedelta(days=30)
    terms = {"value": 1050, "min_order": 3000, "expires_at": ends, "customer_email": "a@b.example"}
    coupons.issue(spec("amount_off", **terms), "k")
    (made,) = twin.coupons.values()
    assert (made["code"], made["discount_type"], made["amount"]) == ("wm-1", "fixed_cart", "10.50")
    assert (made["minimum_amount"], made["usage_limit"]) == ("30.00", 1)
    assert made["date_expires_gmt"] == "2026-03-31T12:00:00"
    assert made["email_restrictions"] == ["a@b.example"]


def test_a_free_product_is_one_piece_of_it(coupons: WooCoupons, twin: WooTwin) -> None:
    coupons.issue(spec("free_product", product="10"), "k")
    (made,) = twin.coupons.values()
    assert (made["discount_type"], made["amount"]) == ("percent", "100")
    assert (made["product_ids"], made["limit_usage_to_x_items"]) == ([10], 1)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (spec("amount_off", value=1000, currency="USD"), "counts in EUR"),
        (spec("percent_off", value=10, currency="USD", min_order=1000), "counts in EUR"),
        (spec("free_product", product="99"), "no product 99"),
        (spec("free_product", product="tee"), "has a number"),
        (spec("early_access"), "makes no early_access"),
    ],
)
def test_what_it_cannot_express_is_refused(
    coupons: WooCoupons, twin: WooTwin, asked: CouponSpec, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        coupons.issue(asked, "k")
    assert twin.coupons == {}
