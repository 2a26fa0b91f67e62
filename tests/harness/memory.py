"""A store write that trusts nothing it remembers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from wordmouth.stores.memory import Memory


@contextmanager
def distrusted() -> Iterator[None]:
    """What is remembered is looked up all the same, and has to be what the database says."""
    trusted = Memory.get

    def get(
        self: Memory[Any, Any],
        keys: Iterable[Any],
        look_up: Callable[[Collection[Any]], Mapping[Any, Any]],
    ) -> dict[Any, Any]:
        wanted = set(keys)
        stored = dict(look_up(wanted)) if wanted else {}
        told = trusted(self, wanted, look_up)
        differ = {k: (told.get(k), stored.get(k)) for k in wanted if not _same(told, stored, k)}
        assert not differ, f"remembered, and stored: {differ}"
        return told

    Memory.get = get  # type: ignore[method-assign]
    try:
        yield
    finally:
        Memory.get = trusted  # type: ignore[method-assign]


def _same(told: Mapping[Any, Any], stored: Mapping[Any, Any], key: Any) -> bool:
    """Lists are in no order; who has nothing may be told or left out; a tuple reads as a list."""
    one, other = told.get(key), stored.get(key)
    return _plain(one) == _plain(other) or not (one or other)


def _plain(fact: Any) -> list[bytes]:
    parts = fact if isinstance(fact, list) else [fact]
    return sorted(msgspec.json.encode(part, order="deterministic") for part in parts)
