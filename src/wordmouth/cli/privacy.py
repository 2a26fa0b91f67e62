"""`store privacy`: what people asked about their data, and that it was done."""

from __future__ import annotations

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, chosen_store
from wordmouth.cli.project import Project


@click.command(epilog="Example: wordmouth store privacy tea-house")
@click.argument("store", metavar="STORE")
@click.option("--done", metavar="REQUEST", help="Somebody did what this request asks.")
@JSON
@click.pass_obj
def privacy(project: Project, store: str, done: str | None, as_json: bool) -> None:
    """List what people asked a store's shop about their data and what has yet to be done, or say
    that it is done."""
    project.load()
    from wordmouth.people import privacy as requests
    from wordmouth.people import services
    from wordmouth.stores.transactions import store_read, store_write

    found = chosen_store(store)
    if done is not None:
        with store_write(found.id):
            services.close_request(done)
        output.note(f"{done} is done.")
        return
    with store_read(found.id):
        waiting = requests.open_requests()
    if as_json:
        output.print_json(waiting)
    elif not waiting:
        output.note("Nothing is open.")
    else:
        rows = [
            (each.id, each.kind, each.customer, each.email, f"{each.due_at:%Y-%m-%d}")
            for each in waiting
        ]
        output.print_table([("REQUEST", "ASKS", "CUSTOMER", "EMAIL", "UNTIL"), *rows])
