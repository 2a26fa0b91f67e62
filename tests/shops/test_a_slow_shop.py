"""A shop whose API hangs keeps its own list waiting and nobody else's."""

from __future__ import annotations

import threading

from django.db import connections

from tests.harness.patience import PATIENCE
from tests.shops.paper import NAME, PaperShop, on_paper
from tests.shops.test_following import an_order
from wordmouth.inbox import queries as inbox
from wordmouth.integrations import following
from wordmouth.integrations.ports import Page
from wordmouth.orders import queries as orders
from wordmouth.project.effects import Lane
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores
from wordmouth.stores.facts import ConnectionFacts
from wordmouth.stores.transactions import store_read


class HangingShop(PaperShop):
    """It takes a question and does not answer before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_now, self.answers = threading.Event(), threading.Event()

    def changes(self, kind: str, cursor: str) -> Page:
        self.asked_now.set()
        assert self.answers.wait(PATIENCE)
        return super().changes(kind, cursor)


class TwoShops(PaperShop):
    """One kind of shop, with another shop for each store."""

    def __init__(self) -> None:
        super().__init__()
        self.shops: dict[str, PaperShop] = {}

    def api(self, connection: ConnectionFacts) -> PaperShop:
        return self.shops[connection.store_id]


def connected(adapter: TwoShops, name: str, shop: PaperShop) -> str:
    """A store with that shop, in which there is one order."""
    store_id = stores.create_store(name).store.id
    stores.connect_shop(store_id, NAME, {"token": "open"}, {}, coupon_url="")
    shop.orders = [an_order(name)]
    adapter.shops[store_id] = shop
    following.begin(store_id, NAME)
    return store_id


def taken(store_id: str) -> int:
    """How many orders of the store's shop are known, after settling what was read."""
    while settle_store(store_id):
        pass
    with store_read(store_id):
        return orders.count()


def work(lane: Lane) -> None:
    """Carry out whatever is due, in a thread with a connection of its own."""
    try:
        while lane.step():
            pass
    finally:
        connections.close_all()


def test_a_shop_that_hangs_slows_no_other_store(transactional_db: None) -> None:
    slow, adapter = HangingShop(), TwoShops()
    with on_paper(adapter):
        hanging = connected(adapter, "slow", slow)
        worker = threading.Thread(target=work, args=(Lane(),))
        worker.start()
        assert slow.asked_now.wait(PATIENCE)
        try:
            others = [connected(adapter, f"quick-{number}", PaperShop()) for number in range(3)]
            lane = Lane()
            while lane.step():
                pass
            assert [taken(store_id) for store_id in others] == [1, 1, 1]
            assert taken(hanging) == 0
        finally:
            slow.answers.set()
            worker.join(PATIENCE)
        assert taken(hanging) == 1
        with store_read(hanging):
            feed = inbox.feed(NAME, "order")
        assert feed is not None
        assert feed.taken == 1
