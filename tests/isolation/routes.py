"""Every address of the site, from the URL conf, and the wall that it stands behind."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Wall(Enum):
    """Who may see what."""

    OPEN = "shows nothing of any store"
    FACE = "shows the public face of the store in the address to everybody"
    VISITOR = "shows a visitor what is theirs, by a cookie or key of the store in the address"
    MEMBER = "shows the store in the address to its members"
    OPERATOR = "shows figures of the installation to its operator; names no store"
    API = "is told by the OpenAPI document: see the probe of the API"
    DEMO = "belongs to the demo's shop, which knows no store of the engine"


WALLS: dict[str, Wall] = {
    r"^api(?:/.*)?$": Wall.OPEN,
    "metrics": Wall.OPERATOR,
    "connect/woocommerce": Wall.OPEN,
    "widget.js": Wall.OPEN,
    "s/-/<str:store_id>/widget.json": Wall.FACE,
    "s/-/<str:store_id>/shopify.json": Wall.VISITOR,
    "s/<slug:slug>": Wall.FACE,
    "s/<slug:slug>/brand.css": Wall.FACE,
    "s/<slug:slug>/icon.svg": Wall.FACE,
    "s/<slug:slug>/join": Wall.VISITOR,
    "s/<slug:slug>/from/<str:code>": Wall.FACE,
    "s/<slug:slug>/from/<str:code>/coupon": Wall.VISITOR,
    "s/<slug:slug>/me": Wall.VISITOR,
    "s/<slug:slug>/me/redeem": Wall.VISITOR,
    "s/<slug:slug>/me/payee": Wall.VISITOR,
    "s/<slug:slug>/me/leave": Wall.VISITOR,
    "s/<slug:slug>/me/sign-out": Wall.VISITOR,
    "s/<slug:slug>/me/qr.svg": Wall.VISITOR,
    "s/<slug:slug>/me/qr.png": Wall.VISITOR,
    "s/<slug:slug>/access/<str:token>": Wall.VISITOR,
    "s/<slug:slug>/unsubscribe/<str:key>": Wall.VISITOR,
    "desk": Wall.OPEN,
    "desk/login": Wall.OPEN,
    "desk/logout": Wall.OPEN,
    "desk/<slug:slug>": Wall.MEMBER,
    "desk/<slug:slug>/referrals": Wall.MEMBER,
    "desk/<slug:slug>/referrals/<str:referral_id>": Wall.MEMBER,
    "desk/<slug:slug>/programme": Wall.MEMBER,
    "desk/<slug:slug>/programme/status": Wall.MEMBER,
    "desk/<slug:slug>/payouts": Wall.MEMBER,
    "desk/<slug:slug>/payouts/answers": Wall.MEMBER,
    "desk/<slug:slug>/payouts/year/<int:year>": Wall.MEMBER,
    "desk/<slug:slug>/payouts/year/<int:year>.csv": Wall.MEMBER,
    "desk/<slug:slug>/payouts/batch/<str:batch_id>": Wall.MEMBER,
    "desk/<slug:slug>/payouts/batch/<str:batch_id>/file": Wall.MEMBER,
    "desk/<slug:slug>/payouts/payout/<str:payout_id>": Wall.MEMBER,
    "desk/<slug:slug>/connection": Wall.MEMBER,
    "desk/<slug:slug>/connection/<slug:adapter>": Wall.MEMBER,
    "desk/<slug:slug>/connection/<slug:adapter>/disconnect": Wall.MEMBER,
    "desk/<slug:slug>/test-order": Wall.MEMBER,
    "desk/<slug:slug>/test-order/<str:code>/<int:since>": Wall.MEMBER,
    "desk/<slug:slug>/deliveries": Wall.MEMBER,
    "desk/<slug:slug>/effects": Wall.MEMBER,
}


class Route(NamedTuple):
    """An address of the URL conf."""

    pattern: str
    name: str


def routes() -> list[Route]:
    """Every address that Django answers."""
    return list(_walk(get_resolver().url_patterns, ""))


def wall_of(route: Route) -> Wall | None:
    """The wall that is declared for an address; None: nobody has thought of it."""
    if route.pattern.startswith("api/v1/"):
        return Wall.API
    if route.pattern.startswith("demo/"):
        return Wall.DEMO
    return WALLS.get(route.pattern)


def behind(*walls: Wall) -> list[str]:
    """The addresses behind these walls."""
    return sorted({route.pattern for route in routes() if wall_of(route) in walls})


def _walk(patterns: list[URLPattern | URLResolver], base: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = base + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, pattern)
        else:
            yield Route(pattern, entry.name or "")
