"""A shop that speaks the generic format, on the bench: under its own name, or as a plug-in of
ours does."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.harness.patience import PATIENCE
from tests.shops.bench import Sale, Told
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations.generic.adapter import GenericAdapter
from wordmouth.integrations.generic.coupons import KINDS
from wordmouth.integrations.generic.twin import TwinShop, running
from wordmouth.kit import clock, signing
from wordmouth.kit.http import Http
from wordmouth.kit.ids import new_id
from wordmouth.kit.money import to_minor
from wordmouth.stores import queries, services
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE)


class GenericBench:
    """See `tests.shops.bench.Bench`."""

    def __init__(self, name: str = "generic", kinds: frozenset[str] = KINDS) -> None:
        self.name = name
        self._adapter = GenericAdapter(name, HTTP, kinds)
        self._shop = TwinShop("")
        self._shop.kinds = set(kinds)
        self.faults: deque[str | None] = self._shop.faults
        self._store_id = ""
        self._changed: dict[str, Sale] = {}
        self._placed: dict[str, datetime] = {}
        self._paid: dict[str, datetime] = {}
        self._made = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        with running(self._shop):
            yield

    def adapter(self) -> GenericAdapter:
        return self._adapter

    def connect(self) -> str:
        made = services.create_store(
            "Shop", adapter=self.name, slug=new_id(self.name).replace("_", "-")
        )
        services.update_connection(made.store.id, self.name, coupon_url=self._shop.url)
        self._store_id, self._shop.secret = made.store.id, made.webhook_secret
        return made.store.id

    def save(self, sale: Sale) -> None:
        if not sale.id:
            self._made += 1
            sale.id = str(1000 + self._made)
        self._changed[sale.id] = sale
        self._placed.setdefault(sale.id, clock.now())
        if sale.paid:
            self._paid.setdefault(sale.id, clock.now())

    def deliveries(self) -> list[Told]:
        waiting, self._changed = self._changed, {}
        found = queries.connection(self._store_id, self.name)
        assert found is not None
        return [self._told(self._body(sale), found.secrets[0]) for sale in waiting.values()]

    def _body(self, sale: Sale) -> bytes:
        minor = to_minor(sale.total, sale.currency)
        now = clock.now()
        refunds = [
            {"id": f"r{number}", "amount": to_minor(amount, sale.currency), "at": now}
            for number, amount in enumerate(sale.refunds)
        ]
        data: dict[str, Any] = {
            "id": sale.id,
            "updated_at": now,
            "placed_at": self._placed[sale.id],
            "paid_at": self._paid.get(sale.id),
            "cancelled_at": now if sale.cancelled else None,
            "currency": sale.currency,
            "totals": {"items": minor, "grand": minor},
            "customer": {"id": sale.customer, "email": sale.email},
            "discount_codes": [sale.code] if sale.code else [],
            "refunds": refunds,
        }
        return msgspec.json.encode({"type": "order.snapshot", "timestamp": now, "data": data})

    def _told(self, body: bytes, secret: str, at: datetime | None = None, name: str = "") -> Told:
        named = name or new_id("msg")
        return Told(
            headers=signing.webhook_headers(secret, named, at or clock.now(), body), body=body
        )

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        return self._told(body, secret, at, like.headers["webhook-id"])

    def unsigned(self, told: Told) -> Told:
        kept = {name: text for name, text in told.headers.items() if name != "webhook-signature"}
        return Told(headers=kept, body=told.body)

    def errors(self) -> list[bytes]:
        return [
            b'{"type": "about:blank", "title": "Not found", "status": 404}',
            b'{"type": "order.snapshot", "data": {"code": "gone", "message": "no such order"}}',
            b'{"type": "order.exploded", "data": {}}',
            b'{"type": "order.snapshot", "data": {"id": "1", ',
            b"<!doctype html><title>Fatal error</title>",
            b"",
            b"\xff\xfe",
            b"[" * 3000,
        ]

    def ping(self) -> Told | None:
        return None

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        return self._adapter.coupons(connection)

    def use(self, code: str) -> None:
        self._shop.use(code)

    def own_coupon(self, code: str) -> None:
        own = {"code": code, "state": "active", "times_used": 0, "terms": "the shop's own"}
        self._shop.coupons.append(own)

    def usable(self, code: str) -> int:
        return self._shop.active()[code]

    def change_key(self, *, back: bool = False) -> None:
        raise NotImplementedError("This shop has no API.")

    def remove(self) -> None:
        raise NotImplementedError("This shop has no API.")

    def put_clock(self, apart: timedelta) -> None:
        raise NotImplementedError("This shop has no API.")

    def switch_off(self) -> None:
        raise NotImplementedError("This shop delivers by itself, until it is heard.")
