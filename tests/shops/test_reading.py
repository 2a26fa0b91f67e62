"""Every adapter with an API: what is read is what was told, nothing is lost for ever, and what is
broken is found and mended."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.shops.bench import Bench, Sale
from tests.shops.conftest import BENCHES, WITH_API, Tried
from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox import queries as inbox
from wordmouth.inbox.facts import FeedFacts
from wordmouth.integrations import following
from wordmouth.integrations.ports import (
    BROKEN,
    CLOCK,
    CREDENTIALS,
    CUSTOMER,
    OK,
    ORDER,
    PRODUCT,
    SUBSCRIPTIONS,
    Ref,
    ShopApi,
)
from wordmouth.integrations.twins import RETRY_SECONDS
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.outbox import queries as outbox
from wordmouth.project.worker import run_until_idle
from wordmouth.stores import addresses
from wordmouth.stores.transactions import store_read

MINUTES = following.POLL_EVERY + timedelta(minutes=1)


@pytest.fixture(params=WITH_API)
def bench(request: pytest.FixtureRequest, watch: clock.SetClock) -> Iterator[Bench]:
    """A shop of each kind that can be read."""
    made = BENCHES[request.param]()
    with made.running():
        yield made


@pytest.fixture
def api(tried: Tried) -> ShopApi:
    """The shop's API."""
    found = tried.bench.adapter().api(tried.connection)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(set(BENCHES) - set(WITH_API)))
def test_a_shop_without_an_api_is_not_followed(name: str, watch: clock.SetClock) -> None:
    made = BENCHES[name]()
    with made.running():
        tried = Tried(made, watch)
        assert made.adapter().api(tried.connection) is None
        assert not made.adapter().capabilities.subscriptions
        run_until_idle()
        with store_read(tried.store_id):
            assert inbox.feeds() == []


def feed(tried: Tried, kind: str = ORDER) -> FeedFacts:
    with store_read(tried.store_id):
        found = inbox.feed(tried.bench.name, kind)
    assert found is not None
    return found


def finding(api: ShopApi, tried: Tried, name: str) -> str:
    told = api.health(addresses.deliveries(tried.store_id, tried.bench.name))
    found = {each.name: each for each in told}
    assert all(each.state == OK or each.mend for each in told), "what is broken says how to mend"
    return found[name].state if name in found else "not told"


def cycle(tried: Tried) -> None:
    """Time for one reading passes, and what is due is done."""
    tried.watch.move(MINUTES)
    run_until_idle()


def lives(tried: Tried, count: int, seed: int) -> list[Sale]:
    """Some orders, each at some point of its life."""
    chance = random.Random(seed)
    sales = []
    for number in range(count):
        sale = Sale(total=Decimal(chance.randint(0, 9000)) / 100, email=f"b{number}@example.com")
        tried.bench.save(sale)
        sales.append(sale)
    return sales


def change(tried: Tried, sale: Sale, chance: random.Random) -> None:
    """Something happens to an order."""
    if not sale.paid:
        sale.paid = True
    elif chance.random() < 0.5 and not sale.refunds:
        sale.refunds.append((sale.total / 2).quantize(Decimal("0.01")))
    else:
        sale.cancelled = True
    tried.bench.save(sale)


def truth(tried: Tried, sales: list[Sale]) -> None:
    """What the engine knows is what is so in the shop."""
    for sale in sales:
        order = tried.order(sale.id)
        assert order.grand == int(sale.total * 100), sale
        assert (order.paid_at is not None) == sale.paid, sale
        assert order.refunded == int(sum(sale.refunds) * 100), sale
        assert (order.cancelled_at is not None) == sale.cancelled, sale


def test_what_is_read_is_what_was_told(tried: Tried, api: ShopApi) -> None:
    """Two shops of the same kind live the same; one is only heard, the other is only read."""
    other_bench: Bench = BENCHES[tried.bench.name]()
    known = []
    for one in (tried, other_bench):
        chance = random.Random(1)
        if isinstance(one, Tried):
            known.append(lived(one, chance, hears=True))
        else:
            with one.running():
                known.append(lived(Tried(one, tried.watch), chance, hears=False))
    assert known[0] == known[1]


def lived(tried: Tried, chance: random.Random, *, hears: bool) -> list[dict[str, object]]:
    """What the engine knows of a shop after some life of it, which takes the same time always."""
    begun = tried.watch.at
    sales = lives(tried, 6, 3)
    for _ in range(12):
        tried.pass_time(minutes=5)
        change(tried, chance.choice(sales), chance)
        if hears:
            tried.tell()
    if not hears:
        tried.bench.deliveries()
        following.begin(tried.store_id, tried.bench.name)
        run_until_idle()
    tried.watch.at = begun
    found = []
    with store_read(tried.store_id):
        for sale in sales:
            told = orders.snapshot_json(sale.id)
            assert told is not None
            found.append(told)
    return found


@pytest.mark.parametrize("dropped", [0.1, 0.5, 1.0])
def test_whatever_deliveries_are_lost_one_reading_finds_it(
    tried: Tried, api: ShopApi, dropped: float
) -> None:
    run_until_idle()
    chance = random.Random(int(dropped * 10))
    sales: list[Sale] = []
    for _ in range(30):
        tried.pass_time(seconds=chance.choice([0, 1, 40]))
        if len(sales) < 12 and chance.random() < 0.5:
            sales += lives(tried, 1, chance.randint(0, 99))
        elif sales:
            change(tried, chance.choice(sales), chance)
        for told in tried.bench.deliveries():
            if chance.random() >= dropped:
                tried.take(told)
                tried.settle()
    cycle(tried)
    truth(tried, sales)


def test_after_six_hours_of_silence_one_reading_finds_everything(
    tried: Tried, api: ShopApi
) -> None:
    run_until_idle()
    sales = lives(tried, 5, 8)
    tried.tell()
    chance = random.Random(4)
    for _ in range(36):
        tried.pass_time(minutes=10)
        change(tried, chance.choice(sales), chance)
        tried.bench.deliveries()
    cycle(tried)
    truth(tried, sales)


def test_a_long_history_is_read_to_its_end_even_where_all_of_it_is_of_one_second(
    tried: Tried, api: ShopApi
) -> None:
    sales = lives(tried, 120, 5)
    tried.bench.deliveries()
    tried.pass_time(days=1)
    run_until_idle()
    assert tried.count() == 120
    assert (feed(tried).taken, feed(tried).caught_up_at) == (120, clock.now())
    truth(tried, sales)


def read(api: ShopApi, cursor: str) -> tuple[list[bytes], str]:
    """Everything that the list has after the cursor, and where it ends."""
    bodies: list[bytes] = []
    while True:
        page = api.changes(ORDER, cursor)
        bodies += [item.body for item in page.items]
        assert page.done or page.cursor != cursor, "a page that is not the last moves the cursor"
        cursor = page.cursor
        if page.done:
            return bodies, cursor


def test_a_list_is_read_on_and_not_from_its_beginning(tried: Tried, api: ShopApi) -> None:
    lives(tried, 120, 5)
    bodies, cursor = read(api, "")
    assert len(set(bodies)) == 120
    for _ in range(2):
        tried.pass_time(hours=1)
        (sale,) = lives(tried, 1, 6)
        bodies, cursor = read(api, cursor)
        assert any(sale.id.encode() in body for body in bodies)
    assert len(bodies) < 10, "what did not change for an hour is not read again"


@pytest.mark.parametrize("kind", [CUSTOMER, PRODUCT])
def test_what_else_the_shop_lists_is_read_and_what_it_does_not_is_refused(
    tried: Tried, api: ShopApi, kind: str
) -> None:
    if kind not in tried.bench.adapter().capabilities.lists:
        with pytest.raises(Refused, match=kind):
            api.changes(kind, "")
        return
    run_until_idle()
    assert feed(tried, kind).problem == ""
    assert feed(tried, kind).caught_up_at is not None


def test_what_the_shop_does_not_have_is_gone_and_what_it_cannot_have_is_refused(
    tried: Tried, api: ShopApi
) -> None:
    assert api.fetch(Ref(kind=ORDER, id="987654")) is None
    with pytest.raises(Refused):
        api.fetch(Ref(kind="teapot", id="1"))


def test_a_subscription_that_was_switched_off_is_found_and_mended(
    tried: Tried, api: ShopApi
) -> None:
    address = addresses.deliveries(tried.store_id, tried.bench.name)
    if not tried.bench.adapter().capabilities.subscriptions:
        assert finding(api, tried, SUBSCRIPTIONS) == "not told"
        assert api.install(address) == (), "it cannot be told where to deliver"
        return
    assert finding(api, tried, SUBSCRIPTIONS) == OK
    assert api.install(address) == (), "where everything is well nothing is done"
    tried.bench.switch_off()
    assert finding(api, tried, SUBSCRIPTIONS) == BROKEN
    run_until_idle()
    assert finding(api, tried, SUBSCRIPTIONS) == OK
    report = feed(tried, following.CONNECTION).report
    assert report["mended"]
    assert {each["state"] for each in report["findings"]} == {OK}
    sale = Sale(paid=True)
    tried.bench.save(sale)
    tried.tell()
    assert tried.order(sale.id).paid_at is not None


def test_a_key_that_ran_out_is_found_and_when_it_is_back_nothing_was_lost(
    tried: Tried, api: ShopApi
) -> None:
    run_until_idle()
    tried.bench.change_key()
    assert finding(api, tried, CREDENTIALS) == BROKEN
    sales = lives(tried, 3, 1)
    tried.bench.deliveries()
    cycle(tried)
    assert tried.count() == 0
    assert "401" in feed(tried).problem
    tried.bench.change_key(back=True)
    tried.watch.move(following.HOLD)
    run_until_idle()
    truth(tried, sales)
    assert feed(tried).problem == ""


@pytest.mark.parametrize(("fault", "pause"), [("429", RETRY_SECONDS), ("429_plain", None)])
def test_a_shop_that_is_busy_is_read_later(
    tried: Tried, api: ShopApi, fault: str, pause: float | None
) -> None:
    tried.bench.faults.append(fault)
    with pytest.raises(Unreachable) as caught:
        api.changes(ORDER, "")
    assert caught.value.retry_after == pause
    run_until_idle()
    sales = lives(tried, 3, 1)
    tried.bench.faults.append(fault)
    cycle(tried)
    tried.watch.move(timedelta(minutes=2))
    run_until_idle()
    truth(tried, sales)


@pytest.mark.parametrize("fault", ["reset", "500", "html", "garbage", "truncated", "redirect"])
def test_whatever_the_shop_answers_reading_goes_on_afterwards(
    tried: Tried, api: ShopApi, fault: str
) -> None:
    run_until_idle()
    sales = lives(tried, 3, 1)
    tried.bench.deliveries()
    acts: list[Callable[[], object]] = [
        lambda: api.changes(ORDER, ""),
        lambda: api.fetch(Ref(kind=ORDER, id=sales[0].id)),
    ]
    if tried.bench.adapter().capabilities.subscriptions:
        acts.append(lambda: api.install("https://engine.example/in/x/y"))
    for act in acts:
        tried.bench.faults.append(fault)
        with pytest.raises(Unreachable):
            act()
    tried.bench.faults.append(fault)
    assert any(each.state == BROKEN for each in api.health("https://engine.example/in/x/y"))
    tried.bench.faults.extend([fault] * 4)
    cycle(tried)
    tried.bench.faults.clear()
    tried.watch.move(following.HOLD)
    run_until_idle()
    truth(tried, sales)


def test_a_clock_that_is_wrong_is_found(tried: Tried, api: ShopApi) -> None:
    assert finding(api, tried, CLOCK) == OK
    tried.bench.put_clock(timedelta(minutes=-7))
    assert finding(api, tried, CLOCK) == BROKEN


def test_a_shop_that_is_down_for_two_days_loses_nothing_and_slows_no_other_store(
    tried: Tried, api: ShopApi
) -> None:
    other: Bench = BENCHES[tried.bench.name]()
    with other.running():
        beside = Tried(other, tried.watch)
        run_until_idle()
        unheard: list[Sale] = []
        for seed in range(12):
            tried.pass_time(hours=4)
            unheard += lives(tried, 1, seed)
            theirs = lives(beside, 1, seed)
            for one in (tried, beside):
                one.bench.deliveries()
            tried.bench.faults.extend(["503"] * 50)
            run_until_idle()
            tried.bench.faults.clear()
            truth(beside, theirs)
        assert tried.count() == 0
        with store_read(tried.store_id):
            followed = [one for one in outbox.page(limit=500) if one.kind.startswith("shop.")]
        lists = tried.bench.adapter().capabilities.lists
        assert len(followed) == 1 + len(lists), "one effect for each feed, however long it takes"
        tried.watch.move(following.HOLD)
        run_until_idle()
        truth(tried, unheard)
