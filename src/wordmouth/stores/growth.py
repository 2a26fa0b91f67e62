"""When PostgreSQL has to count anew.

It plans by what it has counted, and counts by itself once a minute. Until then it reads a whole
store for every look-up, by plans that it made while there was nothing: the first minute of a shop
that brings its history along was several times as long as it had to be. SQLite is told sizes that
are right for everybody instead (`project/plans.py`).
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

FIRST_COUNT = 500
LAST_COUNT = 500_000


class Growth:
    """Has PostgreSQL count after the first `FIRST_COUNT` orders that a process takes, and again
    each time they have doubled; after `LAST_COUNT` it is left to itself."""

    def __init__(self) -> None:
        self._taken = 0
        self._count_at = FIRST_COUNT

    def note(self, taken: int) -> None:
        """So many orders more were taken; call it outside of a transaction."""
        self._taken += taken
        if self._taken < self._count_at or self._count_at > LAST_COUNT:
            return
        while self._count_at <= self._taken:
            self._count_at *= 2
        if connection.vendor == "postgresql":
            _count()


def _count() -> None:
    ours = (connection.ops.quote_name(model._meta.db_table) for model in apps.get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(ours)}")
