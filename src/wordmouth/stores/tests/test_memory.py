"""What a store write remembers, and for how long."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from wordmouth.stores.memory import Memory, remembering


class Shelf:
    """Facts that can be looked up; counts how often which were."""

    def __init__(self) -> None:
        self.facts = {"a": 1, "b": 2}
        self.asked: list[list[str]] = []

    def look_up(self, keys: Collection[str]) -> dict[str, int]:
        self.asked.append(sorted(keys))
        return {key: self.facts[key] for key in keys if key in self.facts}


def test_what_was_looked_up_is_not_looked_up_again() -> None:
    shelf, memory = Shelf(), Memory[str, int]()
    with remembering():
        assert memory.get(["a", "b"], shelf.look_up) == {"a": 1, "b": 2}
        assert memory.get(["a"], shelf.look_up) == {"a": 1}
    assert shelf.asked == [["a", "b"]]


def test_what_there_is_not_is_looked_up_each_time() -> None:
    shelf, memory = Shelf(), Memory[str, int]()
    with remembering():
        assert memory.get(["a", "x"], shelf.look_up) == {"a": 1}
        assert memory.get(["a", "x"], shelf.look_up) == {"a": 1}
    assert shelf.asked == [["a", "x"], ["x"]]


def test_what_was_written_is_not_looked_up() -> None:
    shelf, memory = Shelf(), Memory[str, int]()
    with remembering():
        memory.put({"c": 3})
        assert memory.get(["c"], shelf.look_up) == {"c": 3}
        assert memory.keys() == {"c"}
    assert shelf.asked == []


@pytest.mark.parametrize("all_of_it", [True, False])
def test_what_changed_is_looked_up_again(all_of_it: bool) -> None:
    shelf, memory = Shelf(), Memory[str, int]()
    with remembering():
        memory.get(["a", "b"], shelf.look_up)
        shelf.facts = {"a": 10, "b": 20}
        memory.clear() if all_of_it else memory.forget(["a", "x"])
        again = memory.get(["a", "b"], shelf.look_up)
    assert again == {"a": 10, "b": 20 if all_of_it else 2}


def test_nothing_outlives_the_write() -> None:
    shelf, memory = Shelf(), Memory[str, int]()
    with remembering():
        memory.get(["a"], shelf.look_up)
    with remembering():
        memory.get(["a"], shelf.look_up)
    assert shelf.asked == [["a"], ["a"]]


def test_outside_of_a_write_nothing_is_remembered() -> None:
    shelf, memory = Shelf(), Memory[str, int]()
    memory.put({"a": 5})
    assert memory.get(["a"], shelf.look_up) == {"a": 1}
    assert memory.get(["a"], shelf.look_up) == {"a": 1}
    assert shelf.asked == [["a"], ["a"]]


def test_two_memories_are_two() -> None:
    shelf, one, other = Shelf(), Memory[str, int](), Memory[str, int]()
    with remembering():
        one.put({"a": 7})
        assert other.get(["a"], shelf.look_up) == {"a": 1}
