"""Payouts as tables: what any bank or a person can carry out, what came of it, what was paid in a
year. CSV by RFC 4180, in UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from wordmouth.kit.money import to_decimal
from wordmouth.payouts.errors import BadAnswers
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.sepa import Credit, end_to_end_id, payout_id_of
from wordmouth.payouts.states import FINAL_ANSWERS

PAID_COLUMNS = ("end_to_end_id", "method", "name", "account", "amount", "currency", "note")
ANSWER_COLUMNS = ("end_to_end_id", "state", "reason")
LONGEST_REASON = 500
MOST_ANSWERS = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: whatever could be one gets an apostrophe."""
    text = str(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table with a header, safe to open in a spreadsheet."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def paid(credits: Iterable[Credit], currency: str, note: str) -> bytes:
    """A batch for any bank, or to be paid by hand."""
    return table(
        PAID_COLUMNS,
        (
            (
                end_to_end_id(credit.id),
                credit.to.method,
                credit.to.name,
                credit.to.account,
                to_decimal(credit.amount, currency),
                currency,
                note,
            )
            for credit in credits
        ),
    )


def answers(text: bytes) -> list[Answer]:
    """What a table of answers says: the columns end_to_end_id, state and, if wanted, reason, in
    any order, beside any others; separated by commas or semicolons.

    Raises BadAnswers, which names every line that cannot be read.
    """
    rows = _rows(text)
    header = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in ANSWER_COLUMNS[:2] if name not in header]
    if missing:
        told = f"the header has no {' and no '.join(missing)}; allowed: {', '.join(ANSWER_COLUMNS)}"
        raise BadAnswers([(1, told)])
    found: list[Answer] = []
    problems: list[tuple[int, str]] = []
    for number, cells in enumerate(rows, 2):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        problem = _problem(row)
        if problem:
            problems.append((number, problem))
        else:
            found.append(_answer(row, number))
        if number > MOST_ANSWERS:
            problems.append((number, f"at most {MOST_ANSWERS} lines at once"))
            break
    if problems:
        raise BadAnswers(problems)
    return found


def _rows(text: bytes) -> Iterator[list[str]]:
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadAnswers([(1, "is not UTF-8")]) from None
    first = decoded.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error as error:
        raise BadAnswers([(reader.line_num, f"is no CSV: {error}")]) from None


def _problem(row: dict[str, str]) -> str:
    if not row.get("end_to_end_id"):
        return "end_to_end_id is empty"
    state = row.get("state", "").lower()
    if state not in FINAL_ANSWERS:
        return f"state is {state[:30]!r}; allowed: {', '.join(FINAL_ANSWERS)}"
    return ""


def _answer(row: dict[str, str], line: int) -> Answer:
    return Answer(
        line=line,
        # A spreadsheet may have added the apostrophe of `harmless`.
        payout_id=payout_id_of(row["end_to_end_id"].lstrip("'")),
        state=row["state"].lower(),
        reason=row.get("reason", "")[:LONGEST_REASON],
    )
