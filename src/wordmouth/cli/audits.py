"""`verify` and `replay`: the proof of a store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.project import Project, Report


@click.command(epilog="Example: wordmouth verify --store tea-house")
@STORE
@click.option(
    "--head",
    metavar="SEQ:HASH",
    help="A head of the store's ledger, noted earlier, that must still lie on its chain.",
)
@JSON
@click.pass_obj
def verify(project: Project, store: str | None, head: str | None, as_json: bool) -> None:
    """Prove the ledger of all stores, or of one, and everything that refers to it.

    Exit status 1 where anything is not as it must be. Nothing is written.
    """
    project.load()
    if head is not None:
        # A head belongs to one store.
        store = chosen_store(store).id
    _prove(partial(project.verify, head=head), store, as_json, "checked")


@click.command(epilog="Example: wordmouth replay --store tea-house --json")
@STORE
@JSON
@click.pass_obj
def replay(project: Project, store: str | None, as_json: bool) -> None:
    """Decide all stores, or one, anew from the stored facts and compare.

    Exit status 1 where referrals, rewards or balances would differ. Nothing is written.
    """
    project.load()
    _prove(project.replay, store, as_json, "decided anew")


def _prove(prove: Callable[[str], Report], given: str | None, as_json: bool, done: str) -> None:
    from wordmouth.stores import queries

    stores = queries.list_stores() if given is None else [chosen_store(given)]
    reports: list[tuple[str, Report]] = []
    with output.progress("stores", len(stores)) as bar:
        for number, store in enumerate(stores, 1):
            reports.append((store.slug, prove(store.id)))
            bar.to(number)
    if as_json:
        output.print_json([{"store": slug, "report": report} for slug, report in reports])
    else:
        for slug, report in reports:
            _tell(slug, report, done)
    if any(report.findings for _, report in reports):
        raise click.exceptions.Exit(1)


def _tell(slug: str, report: Report, done: str) -> None:
    found = len(report.findings)
    outcome = "all is as it must be"
    if found:
        outcome = f"{found} {'thing is' if found == 1 else 'things are'} not as it must be"
    click.echo(
        f"{slug}: {report.referrals} referrals, {report.rewards} rewards and "
        f"{report.postings} postings {done}: {outcome}."
    )
    for finding in report.findings:
        click.echo(f"  {finding.where}: {finding.what}")
