"""What is asked of those outside and what they say of it, whoever they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from wordmouth.fulfilment.facts import NOTHING, CouponFacts, Held

PENDING, ACTIVE, USED, REVOKED, EXPIRED = "pending", "active", "used", "revoked", "expired"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One effect: the reward it is for and the terms that were fixed when it was asked for.
    `thing_key` names the thing, `key` this request."""

    store_id: str
    key: str
    thing_key: str
    coupon: CouponFacts
    terms: Mapping[str, Any]


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What there is outside: its state (one of the names above), their own name for it, and what
    is for the holder alone. `found` says that an earlier try had made it."""

    state: str
    reference: str = ""
    used: bool = False
    found: bool = False
    held: Held = NOTHING


class Maker(Protocol):
    """One carrier. Both verbs may raise ports.Refused or ports.Unreachable."""

    def make(self, task: Task) -> Thing:
        """Make the thing, or find the one that an earlier try made."""
        ...

    def take_back(self, task: Task) -> Thing | None:
        """Make it unusable; a used one stays used; None where there is none."""
        ...
