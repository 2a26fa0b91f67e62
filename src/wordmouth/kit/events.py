"""What happened, told to whoever reacts: collected in a write, handled before it commits.

A room emits its events and does not know who reads them. The one table of handlers is
installed by the wiring at start. Handlers get all collected events of one type at once
(sets, not rows) and may emit further events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all events: a fact that a room states about its own things."""


Handler = Callable[[Sequence[Any]], None]
Table = Mapping[type[Event], Sequence[Handler]]

_table: Table = {}
_collected: ContextVar[list[Event] | None] = ContextVar("collected_events", default=None)


class NoCollection(RuntimeError):
    """An event was emitted outside of a write."""


def install(table: Table) -> None:
    """Make `table` the reactions of this process. Order of types is the order of handling."""
    global _table
    _table = table


def emit(*events: Event) -> None:
    """State that something happened. Only inside a `collecting` block."""
    collected = _collected.get()
    if collected is None:
        raise NoCollection("emit() was called outside of a store write")
    collected.extend(events)


@contextmanager
def collecting() -> Iterator[list[Event]]:
    """Collect the events of a block; at its regular end hand them to the reactions."""
    if _collected.get() is not None:
        raise NoCollection("a store write is already open in this thread")
    collected: list[Event] = []
    token = _collected.set(collected)
    try:
        yield collected
        _drain(collected)
    finally:
        _collected.reset(token)


def _drain(collected: list[Event]) -> None:
    """Hand over by type, in the table's order (upstream first), until nothing is left."""
    while collected:
        kind = next((t for t in _table if any(type(e) is t for e in collected)), None)
        if kind is None:
            collected.clear()
            return
        batch = [event for event in collected if type(event) is kind]
        collected[:] = [event for event in collected if type(event) is not kind]
        for handler in _table[kind]:
            handler(batch)
