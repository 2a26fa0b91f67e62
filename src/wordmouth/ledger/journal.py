"""The journal and the balances in an accountant's words, for any moment or span of days.

The ledger knows none of those words: a chart says what each of its accounts is called. In an
accountant's signs a posting debits its source and credits its destination; a balance is what was
debited less what was credited, so that expenses are above zero and liabilities below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

import msgspec

from wordmouth.ledger import queries
from wordmouth.ledger.facts import EntryFacts, HeadFacts
from wordmouth.ledger.queries import Balances

OPENING = "Equity:Opening-Balances"
"""The other side of what stood before the first day of a journal."""

_MICROSECOND = timedelta(microseconds=1)


class Chart(Protocol):
    """What an accountant calls the ledger's accounts and units."""

    def account(self, name: str) -> str:
        """The accountant's account; several of the ledger's may be one there."""

    def decimals(self, unit: str) -> int:
        """How many decimals an amount of this unit is written with."""

    def unit(self, unit: str) -> str:
        """What a unit is called; nothing for a currency."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`amount` > 0 of `unit` that is debited to one account and credited to another."""

    entry: EntryFacts
    debit: str
    credit: str

    @property
    def day(self) -> date:
        """The day of the posting, in UTC."""
        return self.entry.at.astimezone(UTC).date()


class Journal:
    """The postings from one day to another, and what stood before and after them.

    Before the first day only what is carried over from year to year stands: assets, liabilities
    and equity. Expenses and income begin with nothing; what they came to before is in `OPENING`.
    Postings that are written meanwhile do not belong to it.
    """

    def __init__(self, chart: Chart, since: date | None = None, until: date | None = None) -> None:
        self.chart = chart
        self.since, self.until = since, until
        self.head = queries.head()
        self._start = start_of(since) if since else None
        self._end = end_of(until) if until else None
        self.total, self.first, self.last = queries.extent(*self._range())
        self.opening = self._opening()
        self.closing = self._closing()

    def _range(self) -> tuple[datetime | None, datetime | None, int]:
        return self._start, self._end, self.head.seq + 1

    def _opening(self) -> Balances:
        if self._start is None:
            return {}
        before = queries.turnover(None, self._start - _MICROSECOND, self.head.seq + 1)
        found = {
            (account, unit): balance
            for (account, unit), balance in debits(self.chart, before).items()
            if balance and _is_carried(account)
        }
        for unit in sorted({unit for _, unit in found}):
            carried = sum(balance for (_, other), balance in found.items() if other == unit)
            if carried:
                found[OPENING, unit] = -carried
        return found

    def _closing(self) -> Balances:
        closing: defaultdict[tuple[str, str], int] = defaultdict(int, self.opening)
        moved = debits(self.chart, queries.turnover(*self._range()))
        for key, balance in moved.items():
            closing[key] += balance
        return dict(sorted(closing.items()))

    def lines(self) -> Iterator[Line]:
        """The postings, in the order of their numbers."""
        for entry in queries.journal(*self._range()):
            yield Line(
                entry=entry,
                debit=self.chart.account(entry.source),
                credit=self.chart.account(entry.destination),
            )


def _is_carried(account: str) -> bool:
    return account.split(":")[0] in ("Assets", "Liabilities", "Equity")


def balances(chart: Chart, at: datetime | None = None) -> tuple[Balances, HeadFacts]:
    """What stands in the accountant's accounts by (account, unit), now or at a past moment, and the
    newest posting that was looked at. The sum per unit is zero."""
    head = queries.head()
    found = debits(chart, queries.turnover(None, at, head.seq + 1))
    return dict(sorted(found.items())), head


def debits(chart: Chart, found: Balances) -> Balances:
    """The ledger's balances, by the accountant's accounts and in their signs."""
    total: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (name, unit), balance in found.items():
        total[chart.account(name), unit] -= balance
    return dict(total)


def decimal(chart: Chart, amount: int, unit: str) -> str:
    """An amount as it is written, such as `10.00`; never in exponents, never rounded."""
    return f"{Decimal(amount).scaleb(-chart.decimals(unit)):f}"


def start_of(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(day, time.min, UTC)


def end_of(day: date) -> datetime:
    """The last moment of a day, in UTC."""
    return datetime.combine(day, time.max, UTC)
