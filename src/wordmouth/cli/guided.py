"""`connect`: a person is led through connecting a store's shop, until its history was read."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from wordmouth.cli import output
from wordmouth.cli.choosing import STORE, chosen_store
from wordmouth.cli.project import Project
from wordmouth.kit.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from wordmouth.integrations.accounts import ShopProvider
    from wordmouth.integrations.shops import Asked, Condition
    from wordmouth.stores.facts import StoreFacts

EVERY = 1.0
"""So many seconds lie between two looks at how far it was read."""
PATIENCE = 30
"""After so many looks at which nothing had moved it is said who does the work."""


@click.command("connect", epilog="Example: wordmouth connect woocommerce --store tea-house")
@click.argument("shop", metavar="SHOP", required=False)
@STORE
@click.pass_obj
def guided(project: Project, shop: str | None, store: str | None) -> None:
    """Connect a store with its SHOP, step by step.

    Asks where the shop is and what opens it, tries that out, and shows how its history is read.
    Nothing is kept before the shop has let us in. Ctrl-C ends the watching, and not the reading.
    """
    project.load()
    found = chosen_store(store)
    there = sorted({*project.adapters(), *project.shops()})
    name = shop or click.prompt("Which shop", type=click.Choice(there), err=True)
    if name not in there:
        raise Invalid(f"There is no shop {name!r}; there are {', '.join(there)}.")
    provider = project.shops().get(name)
    if provider is None:
        _by_plugin(found, name)
        return
    _until_it_opens(found, provider)
    try:
        _watch(found, name)
    except KeyboardInterrupt:
        output.note("\nIt is read on by `wordmouth serve`; the desk and the doctor say how far.")


def _by_plugin(store: StoreFacts, name: str) -> None:
    """What a plug-in, or a program of the merchant's, is told."""
    from wordmouth.stores import addresses, queries, services

    if queries.connection(store.id, name) is None:
        secret = services.add_shop(store.id, name)
    else:
        secret = f"unchanged; a new one: wordmouth store secret {store.slug} --adapter {name}"
    output.print_table(
        [
            ("store", store.id),
            ("deliveries", addresses.deliveries(store.id, name)),
            ("secret", secret),
        ]
    )
    output.note("Enter these in the shop. A secret is not shown again.")


def _until_it_opens(store: StoreFacts, provider: ShopProvider) -> None:
    """Ask until the shop has let us in. Raises Abort: then nothing was changed."""
    from wordmouth.integrations import shops
    from wordmouth.stores import queries

    known = queries.connection(store.id, provider.name)
    given: dict[str, str] = {"url": store.shop_url, **(known.options if known else {})}
    while True:
        told = {each.name: _answer(provider, each, given) for each in shops.asked(provider)}
        try:
            output.note(shops.connect(store.id, provider, told))
        except Invalid as error:
            output.note(f"{error.detail}\nNothing was changed.")
            click.confirm("Once more", default=True, abort=True, err=True)
            given |= {name: text for name, text in told.items() if text}
            continue
        output.note(f"{store.slug} is connected with {provider.title}.")
        return


def _answer(provider: ShopProvider, asked: Asked, given: Mapping[str, Any]) -> str:
    """What the person enters; what was known is offered again, but never a secret."""
    words = asked.words or asked.name.replace("_", " ")
    if not asked.required:
        words += " (or nothing)"
    known = "" if asked.secret else str(given.get(asked.name, ""))
    default = known if known or not asked.required else None
    answer = click.prompt(
        f"{provider.title}: {words}",
        default=default,
        hide_input=asked.secret,
        show_default=bool(known),
        err=True,
    )
    return str(answer).strip()


def _watch(store: StoreFacts, adapter: str) -> None:
    """Say how far the shop was read, until all of it was."""
    before, still = "", 0
    while True:
        found = _condition(store, adapter)
        told = ", ".join(f"{one.taken} {one.what.lower()}" for one in found.progress)
        still = still + 1 if told == before else 0
        if told != before:
            _show(f"Read so far: {told}")
        if still == PATIENCE:
            output.note("\nNothing moves. The work is done by `wordmouth serve`; does it run?")
        if not found.reading:
            break
        before = told
        time.sleep(EVERY)
    output.note("\nAll of it was read, and it is kept up to date from now on.")
    for sign in found.signs:
        if sign.state != "ok":
            output.note(f"{sign.text} {sign.mend}".strip())


def _condition(store: StoreFacts, adapter: str) -> Condition:
    from wordmouth.integrations import shops

    def moment(at: datetime) -> str:
        return f"{at:%Y-%m-%d %H:%M} UTC"

    return shops.look(store.id, adapter, makes_coupons=False, moment=moment)


def _show(text: str) -> None:
    """One line that is written over at a terminal, and a line for each change elsewhere."""
    over = sys.stderr.isatty()
    click.echo(f"\r{text}\x1b[K" if over else text, nl=not over, err=True)
