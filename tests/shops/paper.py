"""A shop on paper: an adapter whose API is this object, with no network between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from wordmouth.fulfilment.ports import CouponPort, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.inbox.ports import FETCHED, DeliveryVerifier, Ping, Verified
from wordmouth.integrations import following
from wordmouth.integrations.generic.parse import order_from
from wordmouth.integrations.ports import (
    BROKEN,
    OK,
    SUBSCRIPTIONS,
    Capabilities,
    Finding,
    Page,
    Parsed,
    Ref,
)
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores.facts import ConnectionFacts

NAME = "paper"


class PaperShop:
    """Adapter, verifier and API in one. What the shop knows is in `orders`, in the order of
    change; a delivery names an order, and one with `whole` set tells it."""

    name = NAME
    capabilities = Capabilities(thin=True, lists=("order",), subscriptions=True)

    def __init__(self, *, page: int = 2) -> None:
        self.verifier: DeliveryVerifier = self
        self.page = page
        self.orders: list[dict[str, Any]] = []
        self.delivers_to = ""
        self.asked: list[str] = []
        self.down: Unreachable | None = None
        self.endless = False
        self.limits: tuple[Finding, ...] = ()

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified | Ping:
        return Ping() if body == b"hello" else Verified(dedupe=body.decode())

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        return (b"paper",)

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        told = json.loads(body)
        if FETCHED in headers and told.get("whole", True):
            return Parsed(orders=(order_from(body),))
        return Parsed(refetch=(Ref(kind="order", id=told["id"]),))

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        return frozenset()

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        raise Unreachable("A shop on paper has no coupons.")

    def api(self, connection: ConnectionFacts) -> PaperShop | None:
        return self

    def fetch(self, ref: Ref) -> Fetched | None:
        self._ask(f"fetch {ref.id}")
        found = [order for order in self.orders if order["id"] == ref.id]
        return Fetched(kind=ref.kind, body=json.dumps(found[-1]).encode()) if found else None

    def changes(self, kind: str, cursor: str) -> Page:
        self._ask(f"changes {cursor or 0}")
        if self.endless:
            return Page(items=(), cursor=cursor, done=False)
        start = int(cursor or 0)
        part = self.orders[start : start + self.page]
        items = tuple(Fetched(kind=kind, body=json.dumps(order).encode()) for order in part)
        end = start + len(part)
        return Page(items=items, cursor=str(end), done=end == len(self.orders))

    def install(self, address: str) -> tuple[str, ...]:
        self._ask("install")
        self.delivers_to = address
        return ("The shop was told where to deliver.",)

    def health(self, address: str) -> tuple[Finding, ...]:
        self._ask("health")
        state = OK if self.delivers_to == address else BROKEN
        found = Finding(name=SUBSCRIPTIONS, state=state, text=f"It delivers: {state}.")
        return (found, *self.limits)

    def _ask(self, what: str) -> None:
        if self.down is not None:
            raise self.down
        self.asked.append(what)


@contextmanager
def on_paper(shop: PaperShop) -> Iterator[PaperShop]:
    """Let the engine know this kind of shop."""
    ADAPTERS[NAME] = shop
    following.install(ADAPTERS)
    try:
        yield shop
    finally:
        del ADAPTERS[NAME]
        following.install(ADAPTERS)
