"""`store disconnect`: a store lets go of its shop, or of an account beside it."""

from __future__ import annotations

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import chosen_store
from wordmouth.cli.project import Project

_SHOP = """What the shop sends from then on is refused. Orders, people, referrals and rewards stay,
and coupons that were made stay in the shop. Webhooks and keys in the shop are yours to delete."""


@click.command(epilog="Example: wordmouth store disconnect tea-house paypal")
@click.argument("store", metavar="STORE")
@click.argument("service", metavar="SERVICE")
@click.option("--yes", is_flag=True, help="Do not ask; for a shop.")
@click.pass_obj
def disconnect(project: Project, store: str, service: str, yes: bool) -> None:
    """Forget a store's shop, or its account at a SERVICE, with all secrets.

    A shop is asked nothing more, and what it sends is refused; what it told stays. What is under
    way at an account can no longer be looked at: wait until payouts are settled.
    """
    project.load()
    from wordmouth.integrations import shops
    from wordmouth.stores import queries, services

    found = chosen_store(store)
    if queries.connection(found.id, service) is None:
        services.disconnect(found.id, service)
    else:
        if not yes:
            output.note(_SHOP)
            click.confirm(f"Disconnect {service} from {found.slug}", abort=True, err=True)
        shops.disconnect(found.id, service)
    output.note("It is disconnected.")
