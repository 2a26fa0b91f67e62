"""An advocate with many friends: the same is owed, and settling does not read them all again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.flow.test_settling import delivered
from tests.rewards.histories import history
from tests.rewards.picking import Pick, Seeded, one_of
from tests.rewards.programmes import KINDS
from tests.rewards.test_differential import problem_of
from tests.rewards.test_owed import always
from tests.world import START, World
from wordmouth.programs import ports
from wordmouth.programs.ports import Abilities
from wordmouth.project import settle
from wordmouth.referrals.queries import Place
from wordmouth.rewards import gathering
from wordmouth.rewards.schedules import Limit, allowed, first_within
from wordmouth.stores import prepared

HISTORIES = int(os.environ.get("WORDMOUTH_HISTORIES", "100")) // 4
DAYS = (None, 1, 3, 7, 30)


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everybody has many friends."""
    monkeypatch.setattr(gathering, "MANY", 0)
    able = Abilities(adapter="generic", kinds=frozenset(KINDS))
    before = ports.install(lambda store_id: able)
    yield
    ports.install(before)


@always(2000)
def test_passing_over_finds_what_looking_at_all_finds(pick: Pick) -> None:
    caps = tuple(
        Limit(one_of(pick, (1, 2, 3, 5)), None, one_of(pick, DAYS))
        for _ in range(one_of(pick, (1, 1, 2)))
    )
    hours = [one_of(pick, (0, 1, 24, 72, 168, 500)) for _ in range(one_of(pick, (1, 10, 40)))]
    at, places = START, []
    for number, later in enumerate(hours):
        at += timedelta(hours=later)
        places.append(Place(f"ref_{number}", at, str(number * 7 % 11)))
    told: list[int] = []

    def standing(after: object, count: int) -> list[Place]:
        later = [one for one in places if one.ordered_at > after]  # type: ignore[operator]
        until = later[:count][-1].ordered_at if later else START
        told.append(len(found := [one for one in later if one.ordered_at <= until]))
        return found

    whole = sorted(places, key=lambda one: (one.ordered_at, one.order_key))
    assert list(allowed(caps, standing)) == [one.id for one in first_within(whole, lambda _: caps)]
    assert sum(told) <= len(places)


@pytest.mark.database
@pytest.mark.timeout(0)
@pytest.mark.django_db
@pytest.mark.usefixtures("crowded")
def test_random_histories_of_many_friends_end_as_in_the_naive_books() -> None:
    assert [seed for seed in range(HISTORIES) if problem_of(history(Seeded(seed)))] == []


def settled(world: World, code: str, first: int, count: int) -> None:
    for number in range(first, first + count):
        delivered(
            world,
            str(number),
            totals={"grand": 5000},
            customer={"id": f"c-{number}", "email": f"friend{number}@mail.example"},
            placed_at=(START + timedelta(minutes=number)).isoformat(),
            paid_at=(START + timedelta(minutes=number)).isoformat(),
            discount_codes=[code],
        )
    assert settle.settle_store(world.store.id, count) == count


@pytest.mark.database
def test_a_batch_reads_as_much_whether_the_advocate_has_few_or_many_friends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MANY", 30)
    code = world.advocate("ana@shop.example").code
    answer, rows = prepared.answer, 0

    def counting(*asked: object) -> list[tuple[object, ...]]:
        nonlocal rows
        found = answer(*asked)  # type: ignore[arg-type]
        rows += len(found)
        return found

    monkeypatch.setattr(prepared, "answer", counting)
    read = []
    for first, count in ((0, 40), (40, 5), (45, 100), (145, 5)):
        rows = 0
        settled(world, code, first, count)
        read.append(rows)
    assert read[1] == read[3] < 200
