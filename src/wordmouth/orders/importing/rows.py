"""Reading a file row by row, with the line each row began on. Pure but for the reading."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

WHITESPACE = "whitespace"
DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 1_000_000


class BadFile(ValueError):
    """The file as a whole cannot be read; the text says why."""


class Row(NamedTuple):
    """One record: the line it began on, its cells, and how many bytes were read up to its end."""

    line: int
    cells: list[str]
    read: int


class _Lines:
    """The lines of a file as text, counting bytes and lines."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self.read = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for raw in self._file:
            self.number += 1
            self.read += len(raw)
            try:
                text = raw.decode(self._encoding)
            except UnicodeDecodeError as error:
                raise BadFile(
                    f"Line {self.number} is not {self._encoding}; say how the file is written "
                    "with --encoding, such as cp1252."
                ) from error
            yield text.removeprefix("\ufeff") if self.number == 1 else text


def guess_form(path: Path) -> str:
    """`jsonl` or `csv`, by the name and the first sign."""
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return "jsonl"
    with path.open("rb") as file:
        return "jsonl" if file.read(1024).lstrip().startswith(b"{") else "csv"


def guess_delimiter(path: Path, encoding: str) -> str:
    """What parts the cells of the first line that is not empty; WHITESPACE where nothing else."""
    with path.open("rb") as file:
        first = next((line for line in _Lines(file, encoding) if line.strip()), "")
    counts = {delimiter: first.count(delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else WHITESPACE


def table_rows(path: Path, delimiter: str, encoding: str) -> Iterator[Row]:
    """The rows of a table that are not empty. Raises BadFile."""
    with path.open("rb") as file:
        lines = _Lines(file, encoding)
        records = _split(lines) if delimiter == WHITESPACE else _parted(lines, delimiter)
        before = 0
        for cells in records:
            line, before = before + 1, lines.number
            if any(cells):
                yield Row(line, cells, lines.read)


def _split(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        yield line.split()


def _parted(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        for cells in csv.reader(lines, delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadFile(f"Line {lines.number}: {error}.") from error


def json_lines(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """The lines of a file that are not empty: number, content, bytes read up to its end."""
    read = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            read += len(line)
            content = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
            if content:
                yield number, content, read
