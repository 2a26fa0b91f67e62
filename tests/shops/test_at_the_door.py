"""What the delivery door does for shops that are not like the others: it answers a ping, shows a
verifier the query, and lets nobody pass for the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django_scopes import scopes_disabled

from tests.harness.asgi import Client, living
from tests.shops.bench import Sale
from tests.shops.bench_woocommerce import WooBench
from tests.shops.paper import NAME, PaperShop, on_paper
from wordmouth.inbox.models import Delivery
from wordmouth.inbox.ports import FETCHED, HISTORY_BEFORE, QUERY, Verified
from wordmouth.project.asgi import build
from wordmouth.stores import services as stores


@pytest.fixture
def shop() -> Iterator[PaperShop]:
    """A kind of shop that the application knows."""
    with on_paper(PaperShop()) as shop:
        yield shop


@pytest.fixture
def address(transactional_db: None) -> str:
    """Where a store's shop on paper delivers."""
    store = stores.create_store("Teehaus", adapter=NAME).store
    return f"/in/{store.id}/{NAME}"


@pytest.fixture
def client(shop: PaperShop, address: str) -> Iterator[Client]:
    """The application with that kind of shop, without the worker."""
    with living(build(worker=False)) as client:
        yield client


def kept() -> list[Delivery]:
    with scopes_disabled():
        return list(Delivery.objects.all())


def test_a_ping_is_answered_200_and_nothing_is_stored(client: Client, address: str) -> None:
    answer = client.request("POST", address, body=b"hello")
    assert (answer.status, answer.json()) == (200, {"ping": True})
    assert kept() == []


def test_no_sender_passes_for_the_engine(client: Client, address: str) -> None:
    forged = {FETCHED: "order", HISTORY_BEFORE: "2099-01-01T00:00:00+00:00", "x-kept": "1"}
    answer = client.request("POST", address, headers=forged, body=b'{"id": "1"}')
    assert answer.status == 202
    (row,) = kept()
    assert json.loads(row.headers).keys() & {FETCHED, HISTORY_BEFORE} == set()
    assert json.loads(row.headers)["x-kept"] == "1"


def test_a_verifier_sees_the_query_and_it_is_not_kept(
    client: Client, shop: PaperShop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def verify(keys: object, headers: dict[str, str], body: bytes, now: object) -> Verified:
        seen.append(headers.get(QUERY))
        return Verified(dedupe=f"{len(seen)}")

    monkeypatch.setattr(shop, "verify", verify)
    for query in (b"key=hush", b""):
        answer = client.request("POST", address, body=b'{"id": "1"}', query=query)
        assert answer.status == 202
    assert seen == ["key=hush", None]
    assert [QUERY in json.loads(row.headers) for row in kept()] == [False, False]


def test_woocommerce_is_answered_as_it_needs_it(transactional_db: None) -> None:
    bench = WooBench()
    with bench.running(), living(build(worker=False)) as client:
        store_id = bench.connect()
        address = f"/in/{store_id}/woocommerce"
        ping = bench.ping()
        assert ping is not None
        assert client.request("POST", address, body=ping.body).status == 200
        bench.save(Sale(paid=True))
        (told,) = bench.deliveries()
        answers = [
            client.request("POST", address, headers=told.headers, body=told.body) for _ in range(2)
        ]
        assert [answer.status for answer in answers] == [202, 202]
        assert answers[0].json() == answers[1].json()
        forged = client.request("POST", address, headers=told.headers, body=told.body + b" ")
        assert forged.status == 401
    assert [row.adapter for row in kept()] == ["woocommerce"]
