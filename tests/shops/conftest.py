"""A shop of each kind on the bench, a store that it is connected with, and a clock that is moved
by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.shops.bench import Bench, Told, connection_of
from tests.shops.bench_bigcommerce import BigBench
from tests.shops.bench_generic import GenericBench
from tests.shops.bench_magento import MagentoBench
from tests.shops.bench_saleor import SaleorBench
from tests.shops.bench_shift4shop import S4SBench
from tests.shops.bench_shopify import ShopifyBench
from tests.shops.bench_woocommerce import WooBench
from tests.world import START
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import services
from wordmouth.inbox.ports import Verified
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.orders.facts import OrderFacts
from wordmouth.project.adapters import ADAPTERS, PLUGIN_KINDS
from wordmouth.project.effects import Lane
from wordmouth.project.settle import settle_store
from wordmouth.stores.facts import ConnectionFacts
from wordmouth.stores.transactions import store_read, store_write

BENCHES: dict[str, Callable[[], Bench]] = {
    "generic": GenericBench,
    "oscar": lambda: GenericBench("oscar", PLUGIN_KINDS),
    "shopify": ShopifyBench,
    "woocommerce": WooBench,
    "bigcommerce": BigBench,
    "shift4shop": S4SBench,
    "saleor": SaleorBench,
    "magento": MagentoBench,
}
"""One for each adapter of the product whose deliveries differ, by its name."""


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    """The only clock."""
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


WITH_API = [name for name, make in BENCHES.items() if make().adapter().capabilities.lists]
"""Those that can be read."""


@pytest.fixture(params=BENCHES)
def bench(request: pytest.FixtureRequest, watch: clock.SetClock) -> Iterator[Bench]:
    """A shop of each kind."""
    made = BENCHES[request.param]()
    with made.running():
        yield made


class Tried:
    """A store with its shop, and short ways to tell it things and to look at what it made of
    them."""

    def __init__(self, bench: Bench, watch: clock.SetClock) -> None:
        self.bench, self.watch = bench, watch
        self.store_id = bench.connect()

    @property
    def connection(self) -> ConnectionFacts:
        return connection_of(self.store_id, self.bench.name)

    def take(self, told: Told) -> str | None:
        """What the door does: prove and store; the delivery's id, None for a ping. Raises
        BadSignature."""
        adapter = ADAPTERS[self.bench.name]
        keys = adapter.keys(self.connection)
        proven = adapter.verifier.verify(keys, told.headers, told.body, clock.now())
        if not isinstance(proven, Verified):
            return None
        with store_write(self.store_id):
            return services.receive(
                self.store_id, self.bench.name, proven.dedupe, told.headers, told.body
            )

    def settle(self) -> None:
        """Settle what waits and carry out what that asks for, without any reading by the clock."""
        while settle_store(self.store_id) or Lane().step():
            pass

    def tell(self) -> list[Told]:
        """The shop delivers, and it is settled."""
        sent = self.bench.deliveries()
        for told in sent:
            self.take(told)
        self.settle()
        return sent

    def order(self, name: str) -> OrderFacts:
        """The order as the engine knows it."""
        with store_read(self.store_id):
            found = orders.order(name)
        assert found is not None
        return found

    def count(self) -> int:
        """How many orders the engine knows."""
        with store_read(self.store_id):
            return orders.count()

    def states(self) -> dict[str, int]:
        """How many deliveries came to which end."""
        with store_read(self.store_id):
            found = [row.state for row in inbox.page(limit=1000)]
        return {state: found.count(state) for state in set(found)}

    def pass_time(self, **time: float) -> None:
        self.watch.move(timedelta(**time))


@pytest.fixture
def tried(bench: Bench, watch: clock.SetClock) -> Tried:
    """A store that is connected with that shop."""
    return Tried(bench, watch)
