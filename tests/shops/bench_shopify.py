"""A Shopify shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.harness.patience import PATIENCE
from tests.shops.bench import Sale, Told, connection_of
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations import twins
from wordmouth.integrations.shopify import twin_forms as forms
from wordmouth.integrations.shopify.adapter import Shopify
from wordmouth.integrations.shopify.twin import ShopifyTwin
from wordmouth.integrations.shopify.verify import signature
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.kit.ids import new_id
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores import addresses, services
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)
NAME = "shopify"


class ShopifyBench:
    """See `tests.shops.bench.Bench`."""

    name = NAME

    def __init__(self) -> None:
        self.twin = ShopifyTwin()
        self.faults: deque[str | None] = self.twin.faults
        self._adapter = Shopify(HTTP)
        self._refunded: dict[str, int] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        usual, ADAPTERS[NAME] = ADAPTERS[NAME], self._adapter
        try:
            with twins.running(self.twin):
                yield
        finally:
            ADAPTERS[NAME] = usual

    def adapter(self) -> Shopify:
        return self._adapter

    def connect(self) -> str:
        store = services.create_store("Tea shop", slug=new_id("tea").replace("_", "-")).store
        services.connect_shop(
            store.id,
            NAME,
            {"client_secret": self.twin.secrets[0]},
            {"url": self.twin.url, "client_id": self.twin.client_id},
            coupon_url=f"{self.twin.url}/coupons",
        )
        self.twin.customer("ana@example.com")
        api = self._adapter.api(connection_of(store.id, NAME))
        assert api is not None
        api.install(addresses.deliveries(store.id, NAME))
        return store.id

    def save(self, sale: Sale) -> None:
        known = {"id": int(sale.customer), "email": sale.email} if sale.customer else None
        person = known and {**forms.customer(0, sale.email, clock.now()), **known}
        back = sale.refunds[self._refunded.get(sale.id, 0) :]
        cancelled = {"cancelled_at": forms.rest_time(clock.now())} if sale.cancelled else {}
        number = self.twin.order(
            int(sale.id) if sale.id else None,
            total=str(sale.total),
            paid=sale.paid or not sale.total,
            refunds=[str(amount) for amount in back],
            currency=sale.currency,
            email=sale.email,
            customer=person,
            discount_codes=[{"code": sale.code, "amount": "8.00"}] if sale.code else [],
            **cancelled,
        )
        sale.id = str(number)
        self._refunded[sale.id] = len(sale.refunds)

    def deliveries(self) -> list[Told]:
        return [Told(headers=sent.headers, body=sent.body) for sent in self.twin.deliveries()]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        name = f"{like.headers['x-shopify-webhook-id']}-{hashlib.sha256(body).hexdigest()[:8]}"
        proof = {
            "x-shopify-hmac-sha256": signature(secret.encode(), body),
            "x-shopify-webhook-id": name,
        }
        return Told(headers={**like.headers, **proof}, body=body)

    def unsigned(self, told: Told) -> Told:
        kept = {
            name: text for name, text in told.headers.items() if name != "x-shopify-hmac-sha256"
        }
        return Told(headers=kept, body=told.body)

    def errors(self) -> list[bytes]:
        return [
            b'{"errors": "Not Found"}',
            b'{"errors": [{"message": "Throttled"}]}',
            b'{"id": 25}',
            b'{"id": 25, "currency": "EURO", "total_price": "1", "created_at": "x"}',
            b"<h1>Service unavailable</h1>",
            b"",
            b"\xff\xfe",
            b"[" * 3000,
        ]

    def ping(self) -> Told | None:
        return None

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        return self._adapter.coupons(connection)

    def use(self, code: str) -> None:
        self.twin.use(code)

    def own_coupon(self, code: str) -> None:
        self.twin.own_coupon(code)

    def usable(self, code: str) -> int:
        return self.twin.usable(code)

    def change_key(self, *, back: bool = False) -> None:
        self.twin.secrets = ["shpss_1"] if back else ["shpss_2"]
        self.twin.tokens.clear()

    def put_clock(self, apart: timedelta) -> None:
        self.twin.clock_apart = apart

    def switch_off(self) -> None:
        self.twin.hooks.clear()
