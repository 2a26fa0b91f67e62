"""The journal as a file for beancount (version 2 and 3): plain text, balanced, provable.

Each posting is a transaction of two legs. At the end stand balance assertions: what the database
says by its own sums, for beancount to compare with what it reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, timedelta

from wordmouth.ledger.journal import Journal, Line, decimal

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def write(journal: Journal, title: str, currency: str) -> Iterator[str]:
    """The file, piece by piece. `title` and `currency` are the store's."""
    yield f'option "title" {_text(title)}\noption "operating_currency" {_text(currency)}\n'
    yield f"; head of the ledger's chain: {journal.head}\n"
    if not journal.closing:
        return
    first, last = _days(journal)
    yield from _declarations(journal, first)
    yield from _opening(journal, first)
    for line in journal.lines():
        yield _transaction(journal, line)
    yield from _assertions(journal, last + timedelta(days=1))


def _days(journal: Journal) -> tuple[date, date]:
    """The first and the last day that the file speaks of."""
    days = [at.astimezone(UTC).date() for at in (journal.first, journal.last) if at is not None]
    given = [day for day in (journal.since, journal.until) if day is not None]
    first = journal.since or min(days + given)
    return first, journal.until or max(days + given)


def _declarations(journal: Journal, first: date) -> Iterator[str]:
    units: defaultdict[str, list[str]] = defaultdict(list)
    for account, unit in journal.closing:
        units[account].append(unit)
    yield "\n"
    for unit in sorted({unit for _, unit in journal.closing}):
        named = journal.chart.unit(unit)
        yield f"{first} commodity {unit}\n" + (f"  name: {_text(named)}\n" if named else "")
    yield "\n"
    for account, held in units.items():
        yield f"{first} open {account} {','.join(held)}\n"


def _opening(journal: Journal, first: date) -> Iterator[str]:
    if journal.opening:
        yield f'\n{first} * "Opening balances"\n'
        for (account, unit), balance in journal.opening.items():
            yield _leg(journal, account, balance, unit)


def _transaction(journal: Journal, line: Line) -> str:
    entry = line.entry
    at = entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    said = {"id": entry.id, "seq": str(entry.seq), "at": at, "mirrors": entry.mirrors}
    said |= {"source": entry.source, "destination": entry.destination}
    notes = "".join(f"  {key}: {_text(value)}\n" for key, value in said.items() if value)
    return (
        f"\n{line.day} * {_text(entry.reference)}\n{notes}"
        + _leg(journal, line.debit, entry.amount, entry.unit)
        + _leg(journal, line.credit, -entry.amount, entry.unit)
    )


def _leg(journal: Journal, account: str, amount: int, unit: str) -> str:
    return f"  {account}  {decimal(journal.chart, amount, unit)} {unit}\n"


def _assertions(journal: Journal, day: date) -> Iterator[str]:
    yield "\n"
    for (account, unit), balance in journal.closing.items():
        # Without a tolerance of its own an assertion would let one cent pass.
        yield f"{day} balance {account} {decimal(journal.chart, balance, unit)} ~ 0 {unit}\n"


def _text(value: str) -> str:
    return f'"{value.translate(_ESCAPES)}"'
