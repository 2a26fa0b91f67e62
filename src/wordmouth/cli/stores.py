"""`store create|list|show|update|key|secret|login|connect`: tenants, their keys, connections and
accounts."""

from __future__ import annotations

import secrets
from typing import Any

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, WebAddress, chosen_store
from wordmouth.cli.connecting import connect
from wordmouth.cli.disconnecting import disconnect
from wordmouth.cli.one_click import one_click
from wordmouth.cli.privacy import privacy
from wordmouth.cli.project import Project
from wordmouth.kit.errors import Invalid
from wordmouth.stores.facts import Created, StoreFacts

SHOP_KINDS = ("percent_off", "amount_off", "free_shipping", "free_product", "early_access")
"""What a shop can be asked to make."""


@click.group(epilog="Example: wordmouth store create 'Tea House' --currency EUR")
def store() -> None:
    """Open stores and hand out their keys."""


@store.command(
    epilog="Example: wordmouth store create 'Tea House' --currency EUR "
    "--shop-url https://tea.example/ --coupon-url https://tea.example/wordmouth/coupons"
)
@click.argument("name")
@click.option("--adapter", default="generic", show_default=True, help="How the shop is connected.")
@click.option("--currency", default="EUR", show_default=True, help="Currency code (ISO 4217).")
@click.option("--slug", help="The store's name in addresses; made from NAME where not given.")
@click.option("--shop-url", type=WebAddress(), default="", help="Where friends go to buy.")
@click.option("--coupon-url", type=WebAddress(), default="", help="Where the shop makes coupons.")
@click.option("--locale", default="en", show_default=True, help="Language of pages and mails.")
@JSON
@click.pass_obj
def create(
    project: Project,
    name: str,
    adapter: str,
    currency: str,
    slug: str | None,
    shop_url: str,
    coupon_url: str,
    locale: str,
    as_json: bool,
) -> None:
    """Open a store called NAME, with an API key and a shop connection.

    The key and the secret are shown this once: only the hash of the key is kept.
    """
    project.load()
    from wordmouth.stores import services

    check_adapter(project, adapter)
    created = services.create_store(
        name,
        adapter=adapter,
        currency=currency.upper(),
        slug=slug,
        shop_url=shop_url,
        locale=locale,
        coupon_url=coupon_url,
    )
    show_created(created_facts(created, adapter), as_json)


@store.command("list", epilog="Example: wordmouth store list --json")
@JSON
@click.pass_obj
def list_(project: Project, as_json: bool) -> None:
    """List the stores of this installation."""
    project.load()
    from wordmouth.stores import queries

    stores = queries.list_stores()
    if as_json:
        output.print_json(stores)
    elif not stores:
        output.note("There is no store yet; make one: wordmouth store create NAME")
    else:
        rows = [(each.slug, each.id, each.currency, each.name) for each in stores]
        output.print_table([("SLUG", "ID", "CURRENCY", "NAME"), *rows])


@store.command(epilog="Example: wordmouth store show tea-house")
@click.argument("store", metavar="STORE")
@JSON
@click.pass_obj
def show(project: Project, store: str, as_json: bool) -> None:
    """Show a store, by slug or id, with its connections, accounts and addresses; no secrets."""
    project.load()
    from wordmouth.stores import queries

    found = chosen_store(store)
    connections = queries.connections(found.id)
    adapters = [each.adapter for each in connections] or ["generic"]
    urls = urls_of(found, adapters[0])
    accounts = queries.accounts(found.id)
    if as_json:
        known = [
            {"adapter": each.adapter, "coupon_url": each.coupon_url, "secrets": len(each.secrets)}
            for each in connections
        ]
        others = [
            {"service": each.adapter, "serves": each.serves, "options": each.options}
            for each in accounts
        ]
        output.print_json({"store": found, "connections": known, "accounts": others, "urls": urls})
        return
    rows = [(name, getattr(found, name)) for name in ("id", "slug", "name", "currency", "locale")]
    rows += [("shop", found.shop_url or "not set")]
    for each in connections:
        rows += [(f"coupons ({each.adapter})", each.coupon_url or "not set")]
    for each in accounts:
        taken = ", ".join(f"{name} {value}" for name, value in sorted(each.options.items()))
        rows += [(f"{each.serves} ({each.adapter})", taken or "connected")]
    output.print_table([*rows, *urls.items()])


@store.command(
    epilog="Example: wordmouth store update tea-house --coupon-url https://tea.example/coupons"
)
@click.argument("store", metavar="STORE")
@click.option("--name", help="What the store is called.")
@click.option("--shop-url", type=WebAddress(), help="Where friends go to buy.")
@click.option("--coupon-url", type=WebAddress(), help="Where the shop makes coupons.")
@click.option("--adapter", default="generic", show_default=True, help="Which connection is meant.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["all", *SHOP_KINDS]),
    help="What the shop makes, where that is not all; may be repeated.",
)
@click.option("--locale", help="Language of pages and mails.")
@click.option("--host", help="Host name under which unknown links lead to this store.")
@click.option(
    "--lands-on",
    type=click.Choice(["friend_page", "shop"]),
    help="Where a referral link leads.",
)
@click.pass_obj
def update(
    project: Project,
    /,
    store: str,
    coupon_url: str | None,
    adapter: str,
    kinds: tuple[str, ...],
    **changes: str | None,
) -> None:
    """Change what is given of a store; the rest stays."""
    project.load()
    from wordmouth.stores import services

    found = chosen_store(store)
    given = {name: value for name, value in changes.items() if value is not None}
    if not given and coupon_url is None and not kinds:
        raise click.UsageError("Say what to change, such as --shop-url.")
    if coupon_url is not None:
        services.update_connection(found.id, adapter, coupon_url=coupon_url)
    if kinds:
        made = None if "all" in kinds else sorted(set(kinds))
        services.update_connection(found.id, adapter, options={"kinds": made})
    if given:
        services.update_store(found.id, **given)
    output.note(f"{found.slug} is changed.")


@store.command(epilog="Example: wordmouth store key tea-house --name 'till 2' --mode live")
@click.argument("store", metavar="STORE")
@click.option("--name", default="command line", show_default=True, help="What the key is for.")
@click.option(
    "--mode",
    type=click.Choice(["live", "test"]),
    default="live",
    show_default=True,
    help="Whether the key begins wm_live_ or wm_test_.",
)
@JSON
@click.pass_obj
def key(project: Project, store: str, name: str, mode: str, as_json: bool) -> None:
    """Make another API key for a store; it is shown this once."""
    project.load()
    from wordmouth.stores import services

    token = services.new_api_key(chosen_store(store).id, name, mode)
    if as_json:
        output.print_json({"api_key": token, "name": name, "mode": mode})
    else:
        click.echo(token)


@store.command(epilog="Example: wordmouth store secret tea-house --adapter generic")
@click.argument("store", metavar="STORE")
@click.option("--adapter", default="generic", show_default=True, help="Which connection.")
@JSON
@click.pass_obj
def secret(project: Project, store: str, adapter: str, as_json: bool) -> None:
    """Rotate the webhook secret of a store's connection.

    The new secret and the one before it both open the door, so that the shop can change over; what
    the engine sends is signed with the new one.
    """
    project.load()
    from wordmouth.kit.signing import new_secret
    from wordmouth.stores import services

    made = new_secret()
    services.update_connection(chosen_store(store).id, adapter, add_secret=made)
    if as_json:
        output.print_json({"webhook_secret": made, "adapter": adapter})
    else:
        click.echo(made)


@store.command(epilog="Example: wordmouth store login tea-house --user ana")
@click.argument("store", metavar="STORE")
@click.option("--user", default="owner", show_default=True, help="The name to sign in with.")
@JSON
@click.pass_obj
def login(project: Project, store: str, user: str, as_json: bool) -> None:
    """Let somebody into the store's desk.

    Prints a new password, this once. A user who is there already keeps theirs and may open this
    store beside the others.
    """
    project.load()
    password = new_login(chosen_store(store).id, user)
    if as_json:
        output.print_json({"user": user, "password": password})
    elif password is None:
        output.note(f"{user} may open this store's desk too, with the password they have.")
    else:
        click.echo(password)


def new_login(store_id: str, user: str) -> str | None:
    """The new password; None where that user exists already and keeps theirs."""
    from django.contrib.auth import get_user_model

    from wordmouth.stores import services

    known = get_user_model().objects.filter(username=user).exists()
    password = secrets.token_urlsafe(12)
    services.add_member(store_id, user, password)
    return None if known else password


def created_facts(created: Created, adapter: str) -> dict[str, Any]:
    """What is printed of a new store; the only time its secrets are seen."""
    return {
        "store": created.store,
        "api_key": created.api_key,
        "webhook_secret": created.webhook_secret,
        "urls": urls_of(created.store, adapter),
    }


def show_created(facts: dict[str, Any], as_json: bool) -> None:
    """Print a new store with its secrets."""
    if as_json:
        output.print_json(facts)
        return
    store: StoreFacts = facts["store"]
    shown = [
        (name.replace("_", " "), value)
        for name, value in facts.items()
        if isinstance(value, str) and value
    ]
    named = [("store", store.id), ("slug", store.slug)]
    output.print_table([*named, *shown, *facts["urls"].items()])
    output.note("What is secret here is not shown again.")


def check_adapter(project: Project, adapter: str) -> None:
    """Raise Invalid for an adapter that this version does not have."""
    allowed = project.adapters()
    if adapter not in allowed:
        raise Invalid(f"There is no adapter {adapter!r}; there are {', '.join(allowed)}.")


def urls_of(store: StoreFacts, adapter: str) -> dict[str, Any]:
    """The addresses that belong to a store."""
    from django.conf import settings

    from wordmouth.stores import addresses

    site: str = settings.SITE_URL
    return {
        "deliveries": f"{site}/in/{store.id}/{adapter}",
        "landing": addresses.landing(store.slug),
        "portal": addresses.portal(store.slug),
        "api": f"{site}/api/v1",
        "widget": f"{site}/widget.js",
        "desk": f"{site}/desk",
    }


store.add_command(connect)
store.add_command(disconnect)
store.add_command(one_click)
store.add_command(privacy)
