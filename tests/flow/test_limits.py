"""A programme that caps what one advocate may earn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import GIVE_10_GET_10, World, at, order, paid
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data
from wordmouth.project import audit
from wordmouth.rewards import queries as rewards


@pytest.fixture
def capped(world: World) -> World:
    document: dict[str, Any] = GIVE_10_GET_10 | {
        "limits": {"per_advocate": {"count": 2, "days": 10}}
    }
    with world.write():
        programs.apply_document(parse_data(document), by="test")
    return world


def pending(world: World, advocate: str) -> int:
    with world.read():
        return sum(b.pending for b in rewards.wallet(advocate).balances)


def test_only_so_many_are_rewarded_within_the_days(capped: World) -> None:
    ana = capped.advocate("ana@shop.example")
    for number in (3, 1, 2):
        told = paid(str(number), f"friend{number}@mail.example", at(number), codes=(ana.code,))
        capped.tell(told)
    assert pending(capped, ana.id) == 2000
    capped.tell(paid("12", "friend12@mail.example", at(12), codes=(ana.code,)))
    assert pending(capped, ana.id) == 3000
    assert audit.replay(capped.store.id).findings == []


def test_a_place_that_falls_free_goes_to_the_next(capped: World) -> None:
    ana = capped.advocate("ana@shop.example")
    for number in (1, 2, 3):
        told = paid(str(number), f"friend{number}@mail.example", at(number), codes=(ana.code,))
        capped.tell(told)
    capped.tell(
        order(
            "1",
            email="friend1@mail.example",
            updated=at(4),
            placed_at=at(1),
            paid_at=at(1),
            cancelled_at=at(4),
            codes=(ana.code,),
        )
    )
    assert pending(capped, ana.id) == 2000
    assert audit.verify(capped.store.id).findings == []
    assert audit.replay(capped.store.id).findings == []
