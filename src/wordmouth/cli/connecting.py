"""`store connect`: a store's shop by its API, and its own accounts beside it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TextIO

import click
import msgspec

from wordmouth.cli import output
from wordmouth.cli.choosing import JSON, WebAddress, chosen_store
from wordmouth.cli.project import Project
from wordmouth.integrations.accounts import (
    Credential,
    Provider,
    ShopProvider,
    options_of,
    secrets_of,
)
from wordmouth.kit.errors import Invalid
from wordmouth.kit.signing import new_secret
from wordmouth.stores.facts import ConnectionFacts, StoreFacts

_LEAVE = "Nothing was changed. --no-check connects it without trying it out."


@click.command(
    epilog="Example: wordmouth store connect tea-house paypal --client-id AbC --secret-file paypal"
)
@click.argument("store", metavar="STORE")
@click.argument("service", metavar="SERVICE")
@click.option("--client-id", help="paypal, shopify: the client id of your app.")
@click.option("--campaign", help="tremendous: what the receiver may choose from.")
@click.option("--product", multiple=True, help="tremendous: a product to choose; may be repeated.")
@click.option("--funding-source", help="tremendous: what pays the cards; the balance if not given.")
@click.option(
    "--delivery",
    type=click.Choice(["email", "link"]),
    help="tremendous: it writes to the receiver, or gives a link for your own mail.",
)
@click.option(
    "--url",
    type=WebAddress(),
    help="custom: where your program listens; woocommerce, shopify, shift4shop, magento: "
    "the shop's address; bigcommerce: the API path of the account; saleor: the API's address.",
)
@click.option("--key", help="woocommerce: the consumer key.")
@click.option("--website", help="magento: the code of a website, where only that one is meant.")
@click.option("--sandbox", is_flag=True, help="paypal, tremendous: play money.")
@click.option("--api", type=WebAddress(), help="Another address than the service's own.")
@click.option(
    "--secret-file",
    type=click.File(),
    help="A file with the secret, - for the standard input; asked for where not given. Several: "
    "one in each line, or a JSON object.",
)
@click.option("--new-secret", is_flag=True, help="custom: make a secret and print it, this once.")
@click.option("--no-check", is_flag=True, help="Do not try the account out.")
@JSON
@click.pass_obj
def connect(
    project: Project,
    /,
    store: str,
    service: str,
    secret_file: TextIO | None,
    new_secret: bool,
    no_check: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Connect a store with its shop, or with its own account at a SERVICE.

    Services are woocommerce, shopify, bigcommerce, shift4shop, magento and saleor, shops that are
    read by their API; paypal and stripe, which pay people; tremendous, which makes gift cards; and
    custom, your own program for rewards. It is tried out first, and nothing is moved. The secret is
    kept encrypted and never shown; connecting again replaces everything.
    """
    project.load()
    from wordmouth.stores import services

    found = chosen_store(store)
    given = {name: value for name, value in options.items() if value}
    if shop := project.shops().get(service):
        facts = _with_shop(project, found, shop, given, secret_file, no_check=no_check)
        if as_json:
            output.print_json(facts)
        return
    provider = _provider(project, service)
    options_of(provider.options, given, provider.name)
    secret = _secret(provider, secret_file, fresh=new_secret)
    told = "" if no_check else _tried(provider, found.id, secret, given)
    services.connect(found.id, provider.name, [secret], given, serves=provider.serves)
    if told:
        output.note(told)
    if as_json:
        facts = {"service": provider.name, "serves": provider.serves, "options": given}
        output.print_json({**facts, **({"secret": secret} if new_secret else {})})
    elif new_secret:
        click.echo(secret)
    else:
        output.note(f"{found.slug} is connected with {provider.title}.")


def _provider(project: Project, service: str) -> Provider:
    known = project.providers()
    if service not in known:
        there = ", ".join(sorted({*known, *project.shops()}))
        raise Invalid(f"There is no service {service!r}; there are {there}.")
    return known[service]


def _with_shop(
    project: Project,
    store: StoreFacts,
    shop: ShopProvider,
    options: Mapping[str, Any],
    file: TextIO | None,
    *,
    no_check: bool,
) -> dict[str, Any]:
    """Connect a store with its shop and have the shop read; what is printed of it. Raises
    Invalid."""
    from wordmouth.stores import addresses, services

    options_of(shop.options, options, shop.name)
    secrets = secrets_of(shop.credentials, _secrets(shop, file), shop.title)
    if not no_check:
        try:
            output.note(shop.examine(options, secrets))
        except Invalid as error:
            raise Invalid(f"{error.detail}\n{_LEAVE}") from error
    services.connect_shop(
        store.id,
        shop.name,
        secrets,
        options,
        coupon_url=shop.coupon_address(options),
    )
    project.follow(store.id, shop.name)
    address = addresses.deliveries(store.id, shop.name)
    output.note(f"{store.slug} is connected with {shop.title}. Its history is read from now on,")
    output.note(f"and it is told to deliver to {address}")
    return {"service": shop.name, "serves": "shop", "options": options, "deliveries": address}


def _secrets(shop: ShopProvider, file: TextIO | None) -> dict[str, str]:
    """The secrets of a shop by name: asked for one by one, or out of a file that has them as a JSON
    object, or as lines in the order in which they would be asked for. Raises Invalid."""
    if file is None:
        if not _at_a_terminal():
            words = ", ".join(each.words for each in shop.credentials if not each.optional)
            raise click.UsageError(f"Give {words} with --secret-file.")
        return {each.name: _asked(shop.title, each) for each in shop.credentials}
    text = file.read().strip()
    if text.startswith("{"):
        try:
            return msgspec.json.decode(text, type=dict[str, str])
        except msgspec.DecodeError as error:
            raise Invalid(f"The secrets are not a JSON object of texts: {error}.") from error
    names = [each.name for each in shop.credentials]
    lines = text.splitlines()
    if len(lines) > len(names):
        takes = ", ".join(names)
        raise Invalid(f"{shop.title} takes one line each of {takes}; the file has {len(lines)}.")
    return dict(zip(names, lines, strict=False))


def _asked(title: str, secret: Credential) -> str:
    """One secret, typed unseen; an optional one may be passed over."""
    more = " (or nothing)" if secret.optional else ""
    default = "" if secret.optional else None
    words = f"{title}: {secret.words}{more}"
    return str(click.prompt(words, default=default, hide_input=True, show_default=False, err=True))


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _secret(provider: Provider, file: TextIO | None, *, fresh: bool) -> str:
    """The secret, from wherever it does not stay in a shell's history. Raises Invalid."""
    if fresh:
        return new_secret()
    if file is not None:
        secret = file.read().strip()
    elif _at_a_terminal():
        secret = click.prompt(f"{provider.title}: {provider.opened_by}", hide_input=True, err=True)
    else:
        raise click.UsageError(f"Give {provider.opened_by} with --secret-file.")
    if not secret or "\n" in secret:
        raise Invalid("The secret is one line that is not empty.")
    return str(secret)


def _tried(provider: Provider, store_id: str, secret: str, options: Mapping[str, Any]) -> str:
    """What trying the account out tells. Raises Invalid."""
    account = ConnectionFacts(
        id="",
        store_id=store_id,
        adapter=provider.name,
        secrets=(secret,),
        coupon_url="",
        options=dict(options),
        serves=provider.serves,
    )
    try:
        return provider.examine(account)
    except Invalid as error:
        raise Invalid(f"{error.detail}\n{_LEAVE}") from error
