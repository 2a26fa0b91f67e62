"""Assignment by hash. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def assign(unit: str, salt: str, arms: Sequence[tuple[str, int]]) -> str:
    """The arm of `unit`: each arm gets its weight's share of all units.

    `arms` are (key, weight), weights >= 0 with a sum above 0; `salt` names the experiment, so that
    two experiments do not put the same people together.
    """
    total = sum(weight for _, weight in arms)
    if total <= 0:
        raise ValueError("at least one arm needs a weight above zero")
    digest = hashlib.blake2b(f"{salt}\0{unit}".encode(), digest_size=8).digest()
    point = int.from_bytes(digest, "big") * total >> 64
    for key, weight in arms:
        point -= weight
        if point < 0:
            return key
    raise AssertionError("the point lies below the sum of the weights")
