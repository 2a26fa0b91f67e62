"""Settling a batch in which not everything is good."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection

from tests.harness.patience import PATIENCE, until
from tests.world import START, World
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import services
from wordmouth.kit.pace import Pace
from wordmouth.orders import queries as orders
from wordmouth.orders import services as taking
from wordmouth.project import settle
from wordmouth.stores.transactions import WRITE_GATE


def delivered(world: World, name: str, **data: Any) -> None:
    told = {"id": name, "updated_at": START.isoformat(), "currency": "EUR"}
    body = {"type": "order.snapshot", "timestamp": START.isoformat(), "data": told | data}
    with world.write():
        services.receive(world.store.id, "generic", name, {}, json.dumps(body).encode())


GOOD = {"totals": {"grand": 100}}


@pytest.mark.parametrize(
    "bad", [{"totals": {"grand": -1}}, {**GOOD, "currency": "EURO"}, {"totals": None}]
)
def test_one_that_is_wrong_is_refused_and_its_neighbours_settle(
    world: World, bad: dict[str, Any]
) -> None:
    delivered(world, "1", **GOOD)
    delivered(world, "2", **bad)
    delivered(world, "3", **GOOD)
    while settle.settle_store(world.store.id):
        pass
    with world.read():
        assert orders.count() == 2
        found = {row.state: row.problem for row in inbox.page(limit=10)}
    assert set(found) == {"settled", "refused"}
    assert "data." in found["refused"]


def test_one_that_fails_is_tried_again_later_and_holds_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "123":
        delivered(world, name, **GOOD)
    real = taking.take

    def fails_on_2(store_id: str, told: Any, **more: Any) -> Any:
        if any(snapshot.id == "2" for snapshot in told):
            raise RuntimeError("a bug of ours")
        return real(store_id, told, **more)

    monkeypatch.setattr(taking, "take", fails_on_2)
    settle.settle_store(world.store.id)
    with world.read():
        assert orders.count() == 2
        late = [row for row in inbox.page(limit=10) if row.state == "received"]
    assert [row.problem for row in late] == ["RuntimeError: a bug of ours"]
    monkeypatch.undo()
    assert settle.settle_store(world.store.id) == 0
    assert late[0].retry_at is not None
    world.clock.move(late[0].retry_at - START)
    assert settle.settle_store(world.store.id) == 1
    with world.read():
        assert orders.count() == 3


def test_while_a_door_waits_a_batch_is_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("doors wait for settling on SQLite alone")
    pace = Pace(1000, awaited=0, first=50, least=25, most=500)
    monkeypatch.setattr(settle, "_PACES", {"sqlite": pace})
    delivered(world, "1", **GOOD)
    settle.settle_store(world.store.id)
    assert pace.limit == 50
    delivered(world, "2", **GOOD)
    claim = services.claim_batch
    doors: list[threading.Thread] = []

    def somebody_comes(*asked: Any) -> Any:
        doors.append(threading.Thread(target=lambda: WRITE_GATE.__enter__().__exit__(*[None] * 3)))
        doors[-1].start()
        until(lambda: WRITE_GATE.is_awaited)
        return claim(*asked)

    monkeypatch.setattr(services, "claim_batch", somebody_comes)
    settle.settle_store(world.store.id)
    doors[0].join(PATIENCE)
    assert pace.limit == 25
