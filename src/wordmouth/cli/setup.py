"""`init`: from an empty folder to a store with its first key and login."""

from __future__ import annotations

import sys

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, WebAddress
from wordmouth.cli.project import Project
from wordmouth.cli.stores import check_adapter, created_facts, new_login, show_created
from wordmouth.stores.facts import StoreFacts


@click.command(epilog="Example: wordmouth init --name 'Tea House' --currency EUR --user ana")
@click.option("--name", help="Name of the first store; asked for at a terminal.")
@click.option("--adapter", default="generic", show_default=True, help="How the shop is connected.")
@click.option("--currency", default="EUR", show_default=True, help="Currency code (ISO 4217).")
@click.option("--shop-url", type=WebAddress(), default="", help="Where friends go to buy.")
@click.option("--coupon-url", type=WebAddress(), default="", help="Where the shop makes coupons.")
@click.option("--user", default="owner", show_default=True, help="Login name for the desk.")
@JSON
@click.pass_obj
def init(
    project: Project,
    name: str | None,
    adapter: str,
    currency: str,
    shop_url: str,
    coupon_url: str,
    user: str,
    as_json: bool,
) -> None:
    """Make the data folder, the database, the first store and a login for its desk.

    The password, the API key and the webhook secret are shown this once. Where there is a store
    already, nothing is made.
    """
    project.load()
    from wordmouth.stores import queries, services

    stores = queries.list_stores()
    if stores:
        known = ", ".join(store.slug for store in stores)
        output.note(f"This installation is set up; it has the store {known}. Nothing was changed.")
        if as_json:
            output.print_json({"store": stores[0], "created": False})
        return
    check_adapter(project, adapter)
    created = services.create_store(
        name or _asked(),
        adapter=adapter,
        currency=currency.upper(),
        shop_url=shop_url,
        coupon_url=coupon_url,
    )
    password = new_login(created.store.id, user)
    login = {"created": True, "user": user, "password": password}
    show_created(login | created_facts(created, adapter), as_json)
    if not as_json:
        output.note(_next_steps(created.store, password is None))


def _asked() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("Say the store's name with --name.")
    name: str = click.prompt("Name of your store")
    return name


def _next_steps(store: StoreFacts, old_user: bool) -> str:
    kept = "The user existed already and keeps its password. " if old_user else ""
    return (
        f"{kept}Next:\n"
        f"  wordmouth program apply FILE --store {store.slug}     what you offer\n"
        f"  wordmouth import orders FILE --store {store.slug}     so that customers are known\n"
        "  wordmouth serve                                answer requests\n"
        "  wordmouth doctor                               what is still missing"
    )
