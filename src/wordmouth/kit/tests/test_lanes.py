"""While several owners ask, each has a few requests under way and waits in front of them."""

import asyncio
from contextlib import suppress

import pytest

from tests.harness.patience import Watch
from wordmouth.kit import lanes as module
from wordmouth.kit.lanes import COMPANY_SECONDS, Lanes
from wordmouth.kit.turns import Full


@pytest.fixture
def watch(monkeypatch):
    standing = Watch()
    monkeypatch.setattr(module, "time", standing)
    return standing


class Road:
    """Requests that stay in their lanes until they are let go."""

    def __init__(self, width=2, room=100):
        self.lanes = Lanes(width, room)
        self.inside = []
        self.told = {}

    def come(self, owner, name, kind="click"):
        """A request that begins with the next round of the event loop."""
        go = asyncio.Event()

        async def request():
            async with self.lanes.lane(owner, kind):
                self.inside.append(name)
                await go.wait()
            self.inside.remove(name)

        self.told[name] = asyncio.ensure_future(request()), go

    async def settle(self):
        """Let everybody go as far as they can."""
        for _ in range(5):
            await asyncio.sleep(0)

    async def leave(self, *names):
        """These are done."""
        for name in names:
            self.told[name][1].set()
        await self.settle()

    async def end(self):
        """Everybody goes home."""
        for task, _ in self.told.values():
            task.cancel()
            with suppress(asyncio.CancelledError, Full):
                await task


def on_a_road(play, **given):
    async def played():
        road = Road(**given)
        await play(road)
        await road.end()
        assert not road.lanes._inside
        assert not road.lanes._waiting

    asyncio.run(played())


def test_who_is_alone_waits_for_nobody(watch):
    async def play(road):
        for name in "abcde":
            road.come("tea", name)
        await road.settle()
        assert road.inside == [*"abcde"]

    on_a_road(play)


def test_in_company_everybody_has_so_many_at_a_time_in_their_order(watch):
    async def play(road):
        road.come("cake", "other")
        for name in "abcde":
            road.come("tea", name)
        road.come("cake", "another")
        await road.settle()
        assert road.inside == ["other", "a", "b", "another"]
        await road.leave("b")
        assert road.inside == ["other", "a", "another", "c"]
        await road.leave("a", "c")
        assert road.inside == ["other", "another", "d", "e"]

    on_a_road(play)


def test_each_kind_has_lanes_of_its_own(watch):
    async def play(road):
        road.come("cake", "other")
        for name in "abc":
            road.come("tea", name)
        road.come("tea", "delivery", "delivery")
        await road.settle()
        assert road.inside == ["other", "a", "b", "delivery"]

    on_a_road(play)


def test_when_the_company_is_gone_all_go_on(watch):
    async def play(road):
        road.come("cake", "other")
        for name in "abcdef":
            road.come("tea", name)
        await road.settle()
        watch.move(COMPANY_SECONDS / 2)
        await road.leave("a")
        assert road.inside == ["other", "b", "c"]
        watch.move(COMPANY_SECONDS)
        await road.leave("b")
        assert road.inside == ["other", *"cdef"]

    on_a_road(play)


def test_nobody_has_more_room_to_wait_than_is_left(watch):
    async def play(road):
        road.come("cake", "other")
        for number in range(20):
            road.come("tea", number)
        await road.settle()
        refused = [name for name, (task, _) in road.told.items() if task.done()]
        assert refused == list(range(7, 20)), "two are inside, five of ten wait"
        assert {road.told[name][0].exception().whole for name in refused} == {False}
        for number in range(5):
            road.come("cake", f"cake {number}")
        await road.settle()
        assert road.inside == ["other", 0, 1, "cake 0"]
        assert road.told["cake 4"][0].done()
        assert not road.told["cake 3"][0].done()

    on_a_road(play, room=10)


def test_who_gives_up_waiting_takes_nobodys_place(watch):
    async def play(road):
        road.come("cake", "other")
        for name in "abcd":
            road.come("tea", name)
        await road.settle()
        road.told["c"][0].cancel()
        await road.settle()
        await road.leave("a")
        assert road.inside == ["other", "b", "d"]
        assert road.lanes._left == 100

    on_a_road(play)


def test_who_gives_up_just_when_let_in_lets_the_next_one_in(watch):
    async def play(road):
        road.come("cake", "other")
        for name in "abcd":
            road.come("tea", name)
        await road.settle()
        road.told["a"][1].set()
        await asyncio.sleep(0)
        road.told["c"][0].cancel()
        await road.settle()
        assert road.inside == ["other", "b", "d"]

    on_a_road(play)
