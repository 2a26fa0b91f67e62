"""`payout preview|make|list|show|approve|cancel`: batches before they are sent."""

from __future__ import annotations

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.payout.choosing import BATCH, SHELL, USER, signed
from wordmouth.cli.payout.printing import (
    show_batch,
    show_batches,
    show_payouts,
    show_preview,
)
from wordmouth.cli.project import Project

RAIL = click.option(
    "--rail",
    type=click.Choice(["sepa", "csv", "paypal", "stripe"]),
    default="sepa",
    show_default=True,
    help="How it is paid: a file for your bank, a table for any, or a payment service.",
)
CURRENCY = click.option("--currency", help="Which cash; the store's currency if not given.")


@click.command(epilog="Example: wordmouth payout preview --rail sepa --store tea-house")
@RAIL
@CURRENCY
@STORE
@JSON
@click.pass_obj
def preview(
    project: Project, rail: str, currency: str | None, store: str | None, as_json: bool
) -> None:
    """Show who would be paid what by a batch made now, and who would not and why.

    Nothing is written.
    """
    project.load()
    from wordmouth.payouts import collecting, reports
    from wordmouth.stores.transactions import store_read

    chosen = chosen_store(store)
    with store_read(chosen.id):
        found = collecting.preview(chosen.id, rail, currency)
        people = reports.names(line.advocate_id for line in found.paid)
    if as_json:
        output.print_json(found)
    else:
        show_preview(found, people)


@click.command(epilog="Example: wordmouth payout make --rail sepa --user ana --store tea-house")
@RAIL
@CURRENCY
@USER
@STORE
@JSON
@click.pass_obj
def make(
    project: Project,
    rail: str,
    currency: str | None,
    user: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Collect everybody who can be paid into a batch, and reserve their cash.

    Without --user nobody stands behind it: a batch that needs a second person then needs the
    approval of two users.
    """
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    who = signed(chosen.id, user)
    with store_write(chosen.id):
        made = services.make(chosen.id, rail, currency, by=who)
    show_batch(made, as_json)


@click.command("list", epilog="Example: wordmouth payout list --store tea-house --json")
@STORE
@JSON
@click.pass_obj
def list_(project: Project, store: str | None, as_json: bool) -> None:
    """List the newest batches."""
    project.load()
    from wordmouth.payouts import queries
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        found = queries.batches()
    if as_json:
        output.print_json(found)
    elif not found:
        output.note("There is no batch yet; see who can be paid: wordmouth payout preview")
    else:
        show_batches(found)


@click.command(epilog="Example: wordmouth payout show bat_01kaprq6y3e7t8zsf9m5v1nd4w")
@BATCH
@STORE
@JSON
@click.pass_obj
def show(project: Project, batch: str, store: str | None, as_json: bool) -> None:
    """Show a batch: who made and approved it, and how each of its payouts stands."""
    project.load()
    from wordmouth.payouts import queries, reports
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        found = queries.batch(batch)
        payouts = queries.page(batch_id=batch, limit=found.count)
        people = reports.names(one.advocate_id for one in payouts)
    if as_json:
        output.print_json({"batch": found, "payouts": payouts})
        return
    show_batch(found, as_json=False)
    show_payouts(payouts, people)


@click.command(epilog="Example: wordmouth payout approve BATCH --user berit --store tea-house")
@BATCH
@USER
@STORE
@JSON
@click.pass_obj
def approve(
    project: Project, batch: str, user: str | None, store: str | None, as_json: bool
) -> None:
    """Approve a BATCH, so that it can be sent.

    One that needs a second person is approved by users who sign in, and not by its maker alone.
    """
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    who = signed(chosen.id, user)
    with store_write(chosen.id):
        found = services.approve(chosen.id, batch, by=who)
    show_batch(found, as_json)


@click.command(epilog="Example: wordmouth payout cancel BATCH --store tea-house")
@BATCH
@STORE
@JSON
@click.pass_obj
def cancel(project: Project, batch: str, store: str | None, as_json: bool) -> None:
    """Cancel a BATCH that was not sent; the cash is the advocates' again."""
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with store_write(chosen.id):
        found = services.cancel(chosen.id, batch, by=SHELL)
    show_batch(found, as_json)
