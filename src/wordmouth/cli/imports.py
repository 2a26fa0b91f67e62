"""`import orders`: order history from a file, so that customers are known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.output import Bar, Refused
from wordmouth.cli.project import Project
from wordmouth.orders.importing import history, rows
from wordmouth.orders.importing.columns import FIELDS, BadColumns
from wordmouth.orders.importing.history import Options, Read
from wordmouth.orders.importing.rows import BadFile
from wordmouth.orders.snapshot import OrderSnapshot
from wordmouth.stores.facts import StoreFacts

BATCH = 1000
SHOWN = 20
KEPT = 1000


class Bad(msgspec.Struct, frozen=True):
    """A row that cannot be read, and why."""

    line: int
    problem: str


class Outcome(msgspec.Struct, kw_only=True):
    """What an import did: `orders` were read, `changed` of them were new or said something new;
    `bad` rows were left out, the first thousand are in `problems`."""

    store: str
    file: str
    orders: int = 0
    changed: int = 0
    bad: int = 0
    problems: list[Bad] = []
    went_on_after: int = 0
    finished_before: bool = False
    dry_run: bool = False

    def note_bad(self, read: Read) -> None:
        """Count a row that cannot be read."""
        self.bad += 1
        if len(self.problems) < KEPT:
            self.problems.append(Bad(read.line, read.problem))


@click.group("import", epilog="Example: wordmouth import orders orders.csv --store tea-house")
def import_() -> None:
    """Bring in what a shop knew before."""


@import_.command(
    epilog="Example: wordmouth import orders orders.csv --store tea-house "
    "--map 'Order Total=grand' --date-format %d.%m.%Y"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "csv", "jsonl"]),
    default="auto",
    show_default=True,
    help="A table, or order snapshots as JSON, one a line.",
)
@click.option(
    "--map",
    "mapping",
    metavar="COLUMN=FIELD",
    multiple=True,
    help=f"Which column is which field; COLUMN= leaves it out. Fields: {', '.join(FIELDS)}.",
)
@click.option("--delimiter", help="What parts the cells: a sign, tab or whitespace.")
@click.option("--no-header", is_flag=True, help="The first row is an order; give --columns.")
@click.option("--columns", metavar="A,B,C", help="Names for the columns.")
@click.option("--date-format", help="How dates are written, as %d.%m.%Y; ISO 8601 needs none.")
@click.option("--encoding", default="utf-8", show_default=True, help="How the file is written.")
@click.option("--currency", help="Where no column says it; the store's where not given.")
@click.option(
    "--amounts",
    type=click.Choice(["major", "minor"]),
    default="major",
    show_default=True,
    help="Whether 12 is twelve euros or twelve cents.",
)
@click.option("--unpaid", is_flag=True, help="Do not take orders as paid that do not say so.")
@click.option(
    "--on-bad",
    type=click.Choice(["refuse", "skip"]),
    default="refuse",
    show_default=True,
    help="What to do about rows that cannot be read: import nothing, or the others.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option(
    "--resume/--no-resume",
    default=True,
    show_default=True,
    help="Go on where an interrupted import of the file stopped, or start over.",
)
@click.option("--again", is_flag=True, help="Import a file that was imported to its end before.")
@JSON
@click.pass_obj
def orders(
    project: Project, /, file: Path, store: str | None, as_json: bool, **given: object
) -> None:
    """Import the order history in FILE, a table (CSV) or JSON lines.

    It makes customers known; nobody is written to about it. Columns with common names are found;
    what was found is shown before. Orders that do not tell of payment count as paid when placed.
    An interrupted import goes on when it is started again.
    """
    project.load()
    chosen = chosen_store(store)
    try:
        options = _options(file, chosen, given)
        if options.form == "csv":
            _show_columns(file, options)
        outcome = _Import(file, chosen, options, given).run()
    except (BadColumns, BadFile) as error:
        raise Refused(str(error)) from error
    if as_json:
        output.print_json(outcome)
    else:
        _tell(outcome)


def _options(file: Path, store: StoreFacts, given: dict[str, object]) -> Options:
    """How to read the file, from what was given and what can be guessed."""
    from wordmouth.kit.money import is_currency

    form = str(given["form"])
    form = rows.guess_form(file) if form == "auto" else form
    encoding = str(given["encoding"])
    try:
        "a".encode(encoding)
    except LookupError as error:
        raise click.UsageError(f"There is no encoding {encoding!r}.") from error
    currency = str(given["currency"] or store.currency).upper()
    if not is_currency(currency):
        raise click.UsageError(f"{currency!r} is not a currency code of ISO 4217, such as EUR.")
    delimiter = str(given["delimiter"] or "")
    if form == "csv":
        delimiter = _delimiter(delimiter) or rows.guess_delimiter(file, encoding)
    columns = str(given["columns"] or "")
    if given["no_header"] and not columns:
        raise click.UsageError("--no-header needs --columns with a name for each column.")
    return Options(
        form=form,
        currency=currency,
        delimiter=delimiter,
        columns=tuple(name.strip() for name in columns.split(",")) if columns else (),
        header=not given["no_header"],
        mapping=_mapping(given["mapping"]),
        date_format=str(given["date_format"]) if given["date_format"] else None,
        minor=given["amounts"] == "minor",
        unpaid=bool(given["unpaid"]),
        encoding=encoding,
    )


def _delimiter(given: str) -> str:
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": rows.WHITESPACE}
    delimiter = named.get(given, given)
    if delimiter and delimiter != rows.WHITESPACE and (len(delimiter) > 1 or delimiter in '"\n\r'):
        raise click.UsageError("--delimiter takes one sign, `tab` or `whitespace`.")
    return delimiter


def _mapping(given: object) -> dict[str, str]:
    mapping: dict[str, str] = {}
    assert isinstance(given, Sequence)
    for text in given:
        column, equals, field = text.rpartition("=")
        if not equals or not column:
            raise click.UsageError(f"--map takes COLUMN=FIELD, not {text!r}.")
        if field and field not in FIELDS:
            raise click.UsageError(f"There is no field {field!r}; there are {', '.join(FIELDS)}.")
        mapping[column.strip()] = field.strip()
    return mapping


def _show_columns(file: Path, options: Options) -> None:
    found = history.columns_of(file, options)
    said = [f"{found.names[place]} as {field}" for field, place in found.places.items()]
    output.note(f"Columns read: {', '.join(said)}.")
    unused = found.unused()
    if unused:
        output.note(f"Columns left out: {', '.join(unused)}.")


class _Import:
    """One import of one file."""

    def __init__(
        self, file: Path, store: StoreFacts, options: Options, given: dict[str, object]
    ) -> None:
        self._file = file
        self._store = store
        self._options = options
        self._given = given
        self._outcome = Outcome(store=store.slug, file=str(file), dry_run=bool(given["dry_run"]))

    def run(self) -> Outcome:
        """Check the whole file where that was asked for, then take it."""
        size = self._file.stat().st_size
        if self._given["dry_run"] or self._given["on_bad"] == "refuse":
            with output.progress("checking", size) as bar:
                checked = self._check(bar)
            if self._given["dry_run"]:
                return checked
            if checked.bad:
                _refuse(checked)
        with output.progress("importing", size) as bar:
            self._take(bar)
        return self._outcome

    def _reads(self, bar: Bar) -> Iterator[Read]:
        from wordmouth.integrations.generic.parse import order_from

        for read in history.read(self._file, self._options, order_from):
            if read.number % BATCH == 0:
                bar.to(read.read)
            yield read

    def _check(self, bar: Bar) -> Outcome:
        checked = msgspec.structs.replace(self._outcome, problems=[])
        for read in self._reads(bar):
            if read.problem:
                checked.note_bad(read)
            elif read.order is not None:
                checked.orders += 1
        return checked

    def _take(self, bar: Bar) -> None:
        from wordmouth.orders import services
        from wordmouth.stores.growth import Growth
        from wordmouth.stores.transactions import store_write

        afresh = bool(self._given["again"]) or not self._given["resume"]
        with store_write(self._store.id):
            run = services.open_import(
                self._store.id, self._digest(), self._file.name, afresh=afresh
            )
        outcome, growth = self._outcome, Growth()
        outcome.went_on_after = run.position
        if run.finished_at is not None:
            outcome.finished_before = True
            return
        for batch, position, bad, finished in self._batches(bar, run.position):
            with store_write(self._store.id):
                run, changed = services.take_history(
                    self._store.id, run, batch, position=position, refused=bad, finished=finished
                )
            growth.note(len(batch))
            outcome.orders += len(batch)
            outcome.changed += changed

    def _batches(
        self, bar: Bar, after: int
    ) -> Iterator[tuple[list[OrderSnapshot], int, int, bool]]:
        """(orders, number of the last record, bad rows, whether that was all) at a time."""
        batch: list[OrderSnapshot] = []
        position, bad = after, 0
        for read in self._reads(bar):
            if read.number <= after:
                continue
            if len(batch) >= BATCH:
                yield batch, position, bad, False
                batch, bad = [], 0
            position = read.number
            if read.problem:
                bad += 1
                self._outcome.note_bad(read)
            elif read.order is not None:
                batch.append(read.order)
        yield batch, position, bad, True

    def _digest(self) -> str:
        """What is read in which way: with other options it is another import."""
        with self._file.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        return hashlib.sha256(content + msgspec.json.encode(self._options)).hexdigest()


def _refuse(checked: Outcome) -> None:
    _tell_problems(checked)
    raise Refused(
        f"{checked.bad} of {checked.bad + checked.orders} rows cannot be read; nothing was "
        "imported. Correct them, or leave them out with --on-bad skip."
    )


def _tell_problems(outcome: Outcome) -> None:
    for bad in outcome.problems[:SHOWN]:
        output.note(f"{outcome.file}:{bad.line}: {bad.problem}")
    if outcome.bad > SHOWN:
        output.note(f"... and {outcome.bad - SHOWN} more.")


def _tell(outcome: Outcome) -> None:
    if outcome.finished_before:
        click.echo("This file was imported to its end before; --again imports it once more.")
        return
    _tell_problems(outcome)
    if outcome.went_on_after:
        click.echo(f"Went on after row {outcome.went_on_after:,}, where it had stopped.")
    left_out = f"; {outcome.bad:,} rows were left out" if outcome.bad else ""
    if outcome.dry_run:
        click.echo(f"{outcome.orders:,} orders can be read{left_out}. Nothing was written.")
    else:
        click.echo(
            f"{outcome.orders:,} orders were imported, {outcome.changed:,} of them new or "
            f"changed{left_out}."
        )
