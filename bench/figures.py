"""From the rounds of a measurement to its figures. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

import msgspec


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One round of one path. `crowded`: the load generator itself had nothing left to give."""

    rate: float
    cpu_us: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    crowded: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A path on a database in figures; `limit` and `ratio_to_limit` are None without a limit."""

    path: str
    database: str
    prior_orders: int
    rate: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    limit: float | None
    ratio_to_limit: float | None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """All rounds of a path on a database, and of its limit in the same rounds."""

    path: str
    database: str
    prior_orders: int
    rounds: list[Sample]
    limits: list[Sample]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed; 0 of none."""
    if not values:
        return 0.0
    ranked = sorted(values)
    return ranked[max(math.ceil(share * len(ranked)) - 1, 0)]


def spread(values: Sequence[float]) -> float:
    """How far the middle half of the values lies apart: half of it, as a share of the median."""
    middle = statistics.median(values)
    if len(values) < 2 or middle == 0:
        return 0.0
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / abs(middle)


def row_of(measured: Measured) -> Row:
    """The medians of all rounds; the ratio is the median of the ratios of each round."""
    ratios = [
        done.rate / limit.rate
        for done, limit in zip(measured.rounds, measured.limits, strict=False)
        if limit.rate
    ]
    return Row(
        path=measured.path,
        database=measured.database,
        prior_orders=measured.prior_orders,
        rate=round(middle(measured.rounds, lambda s: s.rate), 1),
        cpu_us=round(middle(measured.rounds, lambda s: s.cpu_us), 1),
        p50_ms=round(middle(measured.rounds, lambda s: s.p50_ms), 3),
        p99_ms=round(middle(measured.rounds, lambda s: s.p99_ms), 3),
        limit=round(middle(measured.limits, lambda s: s.rate), 1) if ratios else None,
        ratio_to_limit=round(statistics.median(ratios), 4) if ratios else None,
    )


def middle(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    """The median of one figure over all rounds."""
    return statistics.median(of(sample) for sample in samples)
