"""`program plan|apply|show|list|stop|resume|presets`: programmes as files, and their switch."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.output import Refused
from wordmouth.cli.project import Project
from wordmouth.kit.money import format_money
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.errors import Problem
from wordmouth.programs.facts import Move, Plan, ProgramFacts
from wordmouth.stores.facts import StoreFacts

FILE = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)


@click.group(epilog="Example: wordmouth program apply give-10-get-10.toml --store tea-house")
def program() -> None:
    """Keep a store's programmes as files."""


@program.command(epilog="Example: wordmouth program plan give-10-get-10.toml --store tea-house")
@FILE
@STORE
@JSON
@click.pass_obj
def plan(project: Project, file: Path, store: str | None, as_json: bool) -> None:
    """Show what applying FILE would change; nothing is written.

    FILE is TOML, or JSON where its name ends in .json; `-` reads TOML from the standard input.
    """
    project.load()
    with Written(file) as written:
        plan = _planned(chosen_store(store), written.document())
    _show_plan(plan, as_json)


@program.command(epilog="Example: wordmouth program apply give-10-get-10.toml --store tea-house")
@FILE
@STORE
@JSON
@click.pass_obj
def apply(project: Project, file: Path, store: str | None, as_json: bool) -> None:
    """Make the store's programme what FILE says, and show what changed.

    The programme of that slug is made where there is none. The same file again changes nothing.
    """
    project.load()
    from wordmouth.programs import services
    from wordmouth.stores.transactions import store_write

    with Written(file) as written:
        document, chosen = written.document(), chosen_store(store)
        plan = _planned(chosen, document)
        with store_write(chosen.id):
            applied = services.apply_document(document, by="command line")
    if as_json:
        output.print_json({"applied": applied, "changes": plan.changes, "notes": plan.notes})
    else:
        _show_plan(plan, as_json=False)


@program.command(epilog="Example: wordmouth program show give-10-get-10 > give-10-get-10.toml")
@click.argument("slug")
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["toml", "json"]),
    default="toml",
    show_default=True,
    help="How the document is written.",
)
@click.pass_obj
def show(project: Project, slug: str, store: str | None, form: str) -> None:
    """Print a programme as the document that would make it."""
    project.load()
    from wordmouth.programs import queries
    from wordmouth.programs.parse import to_json, to_toml
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        found, last = queries.program(slug), queries.last_move(slug)
        budget = _budget(found)
    document = found.version.document
    click.echo(to_toml(document) if form == "toml" else to_json(document), nl=False)
    _tell_standing(found, last, budget)


@program.command("list", epilog="Example: wordmouth program list --store tea-house")
@STORE
@JSON
@click.pass_obj
def list_(project: Project, store: str | None, as_json: bool) -> None:
    """List a store's programmes, newest first.

    STATUS is full where the budget is used up, and stopped where the programme was stopped.
    """
    project.load()
    from wordmouth.programs import queries
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        found = queries.list_programs()
        rows = [_row(each) for each in found]
    if as_json:
        output.print_json(rows)
    elif not found:
        output.note("There is no programme yet; make one: wordmouth program apply FILE")
    else:
        lines = [
            (each.slug, each.standing, each.version.number, _share(row["budget"]), each.name)
            for each, row in zip(found, rows, strict=True)
        ]
        output.print_table([("SLUG", "STATUS", "VERSION", "BUDGET", "NAME"), *lines])


@program.command(
    epilog='Example: wordmouth program stop give-10-get-10 --reason "the code is on a coupon site"'
)
@click.argument("slug")
@click.option("--reason", required=True, help="Why; the desk and the history show it.")
@STORE
@JSON
@click.pass_obj
def stop(project: Project, slug: str, reason: str, store: str | None, as_json: bool) -> None:
    """Stop a programme at once: nobody new can claim, and nothing more is issued.

    What people have stays theirs, and what they have earned waits until the programme is resumed.
    """
    project.load()
    from wordmouth.programs import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with store_write(chosen.id):
        stopped = _row(services.stop(slug, reason, by="command line"))
    if as_json:
        output.print_json(stopped)
    else:
        click.echo(f"{slug} is stopped. Take it back with: wordmouth program resume {slug}")


@program.command(epilog="Example: wordmouth program resume give-10-get-10")
@click.argument("slug")
@STORE
@JSON
@click.pass_obj
def resume(project: Project, slug: str, store: str | None, as_json: bool) -> None:
    """Take back a stop: what was held back is issued, and people can claim again."""
    project.load()
    from wordmouth.programs import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with store_write(chosen.id):
        resumed = services.resume(slug, by="command line")
        row = _row(resumed)
    if as_json:
        output.print_json(row)
    else:
        click.echo(f"{slug} is {resumed.standing}.")


@program.command(epilog="Example: wordmouth program presets points --currency EUR > points.toml")
@click.argument("name", required=False)
@click.option(
    "--currency",
    default="EUR",
    show_default=True,
    callback=lambda ctx, param, value: value.upper(),
    help="Currency of the amounts (ISO 4217).",
)
@click.option("--product", metavar="ID", help="The shop's id of the product that is given.")
@JSON
def presets(name: str | None, currency: str, product: str | None, as_json: bool) -> None:
    """List programmes to begin with, each in a sentence; with NAME print that one as a file.

    The amounts are a beginning: change them before you apply the file.
    """
    from wordmouth.kit.money import is_currency
    from wordmouth.programs.presets import PRESETS

    if not is_currency(currency):
        raise click.BadParameter(f"{currency!r} is not a currency of ISO 4217.")
    if name is None:
        rows = [(each, *_preset(each, currency, product or "")) for each in PRESETS]
        if as_json:
            output.print_json([{"name": row[0], "sentence": row[2]} for row in rows])
            return
        for each, _, sentence in rows:
            click.echo(f"{each}\n    {sentence}")
        return
    if name not in PRESETS:
        raise click.BadParameter(f"there is no preset {name!r}; there are {', '.join(PRESETS)}.")
    if PRESETS[name].asks_for_product and not product:
        raise click.UsageError(f"{name} gives one of the shop's products: name it with --product.")
    document, sentence = _preset(name, currency, product or "")
    from wordmouth.programs.parse import to_data, to_toml

    if as_json:
        output.print_json(to_data(document))
    else:
        click.echo(f"# {sentence}\n\n{to_toml(document)}", nl=False)


def _preset(name: str, currency: str, product: str) -> tuple[ProgramDocument, str]:
    """A preset and what it is, in a sentence."""
    from wordmouth.kit import clock
    from wordmouth.programs.presets import PRESETS, Choices
    from wordmouth.programs.sentences import describe

    choices = Choices(currency=currency, product=product or "p-1", today=clock.now().date())
    document = PRESETS[name].document(choices)
    return document, describe(document, document.offers[0])


def _row(found: ProgramFacts) -> dict[str, Any]:
    """A programme in a list. Within the store's scope."""
    return {
        "id": found.id,
        "slug": found.slug,
        "name": found.name,
        "status": found.status,
        "intake": found.intake,
        "stop_reason": found.stop_reason,
        "takes_friends": found.takes_friends,
        "budget": _budget(found),
        "version": found.version.number,
        "created_at": found.created_at,
    }


def _budget(found: ProgramFacts) -> dict[str, Any] | None:
    """What is promised of the budget within its days, in minor units; None where there is none."""
    from wordmouth.rewards import queries as rewards

    budget = found.version.document.limits.budget
    if budget is None:
        return None
    return {
        "used": rewards.budget_used(found),
        "amount": budget.amount,
        "days": budget.days,
        "currency": found.version.document.currency,
    }


def _share(budget: dict[str, Any] | None) -> str:
    return f"{budget['used'] * 100 // budget['amount']}%" if budget else "-"


def _tell_standing(found: ProgramFacts, last: Move | None, budget: dict[str, Any] | None) -> None:
    """Beside the document, what it does not say: whether the programme takes nobody now, and why,
    and what is used of its budget."""
    if found.intake == "stopped":
        who = f" by {last.by} on {last.at:%Y-%m-%d %H:%M} UTC" if last and last.by else ""
        output.note(f"The programme was stopped{who}: {found.stop_reason}")
    if budget is not None:
        used, amount = (format_money(budget[key], budget["currency"]) for key in ("used", "amount"))
        full = ": nobody new can claim until there is room again" if found.intake == "full" else ""
        output.note(f"Of the budget {used} of {amount} are promised ({_share(budget)}){full}.")


class Written:
    """A file with a document. Inside of it, whatever is wrong with the document, found in the
    text or in the store, is refused with every problem as `file:line: what is wrong`."""

    def __init__(self, file: Path) -> None:
        with click.open_file(str(file), "rb") as opened:
            self.text: bytes = opened.read()
        self.name = "standard input" if str(file) == "-" else str(file)
        self.is_json = file.suffix.lower() == ".json"

    def document(self) -> ProgramDocument:
        """The document in the file."""
        from wordmouth.programs.parse import parse_json, parse_toml

        return parse_json(self.text) if self.is_json else parse_toml(self.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from wordmouth.programs.errors import ProgramInvalid
        from wordmouth.programs.parse import on_lines

        if isinstance(error, ProgramInvalid):
            problems = error.problems if self.is_json else on_lines(error.problems, self.text)
            raise Refused("\n".join(map(self._told, problems))) from error

    def _told(self, problem: Problem) -> str:
        place = f"{self.name}:{problem.line}" if problem.line is not None else self.name
        path = f"{problem.path}: " if problem.path else ""
        allowed = f"; allowed: {', '.join(problem.allowed)}" if problem.allowed else ""
        return f"{place}: {path}{problem.message}{allowed}"


def _planned(store: StoreFacts, document: ProgramDocument) -> Plan:
    from wordmouth.programs import queries
    from wordmouth.stores.transactions import store_read

    with store_read(store.id):
        return queries.plan(document)


def _show_plan(plan: Plan, as_json: bool) -> None:
    if as_json:
        output.print_json(plan)
        return
    for change in plan.changes:
        click.echo(f"* {change.sentence}")
    click.echo(plan.consequence)
    for each in plan.notes:
        output.note(f"Note: {each}")
