"""Where referral links lead: looked up in the database, for the click door's cache."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from wordmouth.stores import queries as stores
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.prepared import answer
from wordmouth.stores.sets import SetReader, read_set

DEFAULT_ATTRIBUTION_DAYS = 90
_MOST_PLACES = 4096
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\<>\"'`]")

# The version joined, PostgreSQL reads those of all stores for the few that are asked for.
_LINKS = """
SELECT c.code, a.id, c.store_id, a.program_id,
    (SELECT n.number FROM stores_storeversion n WHERE n.store_id = c.store_id)
FROM advocates_referralcode c
JOIN advocates_advocate a ON a.id = c.advocate_id AND a.status = 'active'
WHERE c.code {in_set}
"""

_PLACE = """
SELECT s.slug, s.shop_url, s.lands_on, v.document ->> 'attribution_days'
FROM stores_store s
LEFT JOIN programs_program p ON p.id = %s
LEFT JOIN programs_programversion v ON v.id = p.current_id
WHERE s.id = %s
"""


class Place(msgspec.Struct, frozen=True):
    """Where the links of one programme lead: `start` and then the code, or `shop` where the store
    sends friends there at once. `version` is the store's when this was read."""

    store_id: str
    version: int | None
    start: str
    shop: str
    cookie: str
    attribution_seconds: int


class _PlaceKey(NamedTuple):
    """A programme of a store, when its version was this."""

    store_id: str
    program_id: str | None
    version: int | None


class Link(msgspec.Struct, frozen=True):
    """An advocate's link. Many are kept at once, so what they have in common is kept once."""

    place: Place
    advocate_id: str
    code: str

    @property
    def stamp(self) -> tuple[str, int] | None:
        """The version that it has, for a cache."""
        return (self.place.store_id, self.place.version) if self.place.version is not None else None

    @property
    def to_shop(self) -> bool:
        """Whether it leads to the shop, not to the friend page."""
        return bool(self.place.shop)

    @property
    def destination(self) -> str:
        """The complete address that it leads to."""
        return self.place.shop or self.place.start + self.code


class Links:
    """Looks up the links of canonical codes; None where no advocate has the code.

    One statement, and one more for each programme whose store has changed since links of it were
    last looked up. Needs no scope: a link names no store.
    """

    def __init__(self, site: str) -> None:
        self._site = site
        self._places: dict[_PlaceKey, Place | None] = {}

    def find(self, codes: Sequence[str]) -> dict[str, Link | None]:
        """The links, looked up in a thread."""
        return _links(codes, read_set(_LINKS, codes), self._find_place)

    async def find_now(
        self, read: SetReader, codes: Sequence[str]
    ) -> dict[str, Link | None] | None:
        """The same from the event loop; None where a programme has to be looked up as well.
        Raises what `read` raises."""
        rows = await read(_LINKS, codes, 5)
        try:
            return _links(codes, rows, self._places.__getitem__)
        except KeyError:
            return None

    def _find_place(self, key: _PlaceKey) -> Place | None:
        """Whatever a place is read from moves the store's version on: for a version it is kept."""
        if key in self._places:
            return self._places[key]
        place = _read_place(self._site, key)
        if key.version is not None:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            self._places[key] = place
        return place


def _links(
    codes: Sequence[str],
    rows: Iterable[Sequence[Any]],
    place_of: Callable[[_PlaceKey], Place | None],
) -> dict[str, Link | None]:
    found: dict[str, Link | None] = dict.fromkeys(codes)
    for code, advocate_id, *where in rows:
        place = place_of(_PlaceKey(*where))
        found[code] = Link(place=place, advocate_id=advocate_id, code=code) if place else None
    return found


def _read_place(site: str, key: _PlaceKey) -> Place | None:
    """Where a programme's links lead; None for a store that has just gone."""
    for slug, shop_url, lands_on, given in answer(_PLACE, [key.program_id, key.store_id]):
        days = DEFAULT_ATTRIBUTION_DAYS if given is None else int(given)
        return Place(
            store_id=key.store_id,
            version=key.version,
            start=f"{site}/s/{slug}/from/",
            shop=safe_address(shop_url if lands_on == "shop" else ""),
            cookie=f"wm_{slug}",
            attribution_seconds=days * 86_400,
        )
    return None


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
