"""The products of a WooCommerce shop: read on in the order of their changes, priced in the shop's
currency, and known to programmes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.harness.patience import PATIENCE
from tests.world import START
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import PRODUCT, Ref
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.api import PATH, PER_PAGE, WooApi, calls
from wordmouth.integrations.woocommerce.parse import parse
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.kit import clock
from wordmouth.kit.http import Http

HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[WooTwin]:
    with running(WooTwin()) as twin:
        twin.products.clear()
        yield twin


def api(twin: WooTwin) -> WooApi:
    return WooApi(calls(HTTP, twin.url + PATH, twin.key, twin.secret), "whsec_x")


def listed(twin: WooTwin, cursor: str = "") -> tuple[list[ProductSnapshot], str]:
    """The list from the cursor to its end, and where that is."""
    found: list[ProductSnapshot] = []
    shop = api(twin)
    while True:
        page = shop.changes(PRODUCT, cursor)
        for item in page.items:
            found += parse({FETCHED: item.kind}, item.body).products
        cursor = page.cursor
        if page.done:
            return found, cursor


def told(product: dict[str, Any], currency: str = "EUR") -> ProductSnapshot:
    body = msgspec.json.encode({"product": product, "currency": currency})
    (one,) = parse({FETCHED: PRODUCT}, body).products
    return one


def test_a_product_is_read_with_what_it_costs_in_the_shops_currency(twin: WooTwin) -> None:
    twin.currency = "JPY"
    number = twin.product(name="Tea", sku="T-1", price="4980")
    (one,), _ = listed(twin)
    assert one == ProductSnapshot(
        id=str(number),
        updated_at=START.replace(microsecond=0),
        name="Tea",
        sku="T-1",
        price=4980,
        currency="JPY",
        url=f"https://shop.example/product/tee-{number}/",
        image_url="https://shop.example/tee.jpg",
    )
    fetched = api(twin).fetch(Ref(kind=PRODUCT, id=str(number)))
    assert fetched is not None
    assert parse({FETCHED: fetched.kind}, fetched.body).products == (one,)
    assert api(twin).fetch(Ref(kind=PRODUCT, id="987654")) is None


def test_a_list_is_read_to_its_end_and_then_on_from_its_changes(
    twin: WooTwin, watch: clock.SetClock
) -> None:
    numbers = [twin.product() for _ in range(PER_PAGE * 2 + 7)]
    found, cursor = listed(twin)
    assert {one.id for one in found} == {str(number) for number in numbers}
    watch.move(timedelta(hours=1))
    twin.product(numbers[3], price="12.50")
    found, cursor = listed(twin, cursor)
    assert {one.id: one.price for one in found}[str(numbers[3])] == 1250
    watch.move(timedelta(hours=1))
    assert [one.id for one in listed(twin, cursor)[0]] == [str(numbers[3])]


def test_what_is_not_for_sale_is_not_read(twin: WooTwin) -> None:
    twin.product(status="draft")
    shown = twin.product()
    assert [one.id for one in listed(twin)[0]] == [str(shown)]


@pytest.mark.parametrize("price", ["", "free", "NaNx"])
def test_a_price_that_is_none_is_left_out(price: str) -> None:
    one = told({"id": 7, "price": price, "date_modified_gmt": "2026-11-21T10:00:00"})
    assert (one.id, one.price, one.image_url) == ("7", None, "")


def test_long_words_are_cut_and_an_unknown_currency_prices_nothing() -> None:
    product = {
        "id": 7,
        "name": "T" * 1900,
        "price": "1.00",
        "date_created_gmt": "2026-11-21T10:00:00",
    }
    one = told(product, "POINTS")
    assert (len(one.name), one.price, one.currency) == (300, None, "")


@pytest.mark.parametrize(
    ("product", "says"),
    [
        ({"id": 7}, "date_modified_gmt: is required"),
        ({"id": 7, "date_modified_gmt": "soon"}, "is no time"),
        ({"id": 7, "price": "Infinity", "date_modified_gmt": "2026-11-21T10:00:00"}, "no amount"),
        ({"name": "Tea"}, "id"),
    ],
)
def test_what_is_no_product_is_refused_in_words(product: dict[str, Any], says: str) -> None:
    with pytest.raises(BadDelivery, match=says):
        told(product)
