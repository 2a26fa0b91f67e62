"""The cache that is never older than it promises."""

import asyncio
import itertools
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.harness.patience import PATIENCE, Watch
from wordmouth.kit import fresh
from wordmouth.kit.fresh import LARGEST_SET, Busy, FreshCache, VersionedCache, in_threads

SECONDS = 1.0


def each(load):
    """A look-up of a set that asks for its keys one by one."""
    return lambda keys: {key: load(key) for key in keys}


@pytest.fixture
def executor():
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The cache's time stands still until a test moves it."""
    watch = Watch()
    monkeypatch.setattr(fresh, "time", watch)
    return watch


def test_one_look_up_for_all_who_ask_at_once(executor):
    asked: list[str] = []
    release = threading.Event()

    def load(key: str) -> str:
        asked.append(key)
        assert release.wait(PATIENCE)
        return key.upper()

    async def run() -> None:
        cache = FreshCache(in_threads(each(load), executor))
        asking = [asyncio.create_task(cache.get("a")) for _ in range(50)]
        await asyncio.sleep(0)
        release.set()
        assert await asyncio.gather(*asking) == ["A"] * 50
        assert await cache.get("a") == "A"

    asyncio.run(run())
    assert asked == ["a"]


def test_nothing_is_older_than_promised(executor, watch):
    state = {"value": 1}

    async def run() -> None:
        cache: FreshCache[str, int] = FreshCache(
            in_threads(each(lambda key: state["value"]), executor), seconds=SECONDS
        )
        assert await cache.get("a") == 1
        state["value"] = 2
        assert await cache.get("a") == 1, "it is new enough"
        watch.move(SECONDS * 1.001)
        assert await cache.get("a") == 2, "an answer that nobody asked for meanwhile is too old"

    asyncio.run(run())


def test_the_age_counts_from_when_the_look_up_began(executor, watch):
    asked: list[str] = []

    def load(key: str) -> str:
        asked.append(key)
        watch.move(SECONDS * 1.001)
        return key

    async def run() -> None:
        cache = FreshCache(in_threads(each(load), executor), seconds=SECONDS)
        assert [await cache.get("a") for _ in range(3)] == ["a"] * 3

    asyncio.run(run())
    assert len(asked) == 3, "a look-up that takes longer than the promise is worth nothing later"


def test_a_busy_key_never_waits(executor, watch):
    """It is looked up again in the background: those who ask get an answer while that goes on."""
    release = threading.Event()
    release.set()
    answers = itertools.count(1)

    def load(key: str) -> int:
        assert release.wait(PATIENCE)
        return next(answers)

    async def run() -> None:
        cache = FreshCache(in_threads(each(load), executor), seconds=SECONDS)
        assert await cache.get("a") == 1
        release.clear()
        watch.move(SECONDS * 0.6)
        for _ in range(3):
            assert await asyncio.wait_for(cache.get("a"), PATIENCE) == 1
        release.set()
        while cache._loading:
            await asyncio.sleep(0.001)
        watch.move(SECONDS * 0.6)
        assert await cache.get("a") == 2, "it is as old as the look-up in the background"

    asyncio.run(run())


def test_none_is_an_answer_and_an_error_is_not(executor):
    asked: list[str] = []

    def load(key: str) -> str | None:
        asked.append(key)
        if key == "bad":
            raise LookupError(key)
        return None

    async def run() -> None:
        cache = FreshCache(in_threads(each(load), executor))
        assert [await cache.get("none") for _ in range(2)] == [None, None]
        for _ in range(2):
            with pytest.raises(LookupError):
                await cache.get("bad")

    asyncio.run(run())
    assert asked == ["none", "bad", "bad"]


def test_it_is_bounded(executor):
    async def run() -> None:
        cache: FreshCache[int, int] = FreshCache(
            in_threads(each(lambda key: key), executor), size=3
        )
        for key in range(10):
            await cache.get(key)
        assert sorted(cache._kept) == [7, 8, 9]

    asyncio.run(run())


def test_too_many_look_ups_at_once_are_refused(executor):
    release = threading.Event()

    async def run() -> None:
        cache: FreshCache[int, bool] = FreshCache(
            in_threads(each(lambda key: release.wait(PATIENCE)), executor), most_loads=2
        )
        waiting = [asyncio.create_task(cache.get(key)) for key in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await cache.get(3)
        release.set()
        assert await asyncio.gather(*waiting) == [True, True]

    asyncio.run(run())


def test_one_who_hangs_up_does_not_end_the_look_up_for_others(executor):
    release = threading.Event()

    def load(key: str) -> str:
        assert release.wait(PATIENCE)
        return "there"

    async def run() -> None:
        cache = FreshCache(in_threads(each(load), executor))
        leaving = asyncio.create_task(cache.get("a"))
        staying = asyncio.create_task(cache.get("a"))
        await asyncio.sleep(0)
        leaving.cancel()
        release.set()
        assert await staying == "there"
        assert leaving.cancelled()

    asyncio.run(run())


def test_what_is_missed_meanwhile_is_looked_up_together(executor):
    sets: list[list[int]] = []
    release = threading.Event()

    def load(keys: Sequence[int]) -> dict[int, int]:
        sets.append(list(keys))
        assert release.wait(PATIENCE)
        return {key: key * 2 for key in keys}

    async def run() -> None:
        cache = FreshCache(in_threads(load, executor), most_loads=2000)
        asking = [asyncio.create_task(cache.get(key)) for key in range(1201)]
        await asyncio.sleep(0)
        release.set()
        assert await asyncio.gather(*asking) == [key * 2 for key in range(1201)]

    asyncio.run(run())
    assert [len(keys) for keys in sets] == [LARGEST_SET, LARGEST_SET, 1201 - 2 * LARGEST_SET]


def test_an_error_is_told_to_its_own_set_alone(executor):
    release = threading.Event()

    def load(keys: Sequence[int]) -> dict[int, int]:
        assert release.wait(PATIENCE)
        if 2 in keys:
            raise LookupError
        return dict.fromkeys(keys, 0)

    async def run() -> None:
        cache = FreshCache(in_threads(load, executor))
        first = asyncio.create_task(cache.get(1))
        await asyncio.sleep(0)
        others = [asyncio.create_task(cache.get(key)) for key in (2, 3)]
        await asyncio.sleep(0)
        release.set()
        assert await first == 0
        told = await asyncio.gather(*others, return_exceptions=True)
        assert [type(error) for error in told] == [LookupError, LookupError]
        assert await cache.get(3) == 0, "an error is not kept"

    asyncio.run(run())


def test_a_look_up_without_an_answer_for_a_key_fails(executor):
    async def run() -> None:
        cache: FreshCache[int, int] = FreshCache(in_threads(lambda keys: {}, executor))
        with pytest.raises(KeyError):
            await asyncio.wait_for(cache.get(1), PATIENCE)

    asyncio.run(run())


def test_when_the_executor_has_ended_a_look_up_fails(executor):
    executor.shutdown()

    async def run() -> None:
        cache = FreshCache(in_threads(each(str), executor))
        for _ in range(2):
            with pytest.raises(RuntimeError):
                await cache.get(1)

    asyncio.run(run())


class Changing:
    """Answers about one owner, each with the version that it was read with."""

    def __init__(self, executor):
        self.number: int | None = 1
        self.asked: list[str] = []
        versions = FreshCache(in_threads(self._numbers, executor), seconds=SECONDS)
        self.cache = VersionedCache(
            in_threads(self._answers, executor), versions, self._stamp, seconds=SECONDS
        )

    def _numbers(self, owners):
        self.asked.append("version")
        return dict.fromkeys(owners, self.number)

    def _answers(self, keys):
        self.asked.append("answer")
        return dict.fromkeys(keys, self.number)

    @staticmethod
    def _stamp(number):
        return None if number is None else ("owner", number)


def test_an_answer_holds_as_long_as_its_version(executor, watch):
    async def run() -> None:
        told = Changing(executor)
        for _ in range(5):
            assert await told.cache.get("a") == 1
            watch.move(SECONDS * 10)
        assert told.asked == ["answer"] + ["version"] * 4
        told.number = 2
        assert await told.cache.get("a") == 2
        assert told.asked[5:] == ["version", "answer"]

    asyncio.run(run())


def test_a_version_that_is_read_before_the_answer_takes_nothing_away(executor, watch):
    async def run() -> None:
        told = Changing(executor)
        assert await told.cache.get("a") == 1
        watch.move(SECONDS * 10)
        assert await told.cache.get("a") == 1
        told.number = 2
        watch.move(SECONDS * 0.1)
        assert await told.cache.get("b") == 2
        watch.move(SECONDS * 0.6)
        assert await told.cache.get("b") == 2, "the version kept from before is no reason to doubt"
        assert told.asked.count("answer") == 2

    asyncio.run(run())


def test_without_a_version_an_answer_is_kept_for_its_seconds(executor, watch):
    async def run() -> None:
        told = Changing(executor)
        told.number = None
        for _ in range(2):
            assert await told.cache.get("a") is None
            assert await told.cache.get("a") is None
            watch.move(SECONDS * 1.001)
        assert told.asked == ["answer"] * 2

    asyncio.run(run())
