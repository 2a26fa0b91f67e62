"""What other rooms are told about an effect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class EffectRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do outside. `key` says what for: the same key is done once.

    `payload` holds ids and terms, never personal data; `due_at` None means now.
    """

    key: str
    kind: str
    payload: dict[str, Any]
    due_at: datetime | None = None


class LeasedEffect(msgspec.Struct, frozen=True, kw_only=True):
    """An effect that is ours to carry out until the lease ends; `attempts` counts this try."""

    id: str
    store_id: str
    key: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    fence: int


class EffectFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An effect as the desk shows it; `problem` is what the last failed try said."""

    id: str
    key: str
    kind: str
    state: str
    attempts: int
    due_at: datetime
    problem: str
    result: dict[str, Any]
    created_at: datetime
    done_at: datetime | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How some of the effects stand: how many wait or are being done, how many were given up, and
    what the newest try that failed said."""

    waiting: int
    dead: int
    problem: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the effects stand: counts by state; `oldest_due` is since when the one that waits
    longest could have been done (None: nothing is late)."""

    waiting: int
    leased: int
    done: int
    dead: int
    oldest_due: datetime | None
