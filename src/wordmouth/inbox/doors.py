"""The door for deliveries: `POST /in/{store}/{adapter}`, bare, before the web framework.

Prove who sent it, store it, commit, answer. Nothing else happens before the answer, and no
answer says yes before the commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from wordmouth.inbox import refusals, statements
from wordmouth.inbox.errors import BadDeliverySignature, UnknownAdapter, UnknownStore
from wordmouth.inbox.ports import QUERY, DeliveryVerifier, Ping
from wordmouth.kit import asgi, clock
from wordmouth.kit.errors import WordmouthError
from wordmouth.kit.fresh import Busy, FreshCache
from wordmouth.kit.group_commit import Overloaded, OverShare, Unavailable, Writer, size_of
from wordmouth.kit.lanes import Lanes
from wordmouth.kit.signing import BadSignature
from wordmouth.kit.turns import Full

LIMIT = 256 * 1024
PREFIX = "/in/"
_PATH = re.compile(r"/in/(str_[0-9a-z]{26})/([a-z0-9_]{1,40})", re.ASCII)


class Access(msgspec.Struct, frozen=True):
    """Who may deliver: the live keys of a store's connection.

    Without `keys` there is no such connection; without `store` not even such a store.
    `stamp` is the version that it has, for a cache.
    """

    store: bool
    keys: tuple[bytes, ...] = ()
    stamp: tuple[str, int] | None = None


class DeliveryDoor:
    """An ASGI application for deliveries; `wake` is called after a delivery was committed."""

    def __init__(
        self,
        writer: Writer,
        vendor: str,
        verifiers: Mapping[str, DeliveryVerifier],
        lanes: Lanes,
        access: FreshCache[tuple[str, str], Access],
        wake: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._vendor = vendor
        self._insert = statements.insert(vendor)
        self._verifiers = verifiers
        self._lanes = lanes
        self._access = access
        self._wake = wake

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            error = asgi.MethodNotAllowed("Deliveries are sent with POST.")
            await asgi.respond_problem(send, error, allow="POST")
            return
        try:
            delivery = await self._take(scope, receive)
        except asgi.ClientGone:
            return
        except WordmouthError as error:
            await asgi.respond_problem(send, error)
            return
        if delivery is None:
            await asgi.respond_json(send, 200, {"ping": True})
            return
        self._wake()
        await asgi.respond_json(send, 202, {"delivery": delivery})

    async def _take(self, scope: asgi.Scope, receive: asgi.Receive) -> str | None:
        store_id, adapter = self._address(scope["path"])
        try:
            return await self._store(store_id, adapter, scope, receive)
        except OverShare as error:
            raise asgi.StoreBusy("Nothing was stored; send it again.", 1) from error
        except Full as full:
            busy = asgi.Overloaded if full.whole else asgi.StoreBusy
            raise busy("Nothing was stored; send it again.", 1) from full
        except (Busy, Overloaded) as error:
            raise asgi.Overloaded("Nothing was stored; send it again.", 1) from error
        except Unavailable as error:
            raise asgi.Unavailable("Nothing was stored; send it again.", 2) from error

    async def _store(
        self, store_id: str, adapter: str, scope: asgi.Scope, receive: asgi.Receive
    ) -> str | None:
        """Prove it and store it; None for a ping. What will be refused is refused before its body
        is read."""
        self._writer.check(store_id)
        keys = await self._keys(store_id, adapter)
        body = await asgi.read_body(scope, receive, LIMIT)
        headers = asgi.headers_of(scope)
        if query := scope.get("query_string"):
            headers[QUERY] = query.decode("latin-1")
        async with self._lanes.lane(store_id, "delivery"):
            now = clock.now()
            try:
                verified = self._verifiers[adapter].verify(keys, headers, body, now)
            except BadSignature as error:
                refusals.note(store_id, adapter, now, str(error))
                raise BadDeliverySignature(f"{str(error).capitalize()}.") from error
            if isinstance(verified, Ping):
                return None
            key = statements.delivery_id(store_id, adapter, verified.dedupe)
            row = statements.row(self._vendor, store_id, adapter, key, headers, body, now)
            await self._writer.write(self._insert, row, store_id, size_of(body))
            return key

    def _address(self, path: str) -> tuple[str, str]:
        matched = _PATH.fullmatch(path)
        if matched is None:
            raise UnknownStore("Deliveries go to /in/{store id}/{adapter}.")
        store_id, adapter = matched.groups()
        if adapter not in self._verifiers:
            known = ", ".join(sorted(self._verifiers))
            raise UnknownAdapter(f"There is no adapter {adapter!r}; there are: {known}.")
        return store_id, adapter

    async def _keys(self, store_id: str, adapter: str) -> tuple[bytes, ...]:
        access = await self._access.get((store_id, adapter))
        if not access.store:
            raise UnknownStore(f"There is no store {store_id}.")
        if not access.keys:
            raise UnknownAdapter(f"This store has no connection through {adapter!r}.")
        return access.keys
