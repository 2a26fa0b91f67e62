"""`program plan|apply|show|list`: programmes as files."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.output import Refused
from wordmouth.cli.project import Project
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.errors import Problem
from wordmouth.programs.facts import Plan
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
        document = queries.get_document(slug)
    click.echo(to_toml(document) if form == "toml" else to_json(document), nl=False)


@program.command("list", epilog="Example: wordmouth program list --store tea-house")
@STORE
@JSON
@click.pass_obj
def list_(project: Project, store: str | None, as_json: bool) -> None:
    """List a store's programmes, newest first."""
    project.load()
    from wordmouth.programs import queries
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        found = queries.list_programs()
    if as_json:
        rows = [
            {
                "id": each.id,
                "slug": each.slug,
                "name": each.name,
                "status": each.status,
                "version": each.version.number,
                "created_at": each.created_at,
            }
            for each in found
        ]
        output.print_json(rows)
    elif not found:
        output.note("There is no programme yet; make one: wordmouth program apply FILE")
    else:
        lines = [(each.slug, each.status, each.version.number, each.name) for each in found]
        output.print_table([("SLUG", "STATUS", "VERSION", "NAME"), *lines])


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
