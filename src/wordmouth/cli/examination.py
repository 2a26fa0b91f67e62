"""`doctor`: what is broken, and how to mend it."""

from __future__ import annotations

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON
from wordmouth.cli.project import Check, Project

SIGNS = {"ok": "ok      ", "warning": "warning ", "broken": "BROKEN  "}


@click.command(epilog="Example: wordmouth doctor --json")
@click.option(
    "--mend",
    is_flag=True,
    help="Have shops in which something is wrong looked at now, and mended where that is possible.",
)
@JSON
@click.pass_obj
def doctor(project: Project, mend: bool, as_json: bool) -> None:
    """Look for what is broken, and say how to mend it. Without --mend nothing is changed.

    Exit status 1 where something is broken; warnings do not count.
    """
    checks = project.examine()
    if as_json:
        output.print_json(checks)
    else:
        for check in checks:
            _tell(check)
    if mend:
        project.load()
        for text in project.mend() or ["No shop needs to be looked at."]:
            output.note(text)
    if any(check.state == "broken" for check in checks):
        raise click.exceptions.Exit(1)


def _tell(check: Check) -> None:
    click.echo(f"{SIGNS[check.state]}{check.name}: {check.text}")
    if check.mend and check.state != "ok":
        click.echo(f"{' ' * 8}{check.mend}")
