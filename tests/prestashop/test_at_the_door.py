"""What PHP has made and signed goes through the engine's own door and settles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.asgi import Client, living
from tests.prestashop.driver import Receiver, Shop
from wordmouth.orders import queries as orders
from wordmouth.project.asgi import build
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores
from wordmouth.stores.facts import Created
from wordmouth.stores.transactions import store_read

ADAPTER = "prestashop"


@pytest.fixture
def store(transactional_db: None) -> Created:
    """The shop's store at the engine."""
    return stores.create_store("Teehaus", adapter=ADAPTER, shop_url="https://teehaus.example/")


@pytest.fixture
def engine(store: Created) -> Iterator[Client]:
    """The whole engine, but for its worker."""
    with living(build(worker=False)) as client:
        yield client


def handed_over(engine: Client, receiver: Receiver) -> list[int]:
    """Hand to the engine what the shop has sent, byte for byte; how each was answered."""
    answers = [
        engine.request("POST", path, headers=headers, body=body).status
        for path, headers, body in receiver.requests
    ]
    receiver.requests.clear()
    return answers


def test_an_order_settles_and_follows_the_shop(
    any_shop: Shop, receiver: Receiver, store: Created, engine: Client
) -> None:
    secret = store.webhook_secret
    any_shop.connect(receiver.url, STORE_ID=store.store.id, SECRET=secret)
    number = any_shop.buy()
    any_shop.flush()
    assert handed_over(engine, receiver) == [202, 202]
    settle_store(store.store.id)
    with store_read(store.store.id):
        known = orders.order(str(number))
    assert known is not None
    assert (known.currency, known.grand, known.paid_at) == ("EUR", 6600, None)

    any_shop.act("state", order=number, state="PAYMENT")
    told = {"amount": "30.000000", "total_products_tax_incl": "30.000000"}
    any_shop.act("slip", order=number, told=told, lines=[])
    any_shop.flush()
    assert handed_over(engine, receiver) == [202]
    settle_store(store.store.id)
    with store_read(store.store.id):
        known = orders.order(str(number))
    assert known is not None
    assert known.paid_at is not None
    assert known.refunded == 3000


def test_another_secret_is_turned_away(
    shop: Shop, receiver: Receiver, store: Created, engine: Client
) -> None:
    shop.connect(receiver.url, STORE_ID=store.store.id)
    shop.buy()
    shop.flush()
    assert handed_over(engine, receiver) == [401, 401]
