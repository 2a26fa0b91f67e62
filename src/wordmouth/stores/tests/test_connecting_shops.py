"""What opens a shop's API is sealed, belongs to the shop's connection, and moves the version of the
store: the door may go by it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World
from wordmouth.stores import queries, services, versions
from wordmouth.stores.errors import BadStore
from wordmouth.stores.facts import PAYOUTS
from wordmouth.stores.models import Connection
from wordmouth.stores.transactions import store_write

URL = "https://tea.example/wp-json/wc/v3/coupons"


def connect(world: World, secret: str = "hush", adapter: str = "woocommerce") -> None:
    services.connect_shop(
        world.store.id, adapter, {"consumer_secret": secret}, {"key": "ck_1"}, coupon_url=URL
    )


def test_credentials_are_sealed_and_opened_with_the_connection(world: World) -> None:
    connect(world)
    found = queries.connection(world.store.id, "woocommerce")
    assert found is not None
    assert (found.credentials, found.options) == ({"consumer_secret": "hush"}, {"key": "ck_1"})
    assert found.coupon_url == URL
    assert len(found.secrets) == 1
    with world.read():
        row = Connection.objects.get(adapter="woocommerce")
    assert "hush" not in row.credentials
    assert "hush" not in repr(found)


def test_connecting_again_replaces_all_but_the_secret_of_deliveries(world: World) -> None:
    connect(world)
    before = queries.connection(world.store.id, "woocommerce")
    connect(world, "new")
    after = queries.connection(world.store.id, "woocommerce")
    assert before is not None
    assert after is not None
    assert after.credentials == {"consumer_secret": "new"}
    assert (after.id, after.secrets) == (before.id, before.secrets)


def test_a_shop_without_an_api_has_no_credentials(world: World) -> None:
    found = queries.connection(world.store.id, "generic")
    assert found is not None
    assert found.credentials == {}
    assert queries.connected_through(["generic"]) == set()
    connect(world)
    assert queries.connected_through(["generic", "woocommerce"]) == {
        (world.store.id, "woocommerce")
    }


def test_nothing_else_is_taken_for_a_shop(world: World) -> None:
    services.connect(world.store.id, "paypal", ["hush"], {}, serves=PAYOUTS)
    with pytest.raises(BadStore, match="not its shop"):
        connect(world, adapter="paypal")
    for nothing in ({}, {"consumer_secret": ""}):
        with pytest.raises(BadStore, match="not empty"):
            services.connect_shop(world.store.id, "woocommerce", nothing, {}, coupon_url=URL)


@pytest.mark.parametrize("change", ["credentials", "options"])
def test_another_key_moves_the_version_on(transactional_db: None, change: str) -> None:
    store = services.create_store("Tea House").store
    opened = ("woocommerce", {"consumer_secret": "hush"})
    services.connect_shop(store.id, *opened, {"key": "ck_1"}, coupon_url=URL)
    before = versions.numbers([store.id])
    with store_write(store.id):
        other: dict[str, Any] = {"credentials": "v1:other", "options": {"key": "ck_2"}}
        Connection.objects.filter(adapter="woocommerce").update(**{change: other[change]})
    assert versions.numbers([store.id]) != before
