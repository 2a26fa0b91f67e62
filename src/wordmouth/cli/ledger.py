"""`ledger balance|export|head`: the books of a store, in an accountant's words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, chosen_store
from wordmouth.cli.project import Project
from wordmouth.kit.errors import NotFound
from wordmouth.stores.facts import StoreFacts

if TYPE_CHECKING:
    from wordmouth.ledger.journal import Journal
    from wordmouth.rewards.chart import Chart

STORE = click.argument("store", metavar="STORE")
BY_HOLDER = click.option(
    "--by-holder", is_flag=True, help="An account for each advocate and friend, by their ids."
)
_EVERY = 500


class Day(click.ParamType[date]):
    """A day, as 2026-03-31."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; it is written as 2026-03-31.", param)


class Moment(click.ParamType[datetime]):
    """The end of a day in UTC, or a moment after RFC 3339."""

    name = "date"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment, or a usage error."""
        from wordmouth.ledger.journal import end_of

        if isinstance(value, datetime):
            return value
        try:
            return end_of(date.fromisoformat(value))
        except ValueError:
            pass
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            shown = "a date as 2026-03-31, or a moment as 2026-03-31T18:00:00Z"
            self.fail(f"{value!r} is no date; it is {shown}.", param)
        return at.astimezone(UTC)


@click.group(epilog="Example: wordmouth ledger balance tea-house --at 2026-03-31")
def ledger() -> None:
    """Read a store's books as an accountant keeps them."""


@ledger.command(epilog="Example: wordmouth ledger balance tea-house --at 2026-03-31")
@STORE
@click.option("--at", type=Moment(), help="At the end of this day in UTC, or at this moment.")
@click.option("--account", metavar="TEXT", help="Only accounts whose name has this in it.")
@BY_HOLDER
@JSON
@click.pass_obj
def balance(
    project: Project,
    store: str,
    at: datetime | None,
    account: str | None,
    by_holder: bool,
    as_json: bool,
) -> None:
    """Show what stands in each account, now or at a past moment.

    Debits are above zero, credits below: expenses and assets show as above zero, liabilities and
    income as below. All accounts of a unit sum to zero.
    """
    project.load()
    from wordmouth.ledger import journal
    from wordmouth.stores.transactions import store_read

    chosen = chosen_store(store)
    with store_read(chosen.id):
        chart = _chart(by_holder)
        found, head = journal.balances(chart, at)
    shown = _named(found, account)
    sums = {
        unit: sum(amount for (_, other), amount in shown.items() if other == unit)
        for unit in sorted({unit for _, unit in shown})
    }
    if as_json:
        lines = [_line(chart, unit, amount, account=name) for (name, unit), amount in shown.items()]
        total = [_line(chart, unit, amount) for unit, amount in sums.items()]
        facts = {"store": chosen.slug, "at": at, "head": str(head)}
        output.print_json(facts | {"balances": lines, "sums": total})
        return
    _print_balances(chart, shown, sums)


def _named(found: dict[tuple[str, str], int], text: str | None) -> dict[tuple[str, str], int]:
    if text is None:
        return found
    shown = {key: each for key, each in found.items() if text.casefold() in key[0].casefold()}
    if found and not shown:
        names = ", ".join(sorted({name for name, _ in found})[:20])
        raise NotFound(f"No account has {text!r} in its name; there are {names}.")
    return shown


def _line(chart: Chart, unit: str, amount: int, **more: str) -> dict[str, Any]:
    from wordmouth.ledger.journal import decimal

    return more | {"unit": unit, "amount": amount, "written": decimal(chart, amount, unit)}


def _print_balances(chart: Chart, shown: dict[tuple[str, str], int], sums: dict[str, int]) -> None:
    from wordmouth.ledger.journal import decimal

    if not shown:
        output.note("Nothing was posted yet.")
        return
    rows = [(name, decimal(chart, amount, unit), unit) for (name, unit), amount in shown.items()]
    rows += [("sum", decimal(chart, amount, unit), unit) for unit, amount in sums.items()]
    wide = max(len(amount) for _, amount, _ in rows)
    output.print_table(
        [("account", "balance".rjust(wide), "unit")]
        + [(name, amount.rjust(wide), unit) for name, amount, unit in rows]
    )


@ledger.command(
    epilog="Example: wordmouth ledger export tea-house --format beancount --output tea.beancount"
)
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "beancount"]),
    default="csv",
    show_default=True,
    help="A table, or a file for beancount.",
)
@click.option("--from", "since", type=Day(), help="The first day, in UTC.")
@click.option("--to", "until", type=Day(), help="The last day, in UTC.")
@click.option(
    "--output",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; the standard output where not given.",
)
@BY_HOLDER
@click.pass_obj
def export(
    project: Project,
    store: str,
    form: str,
    since: date | None,
    until: date | None,
    file: Path | None,
    by_holder: bool,
) -> None:
    """Write the journal: every posting with its debit and its credit.

    With --from it begins with the opening balances of that day.
    """
    if since and until and since > until:
        raise click.UsageError(f"--from {since} is later than --to {until}.")
    project.load()
    from wordmouth.ledger.journal import Journal
    from wordmouth.stores.transactions import store_read

    chosen = chosen_store(store)
    with store_read(chosen.id):
        journal = Journal(_chart(by_holder), since, until)
        _write(file, _pieces(form, journal, chosen), journal.total)
    if file is not None:
        output.note(f"{journal.total} postings are in {file}; the head is {journal.head}.")


def _pieces(form: str, journal: Journal, store: StoreFacts) -> Iterator[str]:
    from wordmouth.ledger import beancount, table

    if form == "csv":
        return table.write(journal)
    return beancount.write(journal, f"{store.name}: referrals", store.currency)


def _write(file: Path | None, pieces: Iterator[str], total: int) -> None:
    """Write to the file, which is there whole in the end or else as it was before."""
    if file is None:
        sys.stdout.writelines(pieces)
        return
    part = file.with_name(file.name + ".part")
    try:
        with (
            part.open("w", encoding="utf-8", newline="") as out,
            output.progress("postings", total) as bar,
        ):
            for done, piece in enumerate(pieces):
                out.write(piece)
                if done % _EVERY == 0:
                    bar.to(min(done, total))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@ledger.command(epilog="Example: wordmouth ledger head tea-house >> heads.txt")
@STORE
@JSON
@click.pass_obj
def head(project: Project, store: str, as_json: bool) -> None:
    """Print the newest posting's number and hash.

    Keep it where nobody who can write to the database can: `wordmouth verify --head` proves later
    that everything up to it is as it was.
    """
    project.load()
    from wordmouth.ledger import queries
    from wordmouth.stores.transactions import store_read

    chosen = chosen_store(store)
    with store_read(chosen.id):
        found = queries.head()
    if as_json:
        output.print_json({"store": chosen.slug, "seq": found.seq, "hash": found.hash})
    else:
        click.echo(found)


def _chart(by_holder: bool) -> Chart:
    from wordmouth.programs import queries
    from wordmouth.rewards.chart import Chart

    slugs = {program.id: program.slug for program in queries.list_programs()}
    return Chart(slugs, by_holder=by_holder)
