"""How the command line speaks: facts to the standard output, words to the standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import msgspec

from wordmouth.kit.errors import WordmouthError

TRACEBACK = "WORDMOUTH_TRACEBACK"


class Refused(click.ClickException):
    """What was asked for was not done; the text says why. Exit status 1."""

    def show(self, file: Any = None) -> None:
        """Write the text, which may have several lines, to the standard error."""
        click.echo(self.format_message(), err=True, file=file)


class Door(click.Group):
    """A group of commands whose failures are words: no traceback reaches the terminal."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `Refused`. WORDMOUTH_TRACEBACK=1 shows where a surprise arose."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except WordmouthError as error:
            raise Refused(error.detail) from error
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            raise Refused(_surprise(error)) from error


def _surprise(error: Exception) -> str:
    name = type(error).__name__
    if type(error).__module__.startswith("django.db"):
        return f"The database cannot be used ({name}): {error}"
    if isinstance(error, OSError):
        return str(error)
    return f"Something went wrong here: {name}: {error}. Set {TRACEBACK}=1 to see where."


def print_json(facts: Any) -> None:
    """Print facts as indented JSON; times and structs included."""
    text = msgspec.json.format(msgspec.json.encode(facts), indent=2)
    click.echo(text.decode())


def print_table(rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns that line up; the first row is the header."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def note(text: str) -> None:
    """Say something to the person, beside the facts."""
    click.echo(text, err=True)


class Bar:
    """A progress bar, moved to an absolute place."""

    def __init__(self, move: Any = None) -> None:
        self._move = move

    def to(self, done: int) -> None:
        """So much is done."""
        if self._move is not None:
            self._move(done)


@contextmanager
def progress(what: str, total: int) -> Iterator[Bar]:
    """A bar on the standard error while long work lasts; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield Bar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield Bar(lambda done: shown.update(task, completed=done))
