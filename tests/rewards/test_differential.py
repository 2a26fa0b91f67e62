"""Random histories, told to the product and to books that are kept naively: no difference."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from tests.harness.memory import distrusted
from tests.rewards.found import FOUND
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
STATES = ("pending", "due", "redeemed", "withdrawn", "expired")
SHARDS = 4
"""So many tests share the histories, so that several processes can."""
FIRST = int(os.environ.get("WORDMOUTH_FIRST_HISTORY", "0"))

pytestmark = [pytest.mark.database, pytest.mark.timeout(0)]


@pytest.fixture(autouse=True)
def _a_shop_that_can_do_everything() -> Iterator[None]:
    able = Abilities(adapter="generic", kinds=frozenset(KINDS))
    before = ports.install(lambda store_id: able)
    with distrusted():
        yield
    ports.install(before)


WORTH_SEEING = (
    *(f"kind {kind}" for kind in KINDS),
    *(f"referral {status}" for status in ("approved", "pending", "flagged", "voided", "rejected")),
    *(f"advocate's thing {state}" for state in STATES),
    *(f"advocate's credit {state}" for state in STATES if state != "redeemed"),
    *("friend's thing redeemed", "friend's credit due", "friend's credit withdrawn"),
    *("spent and withdrawn", "set off whole", "given anew", "let go", "credit below zero"),
    *("a debt was none any more", "redemption cancelled", "several versions"),
    *("payout sent", "payout settled", "payout returned", "cash below zero"),
)
"""What has to come to pass in one of two hundred histories at least."""


def assert_worth_while(histories: int, seen: Counter[str]) -> None:
    """Else the histories would say less than they seem to; a few of them need not have it all."""
    if histories >= 500:
        assert [what for what in WORTH_SEEING if seen[what] < histories / 200] == []


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


def problem_of(
    found: History, *, thorough: bool = True, seen: Counter[str] | None = None
) -> str | None:
    """Play it and leave no trace; what went wrong, if anything did. What came to pass is counted
    among what was `seen`."""
    with clock.using(clock.SetClock(START)) as watch, in_order_of_making(), transaction.atomic():
        assert isinstance(watch, clock.SetClock)
        try:
            player = Player(found, watch, thorough=thorough)
            player.play()
            if seen is not None:
                seen.update(player.books.seen)
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong is a difference
            return f"{type(problem).__name__}: {problem}"
        finally:
            transaction.set_rollback(True)
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("name", FOUND)
def test_what_was_otherwise_once_is_the_same_now(name: str) -> None:
    assert problem_of(FOUND[name]) is None


@pytest.mark.django_db
@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_histories_end_as_in_the_naive_books(shard: int) -> None:
    seeds, seen = range(FIRST + shard, FIRST + HISTORIES, SHARDS), Counter[str]()
    otherwise = [
        seed
        for seed in seeds
        if problem_of(history(Seeded(seed)), thorough=seed // SHARDS % 10 == 0, seen=seen)
    ]
    if otherwise:
        first = history(Seeded(otherwise[0]))
        short = shortest(first, lambda less: problem_of(less) is not None)
        pytest.fail(f"{otherwise}, the first: {problem_of(short)}\n{short}", pytrace=False)
    assert_worth_while(len(seeds), seen)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(TOGETHER))
def test_batches_told_at_once_are_as_if_told_in_a_row(number: int) -> None:
    seed = FIRST + number
    with clock.using(clock.SetClock(START)) as watch, in_order_of_making():
        assert isinstance(watch, clock.SetClock)
        Player(history(Seeded(seed), threads=True), watch, thorough=True).play()
