"""`payout export|send|answer|rule`: money goes, and what comes back is told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import BinaryIO

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.output import Refused
from wordmouth.cli.payout.choosing import BATCH, SHELL, USER, signed
from wordmouth.cli.payout.printing import show_batch
from wordmouth.cli.project import Project


@click.command(epilog="Example: wordmouth payout export BATCH --store tea-house > batch.xml")
@BATCH
@click.option("-o", "--output", "to", type=click.File("wb"), default="-", help="Where to write it.")
@STORE
@click.pass_obj
def export(project: Project, batch: str, to: BinaryIO, store: str | None) -> None:
    """Write the file of an approved BATCH for the bank; from then on it counts as sent.

    Asked for again, it is the same file, byte for byte.
    """
    project.load()
    from wordmouth.payouts import services

    sheet = services.export(chosen_store(store).id, batch, by=SHELL)
    to.write(sheet.content)
    output.note(f"{sheet.name}: once the bank has carried it out, tell it with payout answer.")


@click.command(epilog="Example: wordmouth payout send BATCH --store tea-house")
@BATCH
@STORE
@JSON
@click.pass_obj
def send(project: Project, batch: str, store: str | None, as_json: bool) -> None:
    """Have an approved BATCH carried out by PayPal or Stripe, in the background."""
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with store_write(chosen.id):
        found = services.send(chosen.id, batch, by=SHELL)
    show_batch(found, as_json)


@click.command(epilog="Example: wordmouth payout answer answers.csv --store tea-house")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@STORE
@JSON
@click.pass_obj
def answer(project: Project, file: Path, store: str | None, as_json: bool) -> None:
    """Take what the bank says of payouts from FILE, a table (CSV).

    Its columns are end_to_end_id, state (settled, returned or refused) and, if wanted, reason.
    What was told before changes nothing, so the same file may be taken again.
    """
    project.load()
    from wordmouth.payouts import services
    from wordmouth.payouts.errors import BadAnswers
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with click.open_file(str(file), "rb") as opened:
        content = opened.read()
    try:
        with store_write(chosen.id):
            heard = services.answer_table(chosen.id, content, by=SHELL)
    except BadAnswers as error:
        name = "standard input" if str(file) == "-" else str(file)
        raise Refused(
            "\n".join(f"{name}:{line}: {text}" for line, text in error.problems)
        ) from error
    if as_json:
        output.print_json(heard)
        return
    news = Counter(one.state for one in heard if one.news)
    told = ", ".join(f"{count} {state}" for state, count in sorted(news.items()))
    click.echo(f"{len(heard)} answers read; new: {told or 'none'}.")
    for one in heard:
        if one.disputed:
            output.note(f"{one.payout_id}: the answers contradict each other; see payout rule.")


@click.command(epilog="Example: wordmouth payout rule PAYOUT returned --reason 'seen at the bank'")
@click.argument("payout", metavar="PAYOUT")
@click.argument("state", type=click.Choice(["settled", "returned", "refused"]))
@click.option("--reason", required=True, help="How you found out; it is kept.")
@USER
@STORE
@JSON
@click.pass_obj
def rule(
    project: Project,
    payout: str,
    state: str,
    reason: str,
    user: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Say what became of a PAYOUT that is in doubt, having looked at the bank.

    In doubt are payouts of which nobody knows, and those whose answers contradict each other.
    """
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    who = signed(chosen.id, user)
    with store_write(chosen.id):
        found = services.rule(chosen.id, payout, state, reason, by=who)
    if as_json:
        output.print_json(found)
    else:
        output.note(f"{found.id} is {found.state}.")
