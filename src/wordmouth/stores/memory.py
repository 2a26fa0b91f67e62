"""What a store write remembers: facts that it has written or looked up already.

A batch writes people and their orders, and a moment later several rooms ask for them. Whoever
writes in a store is alone in it, so what a room knows from this write is still true as long as the
room itself has not changed it; and that it says here. Nothing outlives the write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Fact = TypeVar("Fact")

_remembered: ContextVar[dict[Memory[Any, Any], dict[Any, Any]] | None] = ContextVar(
    "remembered", default=None
)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember until the end of this block, which is one store write."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


class Memory(Generic[Key, Fact]):
    """Facts of one kind by their keys. Outside of a store write nothing is remembered."""

    def get(
        self, keys: Iterable[Key], look_up: Callable[[Collection[Key]], Mapping[Key, Fact]]
    ) -> dict[Key, Fact]:
        """The facts of these keys; those not remembered are looked up, all at once."""
        known = self._known()
        wanted = set(keys)
        found = {key: known[key] for key in wanted if key in known}
        if missing := wanted - found.keys():
            told = look_up(missing)
            self.put(told)
            found.update(told)
        return found

    def put(self, facts: Mapping[Key, Fact]) -> None:
        """Remember what was just written or looked up."""
        self._known().update(facts)

    def forget(self, keys: Iterable[Key]) -> None:
        """These have changed, in a way that is not worth working out here."""
        known = self._known()
        for key in keys:
            known.pop(key, None)

    def clear(self) -> None:
        """Any of them may have changed."""
        self._known().clear()

    def keys(self) -> set[Key]:
        """What is remembered now."""
        return set(self._known())

    def _known(self) -> dict[Key, Fact]:
        remembered = _remembered.get()
        return {} if remembered is None else remembered.setdefault(self, {})
