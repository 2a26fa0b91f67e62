"""The journal as a table: CSV after RFC 4180, UTF-8, one row a posting."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC

from wordmouth.ledger.journal import OPENING, Journal, Line, decimal

COLUMNS = (
    "seq",
    "date",
    "time",
    "id",
    "reference",
    "debit",
    "credit",
    "amount",
    "unit",
    "mirrors",
    "source",
    "destination",
)
"""What each row says. `debit` and `credit` are accounts of the chart, `source` and `destination`
those of the ledger; moments are in UTC. Opening balances have no `seq`, `time` and `id`."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(journal: Journal) -> Iterator[str]:
    """The table, row by row, the names of the columns first."""
    yield _row(COLUMNS)
    for (account, unit), balance in journal.opening.items():
        if account != OPENING:
            yield _row(_opening(journal, account, unit, balance))
    for line in journal.lines():
        yield _row(_cells(journal, line))


def _opening(journal: Journal, account: str, unit: str, balance: int) -> Iterator[str]:
    sides = (account, OPENING) if balance > 0 else (OPENING, account)
    amount = decimal(journal.chart, abs(balance), unit)
    day = str(journal.since)
    yield from ("", day, "", "", "Opening balances", *sides, amount, unit, "", "", "")


def _cells(journal: Journal, line: Line) -> Iterator[str]:
    entry = line.entry
    at = entry.at.astimezone(UTC)
    yield from (str(entry.seq), str(line.day), f"{at.time().isoformat()}Z", entry.id)
    yield from (entry.reference, line.debit, line.credit)
    yield from (decimal(journal.chart, entry.amount, entry.unit), entry.unit)
    yield from (entry.mirrors or "", entry.source, entry.destination)


def _row(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(map(_safe, cells))
    return written.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; no amount here is below zero."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
