"""The delivery door asks nobody, and knows the key with which a Saleor signs now."""

from __future__ import annotations

import pytest

from tests.harness.asgi import Client, living
from tests.harness.patience import Watch
from tests.shops.bench import Sale, connection_of
from tests.shops.bench_saleor import SaleorBench
from wordmouth.kit import fresh
from wordmouth.project.asgi import build
from wordmouth.stores import addresses


def delivered(bench: SaleorBench, client: Client, store_id: str) -> int:
    """What a new order's delivery is answered with."""
    bench.save(Sale(paid=True))
    told = bench.deliveries()[0]
    path = f"/in/{store_id}/{bench.name}"
    return client.request("POST", path, headers=told.headers, body=told.body).status


def test_a_key_that_was_changed_opens_the_door_a_second_after_it_was_looked_at(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, watch = SaleorBench(), Watch()
    monkeypatch.setattr(fresh, "time", watch)
    with bench.running(), living(build(worker=False)) as client:
        store_id = bench.connect()
        assert delivered(bench, client, store_id) == 202
        bench.twin.key = 2
        asked = len(bench.twin.seen)
        assert delivered(bench, client, store_id) == 401
        assert len(bench.twin.seen) == asked, "the door asks nobody"
        shop = bench.adapter().api(connection_of(store_id, bench.name))
        assert shop is not None
        assert shop.install(addresses.deliveries(store_id, bench.name))
        watch.move(1.001)
        assert delivered(bench, client, store_id) == 202
