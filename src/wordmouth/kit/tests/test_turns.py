"""The queue in which owners take turns, and the seats that are given away by it."""

import asyncio

import pytest

from wordmouth.kit.seats import Seats
from wordmouth.kit.turns import Full, Turns


def filled(turns: Turns[str], owner: str, most: int = 1000) -> int:
    """Let an owner put in what it can; how much that was."""
    for number in range(most):
        try:
            turns.put(owner, f"{owner}{number}")
        except Full:
            return number
    return most


def test_one_owner_is_first_come_first_served():
    turns: Turns[int] = Turns(100)
    for number in range(10):
        turns.put("a", number)
    assert turns.take(4) + turns.take(100) == list(range(10))
    assert turns.take(1) == []


def test_owners_take_turns_whoever_brought_more():
    turns: Turns[str] = Turns(1000)
    filled(turns, "a", 100)
    filled(turns, "b", 2)
    assert turns.take(3) == ["a0", "b0", "a1"]
    filled(turns, "c", 1)
    assert turns.take(4) == ["b1", "a2", "c0", "a3"]
    assert turns.take(1000) == [f"a{number}" for number in range(4, 100)]


def test_no_owner_holds_more_than_there_is_room_left():
    turns: Turns[str] = Turns(600)
    assert filled(turns, "a") == 300
    assert [filled(turns, owner) for owner in "bcde"] == [150, 75, 38, 19]
    assert filled(turns, "a") == 0
    assert len(turns) == 300 + 150 + 75 + 38 + 19
    turns.take(1000)
    assert filled(turns, "a") == 300


def test_owners_that_storm_together_get_the_same_and_leave_as_much():
    turns: Turns[str] = Turns(600)
    stored = dict.fromkeys("ab", 0)
    for _ in range(600):
        for owner in "ab":
            stored[owner] += filled(turns, owner, 1)
    assert stored == {"a": 200, "b": 200}


def test_whether_all_room_is_taken_or_only_ones_share_is_told():
    turns: Turns[str] = Turns(4)
    filled(turns, "a")
    with pytest.raises(Full) as share:
        turns.check("a")
    for owner in "bc":
        turns.put(owner, owner)
    with pytest.raises(Full) as whole:
        turns.put("d", "d")
    assert (share.value.whole, whole.value.whole) == (False, True)
    assert len(turns) == 4


def test_large_items_leave_room_for_fewer():
    turns: Turns[str] = Turns(100)
    turns.put("a", "large", 40)
    with pytest.raises(Full):
        turns.put("a", "large", 40)
    turns.put("b", "small")
    assert turns.take(1) == ["large"]
    turns.put("a", "large", 40)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_seats_are_given_in_turn_and_the_wait_is_bounded():
    async def scene():
        seats, order, leave = Seats(1, 10), [], asyncio.Event()

        async def visit(name: str) -> None:
            async with seats.seat(name[0]):
                order.append(name)
                await leave.wait()

        visits = [asyncio.create_task(visit(f"a{number}")) for number in range(10)]
        visits.append(asyncio.create_task(visit("b0")))
        await settle()
        refused = [task for task in visits if task.done()]
        assert order == ["a0"]
        assert len(refused) == 4
        assert all(isinstance(task.exception(), Full) for task in refused)
        leave.set()
        await settle()
        assert order == ["a0", "a1", "b0", "a2", "a3", "a4", "a5"]
        async with seats.seat("a"):
            return True

    assert asyncio.run(scene())


def test_one_who_leaves_the_queue_takes_no_seat_along():
    async def scene():
        seats, leave = Seats(1, 10), asyncio.Event()

        async def visit() -> None:
            async with seats.seat("a"):
                await leave.wait()

        first, second, third = (asyncio.create_task(visit()) for _ in range(3))
        await settle()
        second.cancel()
        await settle()
        leave.set()
        await asyncio.gather(first, third)
        # The seat is offered to one who is told to go before it could sit down.
        leave.clear()
        fourth, fifth = (asyncio.create_task(visit()) for _ in range(2))
        await settle()
        leave.set()
        fourth.cancel()
        fifth.cancel()
        await settle()
        async with seats.seat("a"):
            return True

    assert asyncio.run(scene())
