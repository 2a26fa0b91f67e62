"""Random histories, told to the product and to books that are kept naively: no difference."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from tests.rewards.histories import History, history, shortest
from tests.rewards.picking import Seeded
from tests.rewards.playing import Player
from tests.rewards.programmes import KINDS
from tests.world import START
from wordmouth.kit import clock, entropy
from wordmouth.programs import ports
from wordmouth.programs.ports import Abilities

HISTORIES = int(os.environ.get("WORDMOUTH_HISTORIES", "100"))
TOGETHER = max(HISTORIES // 20, 3)
"""So many more are told by several threads at once, committing for real."""
SHARDS = 4
"""So many tests share the histories, so that several processes can."""
FIRST = int(os.environ.get("WORDMOUTH_FIRST_HISTORY", "0"))

pytestmark = [pytest.mark.database, pytest.mark.timeout(0)]


@pytest.fixture(autouse=True)
def _a_shop_that_can_do_everything() -> Iterator[None]:
    able = Abilities(adapter="generic", kinds=frozenset(KINDS))
    before = ports.install(lambda store_id: able)
    yield
    ports.install(before)


@contextmanager
def in_order_of_making() -> Iterator[None]:
    """Ids grow as they are drawn, so that what was made at one moment has an order, and a history
    goes the same way again."""
    numbers, chance = itertools.count(1), random.Random(1)

    def source(count: int) -> bytes:
        return next(numbers).to_bytes(10, "big") if count == 10 else chance.randbytes(count)

    before, entropy._source = entropy._source, source
    try:
        yield
    finally:
        entropy._source = before


def problem_of(found: History, *, thorough: bool = True) -> str | None:
    """Play it and leave no trace; what went wrong, if anything did."""
    with clock.using(clock.SetClock(START)) as watch, in_order_of_making(), transaction.atomic():
        assert isinstance(watch, clock.SetClock)
        try:
            Player(found, watch, thorough=thorough).play()
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong is a difference
            return f"{type(problem).__name__}: {problem}"
        finally:
            transaction.set_rollback(True)
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_histories_end_as_in_the_naive_books(shard: int) -> None:
    for seed in range(FIRST + shard, FIRST + HISTORIES, SHARDS):
        told = history(Seeded(seed))
        if problem_of(told, thorough=seed // SHARDS % 10 == 0) is not None:
            short = shortest(told, lambda less: problem_of(less) is not None)
            pytest.fail(f"history {seed}: {problem_of(short)}\n{short}", pytrace=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(TOGETHER))
def test_batches_told_at_once_are_as_if_told_in_a_row(number: int) -> None:
    seed = FIRST + number
    with clock.using(clock.SetClock(START)) as watch, in_order_of_making():
        assert isinstance(watch, clock.SetClock)
        Player(history(Seeded(seed), threads=True), watch, thorough=True).play()
