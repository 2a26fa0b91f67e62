"""Where a referral link leads: looked up in the database, for the click door's cache."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from wordmouth.advocates import queries as advocates
from wordmouth.programs import queries as programs
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read

DEFAULT_ATTRIBUTION_DAYS = 90
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\<>\"'`]")


class Link(msgspec.Struct, frozen=True):
    """An advocate's link. `destination` is a complete address: the shop's (`to_shop`) or else
    the friend page's."""

    store_id: str
    advocate_id: str
    code: str
    destination: str
    to_shop: bool
    cookie: str
    attribution_seconds: int


def find_link(code: str, site: str) -> Link | None:
    """The link of a canonical code; None when no advocate has it. Needs no scope."""
    found = advocates.by_code(code)
    if found is None:
        return None
    store_id, advocate = found
    store = stores.store(store_id)
    with store_read(store_id):
        program = programs.programs([advocate.program_id]).get(advocate.program_id)
    days = program.version.document.attribution_days if program else DEFAULT_ATTRIBUTION_DAYS
    shop = safe_address(store.shop_url) if store.lands_on == "shop" else ""
    return Link(
        store_id=store_id,
        advocate_id=advocate.id,
        code=code,
        destination=shop or f"{site}/s/{store.slug}/from/{code}",
        to_shop=bool(shop),
        cookie=f"wm_{store.slug}",
        attribution_seconds=days * 86_400,
    )


def find_home(host: str, site: str) -> str | None:
    """The home of the store that answers under this host name, if one does. Needs no scope."""
    store = stores.store_by_host(host)
    return home_of(store, site) if store else None


def home_of(store: StoreFacts, site: str) -> str:
    """The store's own front page: its shop, or its landing page here."""
    return safe_address(store.shop_url) or f"{site}/s/{store.slug}"


def safe_address(url: str) -> str:
    """A shop's stored address when it can stand in a Location header, otherwise nothing."""
    if _UNSAFE.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    return url


def with_parameter(url: str, name: str, value: str) -> str:
    """The address with one more query parameter; `value` needs no escaping."""
    address, mark, fragment = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{name}={value}{mark}{fragment}"
