"""What other rooms are told about what carries out a reward."""

from __future__ import annotations

from datetime import datetime

import msgspec


class CouponFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What carries out a reward: a coupon, or another `carrier`. `reference` is the shop's or the
    issuer's own name for it; `problem` says in words why it is not (or not yet) as it should be.
    What is for its holder alone is not among the facts: see `queries.held`."""

    reward_id: str
    carrier: str
    code: str
    adapter: str
    turn: int
    state: str
    reference: str
    problem: str
    requested_at: datetime
    issued_at: datetime | None
    revoked_at: datetime | None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the holder of a reward has of it: a code to enter, words, an address to open. Any may
    be empty. Show it to nobody else."""

    code: str = ""
    text: str = ""
    url: str = ""


NOTHING = Held()
