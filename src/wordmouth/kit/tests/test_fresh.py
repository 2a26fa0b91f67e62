"""The cache that is never older than it promises."""

import asyncio
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.harness.patience import PATIENCE, Watch
from wordmouth.kit import fresh
from wordmouth.kit.fresh import Busy, FreshCache

SECONDS = 1.0


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
        cache = FreshCache(load, executor)
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
            lambda key: state["value"], executor, seconds=SECONDS
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
        cache = FreshCache(load, executor, seconds=SECONDS)
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
        cache = FreshCache(load, executor, seconds=SECONDS)
        assert await cache.get("a") == 1
        release.clear()
        watch.move(SECONDS * 0.6)
        for _ in range(3):
            assert await asyncio.wait_for(cache.get("a"), PATIENCE) == 1
        (loading,) = cache._loading.values()
        release.set()
        assert await loading == 2
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
        cache = FreshCache(load, executor)
        assert [await cache.get("none") for _ in range(2)] == [None, None]
        for _ in range(2):
            with pytest.raises(LookupError):
                await cache.get("bad")

    asyncio.run(run())
    assert asked == ["none", "bad", "bad"]


def test_it_is_bounded(executor):
    async def run() -> None:
        cache: FreshCache[int, int] = FreshCache(lambda key: key, executor, size=3)
        for key in range(10):
            await cache.get(key)
        assert sorted(cache._kept) == [7, 8, 9]

    asyncio.run(run())


def test_too_many_look_ups_at_once_are_refused(executor):
    release = threading.Event()

    async def run() -> None:
        cache: FreshCache[int, bool] = FreshCache(
            lambda key: release.wait(PATIENCE), executor, most_loads=2
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
        cache = FreshCache(load, executor)
        leaving = asyncio.create_task(cache.get("a"))
        staying = asyncio.create_task(cache.get("a"))
        await asyncio.sleep(0)
        leaving.cancel()
        release.set()
        assert await staying == "there"
        assert leaving.cancelled()

    asyncio.run(run())
