"""What programmes have promised, hour by hour: what their budgets are held against.

A budget looks at the last days or weeks. To sum all rewards of that time for each batch would make
settling the slower the more a store has promised; the sums of whole hours are kept instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Sum
from django.db.models.functions import TruncHour

from wordmouth.ledger.facts import Finding
from wordmouth.rewards.models import PromisedHour, Reward
from wordmouth.stores import rows, tables

STANDING = ("pending", "due", "redeemed")
"""The states of a reward that is promised still, or was kept."""


class Promises:
    """How a batch of rewards moves the sums. Every reward that the batch writes is taken out with
    `lift` before it changes and put back with `lay` after it."""

    def __init__(self, store_id: str) -> None:
        self._store_id = store_id
        self._moved: dict[tuple[str, int], int] = defaultdict(int)

    def lift(self, row: Reward) -> None:
        """The reward is about to change."""
        self._shift(row, -1)

    def lay(self, row: Reward) -> None:
        """The reward has changed."""
        self._shift(row, 1)

    def _shift(self, row: Reward, sign: int) -> None:
        if row.cost and row.state in STANDING:
            self._moved[row.program_id, hour_of(row.granted_at)] += sign * row.cost

    def write(self) -> None:
        """Store the sums that have become others."""
        moved = {key: by for key, by in self._moved.items() if by}
        if not moved:
            return
        programs, hours = zip(*moved, strict=True)
        names = ("program_id", "hour", "cost")
        stored = rows.read(PromisedHour, names, program_id__in=programs, hour__in=hours)
        known = {(program_id, hour): cost for program_id, hour, cost in stored}
        sums = [
            {
                "store_id": self._store_id,
                "program_id": program_id,
                "hour": hour,
                "cost": known.get((program_id, hour), 0) + by,
            }
            for (program_id, hour), by in moved.items()
        ]
        tables.insert_values(
            PromisedHour, sums, unique=("store", "program", "hour"), update=("cost",)
        )


def hour_of(at: datetime) -> int:
    """The number of the hour of a moment, counted from the beginning of 1970 in UTC."""
    return int(at.timestamp()) // 3600


def promised_since(program_id: str, since: datetime) -> int:
    """What a programme has promised after a moment and still stands by, in minor units."""
    whole = hour_of(since) + 1
    kept = PromisedHour.objects.filter(program_id=program_id, hour__gte=whole)
    begun = Reward.objects.filter(
        program_id=program_id,
        granted_at__gt=since,
        granted_at__lt=datetime.fromtimestamp(whole * 3600, UTC),
        state__in=STANDING,
    )
    return sum(asked.aggregate(total=Sum("cost"))["total"] or 0 for asked in (kept, begun))


def verify() -> Iterator[Finding]:
    """Every hour whose sum is not that of its rewards."""
    by_hour = Reward.objects.filter(state__in=STANDING).annotate(
        hour=TruncHour("granted_at", tzinfo=UTC)
    )
    sums = by_hour.order_by().values_list("program_id", "hour").annotate(total=Sum("cost"))
    found = {(program_id, hour_of(hour)): total for program_id, hour, total in sums}
    noted = PromisedHour.objects.values_list("program_id", "hour", "cost")
    kept = {(program_id, hour): cost for program_id, hour, cost in noted}
    for program_id, hour in sorted(found.keys() | kept.keys()):
        told, true = (told_by.get((program_id, hour), 0) for told_by in (kept, found))
        if told != true:
            at = datetime.fromtimestamp(hour * 3600, UTC)
            what = f"{told} are noted as promised in the hour of {at:%Y-%m-%d %H:00}, not {true}"
            yield Finding(where=program_id, what=what)
