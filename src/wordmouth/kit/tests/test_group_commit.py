"""The group writer against a database that the test controls."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import wait
from typing import Any

import pytest

from tests.harness.patience import PATIENCE, until
from wordmouth.kit import group_commit
from wordmouth.kit.group_commit import (
    PLACE_BYTES,
    GroupWriter,
    Overloaded,
    OverShare,
    Unavailable,
    Work,
    size_of,
)


class Poison(Exception):
    """The database refuses this row."""


class Stage:
    """A database in memory: counts its transactions, and commits when it is allowed to."""

    def __init__(self) -> None:
        self.batches: list[dict[str, list[tuple[int, ...]]]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.down = False
        self.poison: int | None = None
        self.rests = 0
        self.closed = False

    def open(self) -> None:
        if self.down:
            raise Unavailable("down")

    def write(self, work: Work) -> None:
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        if self.down:
            raise Unavailable("down")
        for rows in work.values():
            if any(row[0] == self.poison for row in rows):
                raise Poison(str(self.poison))
        self.batches.append({s: [tuple(r) for r in rows] for s, rows in work.items()})

    def rest(self) -> None:
        self.rests += 1

    def close(self) -> None:
        self.closed = True

    def committed(self) -> list[int]:
        return [row[0] for batch in self.batches for rows in batch.values() for row in rows]


@pytest.fixture
def stage():
    return Stage()


@pytest.fixture
def start(stage):
    writers = []

    def start_it(**options: Any) -> GroupWriter:
        writer = GroupWriter(stage, **options)
        writer.start()
        writers.append(writer)
        return writer

    yield start_it
    stage.gate.set()
    for writer in writers:
        writer.close()


def held(stage: Stage, writer: GroupWriter, first: int = 0):
    """Let the writer begin a transaction with one row and hold it there."""
    stage.gate.clear()
    stage.entered.clear()
    future = writer.submit("a", (first,))
    assert stage.entered.wait(PATIENCE)
    return future


def test_what_gathers_during_a_commit_shares_the_next_one(stage, start):
    writer = start(batch=100)
    futures = [held(stage, writer), *(writer.submit("a", (n,)) for n in range(1, 101))]
    stage.gate.set()
    wait(futures, PATIENCE)
    assert [len(batch["a"]) for batch in stage.batches] == [1, 100]


def test_a_batch_has_a_largest_size(stage, start):
    writer = start(batch=40)
    futures = [held(stage, writer), *(writer.submit("a", (n,)) for n in range(1, 101))]
    stage.gate.set()
    wait(futures, PATIENCE)
    assert [len(batch["a"]) for batch in stage.batches] == [1, 40, 40, 20]


def test_rows_of_a_statement_keep_their_order(stage, start):
    writer = start()
    futures = [held(stage, writer)]
    futures += [writer.submit("ab"[n % 2], (n,)) for n in range(1, 51)]
    stage.gate.set()
    wait(futures, PATIENCE)
    assert stage.batches[1] == {
        "b": [(n,) for n in range(1, 51, 2)],
        "a": [(n,) for n in range(2, 51, 2)],
    }


def answered_before_the_commit(stage: Stage, writer: GroupWriter) -> bool:
    """The check of the next two tests: is a row confirmed when its commit begins?"""
    future = held(stage, writer)
    early = bool(future.done())
    stage.gate.set()
    wait([future], PATIENCE)
    return early


def test_nobody_is_told_before_the_commit(stage, start):
    assert not answered_before_the_commit(stage, start())


def test_a_writer_that_tells_before_the_commit_is_caught(stage):
    class Hasty(GroupWriter):
        def _write(self, rows):
            self._tell(rows, None)
            super()._write(rows)

    writer = Hasty(stage)
    writer.start()
    assert answered_before_the_commit(stage, writer)
    writer.close()


def test_a_bad_row_fails_alone(stage, start):
    stage.poison = 13
    writer = start()
    futures = [held(stage, writer), *(writer.submit("a", (n,)) for n in range(1, 31))]
    stage.gate.set()
    wait(futures, PATIENCE)
    assert isinstance(futures[13].exception(), Poison)
    assert all(f.exception() is None for n, f in enumerate(futures) if n != 13)
    assert sorted(stage.committed()) == [n for n in range(31) if n != 13]


def test_a_full_queue_refuses_at_once(stage, start):
    writer = start(room=10)
    futures = [held(stage, writer), *(writer.submit("a", (n,)) for n in range(1, 6))]
    with pytest.raises(Overloaded) as refusal:
        writer.submit("a", (6,))
    assert refusal.value.retry_after >= 1
    stage.gate.set()
    wait(futures, PATIENCE)
    assert stage.committed() == [0, 1, 2, 3, 4, 5]


def test_one_owner_fills_half_of_the_queue_and_the_others_rows_go_with_the_next_batch(stage, start):
    writer = start(batch=4, room=100)
    first = held(stage, writer)
    stormer = [writer.submit("a", (n,), "storm") for n in range(1, 51)]
    for _ in range(1000):
        with pytest.raises(OverShare):
            writer.submit("a", (99,), "storm")
    with pytest.raises(OverShare):
        writer.check("storm")
    writer.check("quiet")
    quiet = writer.submit("a", (100,), "quiet")
    stage.gate.set()
    wait([first, *stormer, quiet], PATIENCE)
    assert 100 in stage.committed()[:5]
    assert sorted(stage.committed()) == [*range(51), 100]
    writer.submit("a", (101,), "storm").result(PATIENCE)


def test_large_rows_take_more_room(stage, start):
    writer = start(room=100)
    held(stage, writer)
    writer.submit("a", (1,), "storm", size_of(b"x" * 45 * PLACE_BYTES))
    with pytest.raises(OverShare):
        writer.submit("a", (2,), "storm", size_of(b"x" * 10 * PLACE_BYTES))
    writer.submit("a", (3,), "storm", size_of(b"x"))


def test_a_database_that_is_down_fails_all_and_is_asked_again(stage, start):
    writer = start()
    stage.down = True
    with pytest.raises(Unavailable):
        writer.submit("a", (1,)).result(PATIENCE)
    stage.down = False
    writer.submit("a", (2,)).result(PATIENCE)
    assert stage.committed() == [2]


def test_closing_writes_what_waits_and_refuses_the_rest(stage, start):
    writer = start()
    futures = [held(stage, writer), *(writer.submit("a", (n,)) for n in range(1, 6))]
    closing = threading.Thread(target=writer.close)
    closing.start()
    until(lambda: not writer.alive)
    with pytest.raises(Unavailable):
        writer.submit("a", (99,))
    stage.gate.set()
    closing.join(PATIENCE)
    assert [f.result(0) for f in futures] == [None] * 6
    assert stage.committed() == [0, 1, 2, 3, 4, 5]
    assert stage.closed


def test_starting_on_a_database_that_is_down_says_so(stage):
    stage.down = True
    with pytest.raises(Unavailable):
        GroupWriter(stage).start()


def test_an_idle_writer_waits_for_no_timer(stage, start, monkeypatch):
    monkeypatch.setattr(group_commit, "_REST_SECONDS", 10 * PATIENCE)
    start().submit("a", (1,)).result(PATIENCE)
    assert not stage.rests


def test_twice_as_many_as_came_together_last_time_are_waited_for(stage, start, monkeypatch):
    monkeypatch.setattr(group_commit, "_GATHER_SECONDS", 10 * PATIENCE)
    writer = start()
    stage.gate.clear()
    rows = [writer.submit("a", (1,))]
    assert stage.entered.wait(PATIENCE)
    rows += [writer.submit("a", (number,)) for number in (2, 3)]
    stage.gate.set()
    wait(rows, PATIENCE)
    wait([writer.submit("a", (number,)) for number in (4, 5, 6, 7)], PATIENCE)
    assert [sum(map(len, batch.values())) for batch in stage.batches] == [1, 2, 4]
    left = writer.submit("a", (8,))
    writer.close()
    assert left.done()


def test_who_comes_alone_waits_for_nobody(stage, start, monkeypatch):
    monkeypatch.setattr(group_commit, "_GATHER_SECONDS", 10 * PATIENCE)
    writer = start()
    for number in range(3):
        writer.submit("a", (number,)).result(PATIENCE)
    assert len(stage.batches) == 3


def test_an_idle_writer_keeps_house(stage, start, monkeypatch):
    monkeypatch.setattr(group_commit, "_REST_SECONDS", 0.01)
    start()
    until(lambda: stage.rests)


def test_failing_housekeeping_does_not_end_the_writer(stage):
    said: list[str] = []
    rested = threading.Event()

    def rest() -> None:
        rested.set()
        raise OSError("no")

    stage.rest = rest
    writer = GroupWriter(stage, report=lambda what, error: said.append(f"{what}: {error}"))
    writer.start()
    assert rested.wait(PATIENCE)
    writer.submit("a", (1,)).result(PATIENCE)
    writer.close()
    assert said[0] == "housekeeping failed: no"


def in_loop(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(work())


def test_coroutines_wait_for_the_commit(stage, start):
    stage.poison = 13
    writer = start()

    async def many() -> list[Any]:
        return list(
            await asyncio.gather(
                *(writer.write("a", (n,)) for n in range(100)), return_exceptions=True
            )
        )

    answers = in_loop(many)
    assert [n for n, answer in enumerate(answers) if answer is not None] == [13]
    assert isinstance(answers[13], Poison)
    assert len(stage.committed()) == 99


def test_one_who_hangs_up_does_not_disturb_the_others(stage, start):
    writer = start()

    async def hang_up() -> None:
        held(stage, writer)
        leaving = asyncio.create_task(writer.write("a", (1,)))
        staying = asyncio.create_task(writer.write("a", (2,)))
        await asyncio.sleep(0)
        leaving.cancel()
        stage.gate.set()
        await staying

    in_loop(hang_up)
    assert stage.committed() == [0, 1, 2]
