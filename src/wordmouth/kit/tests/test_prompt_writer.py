"""The event loop's own writer, and the thread behind it."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.harness.patience import PATIENCE, until
from wordmouth.kit import prompt_writer
from wordmouth.kit.group_commit import GroupWriter, Overloaded, OverShare, Unavailable, Work
from wordmouth.kit.prompt import NotNow
from wordmouth.kit.prompt_writer import PromptWriter
from wordmouth.kit.tests.test_group_commit import Poison, Stage


class Loop:
    """A prompt database in memory that does what it is told to do."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.trouble: Exception | None = None
        self.gate: asyncio.Event | None = None

    async def open(self) -> None:
        pass

    async def read(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        raise NotNow

    async def write(self, work: Work) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        self.batches.append([row[0] for rows in work.values() for row in rows])

    async def close(self) -> None:
        pass


class Both:
    """A loop's writer and the thread's database behind it."""

    def __init__(self, **options: Any) -> None:
        self.loop, self.stage = Loop(), Stage()
        self.patient = GroupWriter(self.stage)
        self.writer = PromptWriter(self.loop, self.patient, **options)

    def write(self, numbers: range, owner: str = "") -> list[asyncio.Task[None]]:
        writing = (self.writer.write("a", (number,), owner) for number in numbers)
        return [asyncio.create_task(each) for each in writing]


def live(both: Both, run: Coroutine[Any, Any, None]) -> None:
    both.writer.start()
    try:
        asyncio.run(run)
    finally:
        both.stage.gate.set()
        both.writer.close()


def test_one_round_of_the_loop_is_one_commit_and_those_who_come_meanwhile_the_next():
    both = Both()

    async def run() -> None:
        both.loop.gate = asyncio.Event()
        first = both.write(range(3))
        await asyncio.sleep(0.01)
        rest = both.write(range(3, 20))
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in first + rest), "nobody is told before the commit"
        both.loop.gate.set()
        await asyncio.gather(*first, *rest)

    live(both, run())
    assert both.loop.batches == [list(range(3)), list(range(3, 20))]
    assert both.stage.batches == [], "no thread had to do anything"


def test_a_batch_has_a_largest_size_and_owners_take_turns():
    both = Both(batch=4)

    async def run() -> None:
        await asyncio.gather(*both.write(range(10), "storm"), *both.write(range(100, 102), "quiet"))

    live(both, run())
    assert both.loop.batches[0] == [0, 100, 1, 101]
    assert [len(batch) for batch in both.loop.batches] == [4, 4, 4]


def test_what_cannot_be_written_now_is_written_by_the_thread():
    both = Both()

    async def run() -> None:
        both.loop.trouble = NotNow()
        await asyncio.gather(*both.write(range(20)))
        both.loop.trouble = None
        until(lambda: both.patient.idle)
        await asyncio.gather(*both.write(range(20, 30)))

    live(both, run())
    assert sorted(both.stage.committed()) == list(range(20))
    assert both.loop.batches == [list(range(20, 30))], "the loop writes again once the thread rests"


def test_while_the_thread_is_busy_everything_goes_there():
    both = Both()

    async def run() -> None:
        both.stage.gate.clear()
        both.loop.trouble = NotNow()
        first = both.write(range(1))
        assert await asyncio.to_thread(both.stage.entered.wait, PATIENCE)
        both.loop.trouble = None
        rest = both.write(range(1, 10))
        await asyncio.sleep(0.01)
        assert both.loop.batches == []
        both.stage.gate.set()
        await asyncio.gather(*first, *rest)

    live(both, run())
    assert both.stage.committed() == list(range(10))


def test_a_bad_row_fails_alone():
    both = Both()

    async def run() -> None:
        both.stage.poison = 13
        both.loop.trouble = Poison("one of them")
        told = await asyncio.gather(*both.write(range(20)), return_exceptions=True)
        assert [n for n, error in enumerate(told) if error is not None] == [13]
        assert isinstance(told[13], Poison)

    live(both, run())
    assert sorted(both.stage.committed()) == [n for n in range(20) if n != 13]


def test_a_database_at_fault_is_told_and_nothing_is_tried_twice():
    both = Both()

    async def run() -> None:
        both.loop.trouble = Unavailable("no disk")
        told = await asyncio.gather(*both.write(range(5)), return_exceptions=True)
        assert all(isinstance(error, Unavailable) for error in told)

    live(both, run())
    assert both.stage.batches == [], "nobody knows whether they were written"


def test_more_than_can_wait_is_refused_at_once():
    both = Both(room=10)

    async def run() -> None:
        both.loop.gate = asyncio.Event()
        begun = both.write(range(1))
        await asyncio.sleep(0.01)
        begun += both.write(range(1, 6), "storm")
        await asyncio.sleep(0.01)
        with pytest.raises(OverShare):
            await both.writer.write("a", (99,), "storm")
        with pytest.raises(OverShare):
            both.writer.check("storm")
        begun += both.write(range(6, 11), "a") + both.write(range(11, 16), "b")
        await asyncio.sleep(0.01)
        with pytest.raises(Overloaded):
            await both.writer.write("a", (99,), "c", size=6)
        both.loop.gate.set()
        await asyncio.gather(*begun, return_exceptions=True)

    live(both, run())


def test_who_hangs_up_takes_nobody_along():
    both = Both()

    async def run() -> None:
        both.loop.gate = asyncio.Event()
        begun = both.write(range(5))
        await asyncio.sleep(0.01)
        begun[2].cancel()
        both.loop.gate.set()
        told = await asyncio.gather(*begun, return_exceptions=True)
        assert [n for n, error in enumerate(told) if error is not None] == [2]

    live(both, run())
    assert both.loop.batches == [list(range(5))], "it was written all the same"


def test_after_many_commits_the_thread_keeps_house(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompt_writer, "_TIDY_AFTER", 3)
    monkeypatch.setattr("wordmouth.kit.group_commit._REST_SECONDS", 10 * PATIENCE)
    both = Both()

    async def run() -> None:
        for number in range(3):
            assert both.stage.rests == 0
            await both.writer.write("a", (number,))
        await asyncio.to_thread(until, lambda: both.stage.rests)

    live(both, run())


def test_a_writer_that_has_ended_takes_nothing():
    both = Both()
    both.writer.start()
    both.writer.close()
    assert not both.writer.alive
    with pytest.raises(Unavailable):
        asyncio.run(both.writer.write("a", (1,)))


def test_what_no_thread_takes_any_more_is_told():
    both = Both()

    async def run() -> None:
        both.loop.gate = asyncio.Event()
        both.loop.trouble = NotNow()
        begun = both.write(range(3))
        await asyncio.sleep(0.01)
        closing = threading.Thread(target=both.writer.close)
        closing.start()
        await asyncio.to_thread(closing.join, PATIENCE)
        both.loop.gate.set()
        told = await asyncio.gather(*begun, return_exceptions=True)
        assert [type(error) for error in told] == [Unavailable] * 3

    live(both, run())
