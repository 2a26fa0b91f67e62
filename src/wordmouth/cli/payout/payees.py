"""`payout account|payees|forget|clear-tax|year`: who is paid, from where, and how much a year."""

from __future__ import annotations

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, STORE, chosen_store
from wordmouth.cli.payout.choosing import SHELL
from wordmouth.cli.project import Project
from wordmouth.kit.money import format_money


@click.command(
    epilog="Example: wordmouth payout account tea-house --name 'Tea House' "
    "--iban 'DE89 3704 0044 0532 0130 00'"
)
@click.argument("store", metavar="STORE")
@click.option("--name", help="The account's holder, as the bank has it.")
@click.option("--iban", help="The account.")
@click.option("--bic", default="", help="The bank, where it wants to be named.")
@click.option(
    "--form",
    type=click.Choice(["pain.001.001.09", "pain.001.001.03"]),
    help="Which message the bank takes; the first if not given.",
)
@JSON
@click.pass_obj
def account(
    project: Project,
    store: str,
    name: str | None,
    iban: str | None,
    bic: str,
    form: str | None,
    as_json: bool,
) -> None:
    """Say which account a STORE pays from, for SEPA files; without options, show it.

    It is checked, kept encrypted and shown masked.
    """
    project.load()
    from wordmouth.payouts import queries, services
    from wordmouth.stores.transactions import store_read, store_write

    chosen = chosen_store(store)
    if name or iban:
        with store_write(chosen.id):
            services.set_paying_account(
                chosen.id, name=name or "", iban=iban or "", bic=bic, form=form or "", by=SHELL
            )
    with store_read(chosen.id):
        found = queries.paying_account()
    if as_json:
        output.print_json(found)
    elif found is None:
        output.note("No account to pay from is set; give --name and --iban.")
    else:
        output.print_table([("name", found.name), ("iban", found.hint), ("form", found.form)])


@click.command(epilog="Example: wordmouth payout payees --store tea-house --json")
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True,
              help="How many at most.")  # fmt: skip
@STORE
@JSON
@click.pass_obj
def payees(project: Project, limit: int, store: str | None, as_json: bool) -> None:
    """List where advocates are paid, masked."""
    project.load()
    from wordmouth.payouts import queries, reports
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        found = queries.payees_page(limit)
        people = reports.names(one.advocate_id for one in found)
    if as_json:
        output.print_json(found)
    elif not found:
        output.note("No advocate has said yet where to be paid.")
    else:
        rows = [(one.advocate_id, people[one.advocate_id], one.method, one.hint) for one in found]
        output.print_table([("ADVOCATE", "WHO", "METHOD", "TO"), *rows])


@click.command(epilog="Example: wordmouth payout forget adv_01kaprq6y3e7t8zsf9m5v1nd4w")
@click.argument("advocate", metavar="ADVOCATE")
@STORE
@click.pass_obj
def forget(project: Project, advocate: str, store: str | None) -> None:
    """Forget where an ADVOCATE is paid and was paid.

    What is under way is forgotten when it is over. The files of past batches that hold the account
    are removed with it.
    """
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with store_write(chosen.id):
        services.forget_payee(advocate)
    output.note("It is forgotten.")


@click.command(
    "clear-tax",
    epilog="Example: wordmouth payout clear-tax adv_01kaprq6y3e7t8zsf9m5v1nd4w --year 2026",
)
@click.argument("advocate", metavar="ADVOCATE")
@click.option("--year", type=int, required=True, help="The calendar year.")
@STORE
@click.pass_obj
def clear_tax(project: Project, advocate: str, year: int, store: str | None) -> None:
    """Note that the tax papers of an ADVOCATE's person for a year are there.

    From then on the programme's tax hold holds nothing of theirs back in that year.
    """
    project.load()
    from wordmouth.payouts import services
    from wordmouth.stores.transactions import store_write

    chosen = chosen_store(store)
    with store_write(chosen.id):
        services.note_papers(chosen.id, advocate, year, by=SHELL)
    output.note(f"Noted for {year}.")


@click.command(epilog="Example: wordmouth payout year 2026 --csv > paid-2026.csv")
@click.argument("year", type=click.IntRange(2000, 2200))
@click.option("--csv", "as_csv", is_flag=True, help="Print a table (CSV) with everybody's address.")
@STORE
@JSON
@click.pass_obj
def year(project: Project, year: int, as_csv: bool, store: str | None, as_json: bool) -> None:
    """Show what each person was paid in a calendar YEAR, over all their memberships."""
    project.load()
    from wordmouth.payouts import collecting, reports
    from wordmouth.people import queries as people
    from wordmouth.stores.transactions import store_read

    with store_read(chosen_store(store).id):
        totals = collecting.year_totals(year)
        known = people.persons(one.person_id for one in totals)
        table = reports.year_table(year)
    if as_csv:
        click.echo(table, nl=False)
    elif as_json:
        output.print_json(totals)
    elif not totals:
        output.note(f"Nobody was paid anything in {year}.")
    else:
        rows = [
            (
                known[one.person_id].email,
                format_money(one.settled, one.currency),
                format_money(one.under_way, one.currency),
                "noted" if one.papers else "",
            )
            for one in totals
        ]
        output.print_table([("WHO", "PAID", "UNDER WAY", "TAX PAPERS"), *rows])
