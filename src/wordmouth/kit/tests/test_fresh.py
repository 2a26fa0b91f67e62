"""The cache that is never older than it promises."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from wordmouth.kit.fresh import Busy, FreshCache


@pytest.fixture
def executor():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_one_look_up_for_all_who_ask_at_once(executor):
    asked: list[str] = []

    def load(key: str) -> str:
        asked.append(key)
        time.sleep(0.02)
        return key.upper()

    async def run() -> None:
        cache = FreshCache(load, executor)
        assert await asyncio.gather(*(cache.get("a") for _ in range(50))) == ["A"] * 50
        assert await cache.get("a") == "A"

    asyncio.run(run())
    assert asked == ["a"]


def test_nothing_is_older_than_promised(executor):
    state = {"value": 1}

    async def run() -> None:
        cache: FreshCache[str, int] = FreshCache(lambda key: state["value"], executor, seconds=0.1)
        assert await cache.get("a") == 1
        state["value"] = 2
        changed = time.monotonic()
        while await cache.get("a") == 1:
            assert time.monotonic() - changed <= 0.1
            await asyncio.sleep(0.001)
        state["value"] = 3
        await asyncio.sleep(0.11)
        assert await cache.get("a") == 3, "an answer that nobody asked for meanwhile is too old"

    asyncio.run(run())


def test_a_busy_key_never_waits(executor):
    def load(key: str) -> int:
        time.sleep(0.03)
        return 1

    async def run() -> None:
        cache = FreshCache(load, executor, seconds=0.2)
        await cache.get("a")
        end = time.monotonic() + 0.6
        slowest = 0.0
        while time.monotonic() < end:
            began = time.monotonic()
            await cache.get("a")
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.002)
        assert slowest < 0.02

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
            lambda key: release.wait(5), executor, most_loads=2
        )
        waiting = [asyncio.create_task(cache.get(key)) for key in range(2)]
        await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await cache.get(3)
        release.set()
        assert await asyncio.gather(*waiting) == [True, True]

    asyncio.run(run())


def test_one_who_hangs_up_does_not_end_the_look_up_for_others(executor):
    def load(key: str) -> str:
        time.sleep(0.05)
        return "there"

    async def run() -> None:
        cache = FreshCache(load, executor)
        leaving = asyncio.create_task(cache.get("a"))
        staying = asyncio.create_task(cache.get("a"))
        await asyncio.sleep(0.01)
        leaving.cancel()
        assert await staying == "there"

    asyncio.run(run())
