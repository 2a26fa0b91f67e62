"""A shop that lists its products lets programmes promise one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.shops.bench_woocommerce import WooBench
from tests.shops.conftest import Tried
from tests.world import GIVE_10_GET_10
from wordmouth.integrations import following
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data
from wordmouth.project.worker import run_until_idle
from wordmouth.stores.transactions import store_write

FREE = {"schedule": "each", "kind": "free_product", "product": "10"}
PROMISES: dict[str, Any] = {
    **GIVE_10_GET_10,
    "offers": [{**GIVE_10_GET_10["offers"][0], "advocate": [FREE]}],
}


@pytest.fixture
def tried(watch: clock.SetClock) -> Iterator[Tried]:
    """A store with a shop whose products are listed."""
    bench = WooBench()
    with bench.running():
        yield Tried(bench, watch)


def promise(tried: Tried) -> None:
    with store_write(tried.store_id):
        programs.apply_document(parse_data(PROMISES), by="test")


def test_a_free_product_can_be_promised_once_the_products_were_read(tried: Tried) -> None:
    with pytest.raises(Invalid, match="catalogue is empty"):
        promise(tried)
    following.begin(tried.store_id, tried.bench.name)
    run_until_idle()
    promise(tried)
