"""Options that several commands share: which store, and JSON or words."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from wordmouth.kit.errors import NotFound
from wordmouth.stores.facts import StoreFacts

JSON = click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
STORE = click.option(
    "--store",
    metavar="SLUG",
    help="The store, by slug or id; may be left out where there is only one.",
)


class WebAddress(click.ParamType[str]):
    """An address that begins with http:// or https://."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address, or a usage error."""
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.netloc):
            self.fail(f"{value!r} is no web address; it begins with https:// or http://.", param)
        return value


def chosen_store(given: str | None) -> StoreFacts:
    """The store that was named; the only one where none was. Raises NotFound, UsageError."""
    from wordmouth.stores import queries

    stores = queries.list_stores()
    if given is None and len(stores) == 1:
        return stores[0]
    slugs = ", ".join(store.slug for store in stores[:20])
    if not stores:
        raise NotFound("There is no store yet; make one: wordmouth store create NAME")
    if given is None:
        raise click.UsageError(f"Which store? Say it with --store; there are {slugs}.")
    for store in stores:
        if given in (store.id, store.slug):
            return store
    raise NotFound(f"There is no store {given!r}; there are {slugs}.")
