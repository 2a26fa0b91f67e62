"""The door for clicks: `GET /r/{code}`, bare, before the web framework.

Look the code up, give the friend a signed token as a first-party cookie and on the way, and
redirect to the stored destination. A person's visit is committed before it is answered; what
only looks (previews, crawlers, browsers fetching in advance) is redirected and leaves nothing.
Where it leads comes from the database alone, never from the request.
"""

from __future__ import annotations

import re
from datetime import datetime

from wordmouth.advocates.rules import canonical_code
from wordmouth.kit import asgi, clock, plain_pages
from wordmouth.kit.errors import WordmouthError
from wordmouth.kit.fresh import Busy, FreshCache
from wordmouth.kit.group_commit import (
    Overloaded,
    OverShare,
    Unavailable,
    Writer,
    stored_time,
)
from wordmouth.kit.ids import new_id
from wordmouth.kit.lanes import Lanes
from wordmouth.kit.turns import Full
from wordmouth.visits import bots, tokens
from wordmouth.visits.links import Link, Place, with_parameter

PREFIX = "/r/"
_READ = frozenset({b"host", b"cookie", *bots.TOLD_BY})
_LONGEST_PATH = 60
_CHANNEL = re.compile(rb"(?:^|&)c=([A-Za-z0-9_-]{1,20})(?:&|$)")
_HOST = re.compile(r"([a-z0-9.-]{1,200})(?::\d{1,5})?", re.ASCII)

_INSERT = {
    "sqlite": "INSERT INTO visits_visit (store_id, advocate_id, click, channel, at) "
    "VALUES (?, ?, ?, ?, ?)",
    "postgresql": "INSERT INTO visits_visit (store_id, advocate_id, click, channel, at) "
    "SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::timestamptz[])",
}

_UNKNOWN = plain_pages.page(
    "This link does not lead anywhere",
    "Perhaps a letter is missing. Ask the friend who sent it to share it once more.",
)


class ClickDoor:
    """An ASGI application for clicks. `secure`: the site is served over https."""

    def __init__(
        self,
        writer: Writer,
        vendor: str,
        lanes: Lanes,
        links: FreshCache[str, Link | None],
        homes: FreshCache[str, str | None],
        *,
        secure: bool,
    ) -> None:
        self._writer = writer
        self._vendor = vendor
        self._lanes = lanes
        self._insert = _INSERT[vendor]
        self._links = links
        self._homes = homes
        self._secure = "; Secure" if secure else ""

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Answer one request."""
        if scope["method"] not in ("GET", "HEAD"):
            error: WordmouthError = asgi.MethodNotAllowed("A link is opened with GET.")
            await asgi.respond_problem(send, error, allow="GET, HEAD")
            return
        try:
            await self._answer(scope, send)
        except (Busy, Full, Overloaded, Unavailable, asgi.TryAgain) as busy:
            is_share = isinstance(busy, OverShare) or (isinstance(busy, Full) and not busy.whole)
            status = 429 if is_share else 503
            await plain_pages.respond_busy(send, status, getattr(busy, "retry_after", 1))

    async def _answer(self, scope: asgi.Scope, send: asgi.Send) -> None:
        headers = asgi.some_headers(scope, _READ)
        code = _code(scope["path"])
        link = await self._links.get(code) if code else None
        if link is None:
            await self._unknown(headers, send)
        elif bots.is_person(scope["method"], headers):
            async with self._lanes.lane(link.place.store_id, "click"):
                await self._count(link, scope, headers, send)
        else:
            await _redirect(send, link.destination)

    async def _count(
        self, link: Link, scope: asgi.Scope, headers: dict[bytes, bytes], send: asgi.Send
    ) -> None:
        """Record the visit, then send the friend on with a token.

        The cookie keeps the first touch. The shop is told the first touch too; the friend page is
        told of this very link, which is the one that the friend can claim there.
        """
        now = clock.now()
        click = new_id("clk", now)
        visit = (
            link.place.store_id,
            link.advocate_id,
            click,
            _channel(scope["query_string"]),
            stored_time(self._vendor, now),
        )
        await self._writer.write(self._insert, visit, link.place.store_id)
        kept = _first_touch(link.place, headers.get(b"cookie", b"").decode("latin-1"), now)
        if kept is not None and (link.to_shop or kept[1].code == link.code):
            token = kept[0]
        else:
            touch = tokens.Token(store_id=link.place.store_id, code=link.code, click=click, at=now)
            token = tokens.make(touch)
        cookie = self._cookie(link.place, token) if kept is None else None
        await _redirect(send, with_parameter(link.destination, "wm", token), cookie)

    def _cookie(self, place: Place, token: str) -> str:
        return (
            f"{place.cookie}={token}; Max-Age={place.attribution_seconds}; Path=/; HttpOnly; "
            f"SameSite=Lax{self._secure}"
        )

    async def _unknown(self, headers: dict[bytes, bytes], send: asgi.Send) -> None:
        host = _HOST.fullmatch(headers.get(b"host", b"").decode("latin-1").lower())
        home = await self._homes.get(host[1]) if host else None
        if home is None:
            await asgi.respond(send, 404, plain_pages.HEADERS, _UNKNOWN)
        else:
            await _redirect(send, home)


async def _redirect(send: asgi.Send, location: str, cookie: str | None = None) -> None:
    headers = [(b"location", location.encode("ascii")), *plain_pages.COMMON]
    if cookie is not None:
        headers.append((b"set-cookie", cookie.encode("ascii")))
    await asgi.respond(send, 302, headers)


def _code(path: str) -> str:
    """The code in the path as it is spelled in the database; empty when it cannot be one."""
    return canonical_code(path[len(PREFIX) :]) if len(path) <= _LONGEST_PATH else ""


def _channel(query: bytes) -> str:
    """How the link was shared, as the link itself says (`?c=wa`); empty when it does not."""
    found = _CHANNEL.search(query)
    return found[1].decode("ascii").lower() if found else ""


def _first_touch(place: Place, cookies: str, now: datetime) -> tuple[str, tokens.Token] | None:
    """The token that this browser already holds for the store, while it still counts."""
    if place.cookie not in cookies:
        return None
    for pair in cookies.split(";"):
        name, _, value = pair.strip().partition("=")
        if name != place.cookie:
            continue
        token = tokens.read(value, place.store_id)
        if token is not None and (now - token.at).total_seconds() < place.attribution_seconds:
            return value, token
    return None
