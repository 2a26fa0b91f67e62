"""`store one-click`: the page of a WooCommerce shop at which its merchant connects the store."""

from __future__ import annotations

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, WebAddress, chosen_store
from wordmouth.cli.project import Project
from wordmouth.kit.errors import Invalid


@click.command("one-click", epilog="Example: wordmouth store one-click tea-house")
@click.argument("store", metavar="STORE")
@click.option(
    "--url", type=WebAddress(), help="The address of the WooCommerce shop; the store's own if not."
)
@JSON
@click.pass_obj
def one_click(project: Project, store: str, url: str | None, as_json: bool) -> None:
    """Print the page at which a WooCommerce shop connects the store by one click.

    Open it in a browser as somebody who manages the shop. The shop makes a key, hands it over and
    leads to the desk. The page is good for an hour, and once.
    """
    project.load()
    from wordmouth.integrations.woocommerce.authorize import one_click_address
    from wordmouth.stores import addresses

    found = chosen_store(store)
    shop = url or found.shop_url
    if not shop:
        raise Invalid("The store does not say where its shop is; say it with --url.")
    page = one_click_address(found.id, shop, addresses.desk(found.slug))
    if as_json:
        output.print_json({"store": found.id, "shop": shop, "page": page})
        return
    click.echo(page)
    output.note("Open it in a browser, within an hour, as somebody who manages the shop.")
