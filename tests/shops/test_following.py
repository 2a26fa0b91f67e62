"""Shops are followed: what they tell in part is read there, what their deliveries lost is found
in their lists, and where they deliver is looked after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.shops.paper import NAME, PaperShop, on_paper
from tests.world import START, World, at
from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import services
from wordmouth.inbox.facts import FeedFacts
from wordmouth.integrations import following
from wordmouth.integrations.ports import BROKEN, WARNING, Finding
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.outbox import queries as outbox
from wordmouth.project.worker import run_until_idle
from wordmouth.stores import addresses
from wordmouth.stores import services as stores


@pytest.fixture
def shop(world: World) -> Iterator[PaperShop]:
    """The store's shop, connected and not followed yet."""
    with on_paper(PaperShop()) as shop:
        stores.connect_shop(world.store.id, NAME, {"token": "open"}, {}, coupon_url="")
        yield shop


def an_order(name: str, day: float = -30, **more: Any) -> dict[str, Any]:
    told = {
        "id": name,
        "updated_at": at(day).isoformat(),
        "placed_at": at(day).isoformat(),
        "paid_at": at(day).isoformat(),
        "currency": "EUR",
        "totals": {"items": 5000, "grand": 5000},
        "customer": {"email": f"buyer-{name}@example.com"},
    }
    return told | more


def told(world: World, name: str, *, number: int = 1) -> None:
    """The shop delivers that an order changed."""
    body = json.dumps({"id": name, "number": number}).encode()
    with world.write():
        services.receive(world.store.id, NAME, body.decode(), {}, body)


def feed(world: World, kind: str = "order") -> FeedFacts:
    with world.read():
        found = inbox.feed(NAME, kind)
    assert found is not None
    return found


def known(world: World) -> int:
    with world.read():
        return orders.count()


def problems(world: World) -> list[str]:
    with world.read():
        return [row.problem for row in inbox.page(limit=50) if row.problem]


def mails(world: World) -> int:
    with world.read():
        return sum(effect.kind == "mail.send" for effect in outbox.page(limit=50))


def test_the_history_is_read_to_its_end_and_nobody_is_written_to(
    world: World, shop: PaperShop
) -> None:
    shop.orders = [an_order(str(number)) for number in range(5)]
    run_until_idle()
    assert known(world) == 5
    assert mails(world) == 0
    found = feed(world)
    assert (found.taken, found.cursor, found.problem) == (5, "5", "")
    assert found.caught_up_at == START
    assert shop.asked.count("changes 0") == 1


def test_an_order_after_the_connection_is_news_even_where_it_is_only_found_by_reading(
    world: World, shop: PaperShop
) -> None:
    run_until_idle()
    world.clock.move(timedelta(hours=1))
    shop.orders = [an_order("new", 0.02)]
    run_until_idle()
    assert known(world) == 1
    assert mails(world) == 1


def test_reading_is_repeated_by_the_clock_and_not_more_often(world: World, shop: PaperShop) -> None:
    run_until_idle()
    before = len(shop.asked)
    run_until_idle()
    assert len(shop.asked) == before
    world.clock.move(following.POLL_EVERY)
    run_until_idle()
    assert [what for what in shop.asked[before:] if what.startswith("changes")] == ["changes 0"]


def test_a_thin_delivery_is_read_at_the_shop_once_for_a_whole_batch(
    world: World, shop: PaperShop
) -> None:
    run_until_idle()
    shop.orders = [an_order("7", 0)]
    for number in range(3):
        told(world, "7", number=number)
    run_until_idle()
    assert shop.asked.count("fetch 7") == 1
    assert known(world) == 1
    told(world, "7", number=4)
    run_until_idle()
    assert shop.asked.count("fetch 7") == 2


def test_what_was_told_and_what_is_read_are_the_same_delivery(
    world: World, shop: PaperShop
) -> None:
    shop.orders = [an_order("7", 0)]
    told(world, "7")
    run_until_idle()
    with world.read():
        kinds = [row.adapter for row in inbox.page(limit=50)]
    assert len(kinds) == 2, "the hint, and the order once, although it was read twice"


def test_an_order_that_is_gone_is_no_problem(world: World, shop: PaperShop) -> None:
    told(world, "gone")
    run_until_idle()
    assert known(world) == 0
    with world.read():
        (effect,) = [one for one in outbox.page(limit=50) if one.kind == "shop.fetch"]
    assert (effect.state, effect.result) == ("done", {"state": "the shop has none (any more)"})


def test_what_was_read_and_still_tells_nothing_is_not_read_for_ever(
    world: World, shop: PaperShop
) -> None:
    shop.orders = [an_order("7", 0) | {"whole": False}]
    told(world, "7")
    run_until_idle()
    assert shop.asked.count("fetch 7") == 1
    assert problems(world) == ["what was read at the shop does not tell enough by itself"]


def test_a_shop_that_forgot_where_to_deliver_is_told_again(world: World, shop: PaperShop) -> None:
    run_until_idle()
    assert shop.delivers_to == addresses.deliveries(world.store.id, NAME)
    assert feed(world, "connection").report["mended"] == ["The shop was told where to deliver."]
    shop.delivers_to = ""
    world.clock.move(following.CHECK_EVERY)
    run_until_idle()
    assert shop.delivers_to
    world.clock.move(following.CHECK_EVERY)
    run_until_idle()
    report = feed(world, "connection").report
    assert report["mended"] == []
    assert [found["state"] for found in report["findings"]] == ["ok"]


@pytest.mark.parametrize(
    ("state", "pause"), [(WARNING, following.CHECK_EVERY), (BROKEN, following.CHECK_AGAIN)]
)
def test_what_is_broken_is_soon_looked_at_again_and_a_warning_is_lived_with(
    world: World, shop: PaperShop, state: str, pause: timedelta
) -> None:
    shop.limits = (Finding(name="history", state=state, text="A part of it is read."),)
    run_until_idle()
    assert feed(world, "connection").due_at == clock.now() + pause


def test_a_shop_that_is_down_for_two_days_is_read_soon_after_it_is_back(
    world: World, shop: PaperShop
) -> None:
    run_until_idle()
    shop.down = Unreachable("The shop answered 503.")
    for _ in range(16):
        world.clock.move(timedelta(hours=3))
        run_until_idle()
    assert feed(world).problem == "The shop answered 503."
    shop.orders, shop.down = [an_order(str(number), 1) for number in range(4)], None
    for _ in range(3):
        world.clock.move(timedelta(minutes=15))
        run_until_idle()
    assert known(world) == 4
    assert feed(world).problem == ""
    with world.read():
        followed = [one for one in outbox.page(limit=500) if one.kind.startswith("shop.")]
    assert len(followed) == 2, "one effect for each feed, however long the shop was away"
    assert {one.state for one in followed} == {"done"}


@pytest.mark.parametrize("failure", [Refused("No such list."), Unreachable("Busy.", 3600.0)])
def test_a_failure_is_kept_with_the_feed_in_words(
    world: World, shop: PaperShop, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fails(kind: str, cursor: str) -> None:
        raise failure

    monkeypatch.setattr(shop, "changes", fails)
    run_until_idle()
    assert feed(world).problem == str(failure)
    monkeypatch.undo()
    shop.orders = [an_order("1")]
    world.clock.move(2 * following.HOLD)
    run_until_idle()
    assert (known(world), feed(world).problem) == (1, "")


def test_a_shop_that_asks_for_a_long_pause_gets_it(world: World, shop: PaperShop) -> None:
    run_until_idle()
    shop.down = Unreachable("Slow down.", 4 * 3600.0)
    world.clock.move(following.POLL_EVERY)
    run_until_idle()
    shop.down = None
    for _ in range(3):
        world.clock.move(timedelta(hours=1))
        run_until_idle()
        assert feed(world).problem == "Slow down."
    world.clock.move(timedelta(hours=1, minutes=30))
    run_until_idle()
    assert feed(world).problem == ""


def test_a_list_that_does_not_go_on_ends_the_try(world: World, shop: PaperShop) -> None:
    shop.endless = True
    run_until_idle()
    assert shop.asked.count("changes 0") == 1


def test_nothing_more_is_read_while_much_waits(
    world: World, shop: PaperShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_WAITING", 3)
    shop.orders = [an_order(str(number)) for number in range(9)]
    run_until_idle()
    waited = feed(world)
    assert 3 <= waited.taken < 9
    assert waited.due_at == START + following.BREATH
    for _ in range(4):
        world.clock.move(following.BREATH)
        run_until_idle()
    assert (feed(world).taken, known(world)) == (9, 9)


def test_a_shop_that_this_version_does_not_know_is_given_up(world: World, shop: PaperShop) -> None:
    run_until_idle()
    following.install({})
    world.clock.move(following.CHECK_EVERY)
    run_until_idle()
    with world.read():
        found = [one for one in outbox.page(limit=50) if one.kind.startswith("shop.")]
    assert {one.state for one in found} == {"dead"}
    assert {one.problem for one in found} == {"The API of the shop behind paper is not open to us."}


def test_connecting_again_looks_at_once(world: World, shop: PaperShop) -> None:
    run_until_idle()
    shop.orders = [an_order("1")]
    following.begin(world.store.id, NAME)
    run_until_idle()
    assert known(world) == 1


def test_what_a_newer_version_reads_is_read_of_shops_that_were_followed_before(
    world: World, shop: PaperShop
) -> None:
    run_until_idle()
    assert following.adopt() == 0
    lists = (*shop.capabilities.lists, "product")
    shop.capabilities = msgspec.structs.replace(shop.capabilities, lists=lists)
    assert following.adopt() == 1
    assert following.adopt() == 0
    assert feed(world, "product").opened_at == clock.now()
