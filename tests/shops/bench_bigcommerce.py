"""A BigCommerce shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.harness.patience import PATIENCE
from tests.shops.bench import Sale, Told, connection_of
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations import twins
from wordmouth.integrations.bigcommerce import twin_forms as forms
from wordmouth.integrations.bigcommerce.adapter import BigCommerce
from wordmouth.integrations.bigcommerce.parse import read_time
from wordmouth.integrations.bigcommerce.twin import STORE, BigTwin
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.kit.ids import new_id
from wordmouth.kit.signing import webhook_headers
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores import addresses, services
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)
NAME = "bigcommerce"


class BigBench:
    """See `tests.shops.bench.Bench`."""

    name = NAME

    def __init__(self) -> None:
        self.twin = BigTwin()
        self.twin.any_address = True
        self.faults: deque[str | None] = self.twin.faults
        self._adapter = BigCommerce(HTTP)
        self._refunded: dict[str, int] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        usual, ADAPTERS[NAME] = ADAPTERS[NAME], self._adapter
        try:
            with twins.running(self.twin):
                yield
        finally:
            ADAPTERS[NAME] = usual

    def adapter(self) -> BigCommerce:
        return self._adapter

    def connect(self) -> str:
        store = services.create_store("Big shop", slug=new_id("big").replace("_", "-")).store
        options = {"url": f"{self.twin.url}{STORE}/v3/"}
        services.connect_shop(
            store.id,
            NAME,
            {"access_token": self.twin.token, "client_secret": self.twin.client_secret},
            options,
            coupon_url=self._adapter.coupon_address(options),
        )
        api = self._adapter.api(connection_of(store.id, NAME))
        assert api is not None
        api.install(addresses.deliveries(store.id, NAME))
        return store.id

    def save(self, sale: Sale) -> None:
        paid, total = ("captured", 11) if sale.paid else ("", 7), str(sale.total)
        number = self.twin.order(
            int(sale.id) if sale.id else None,
            [sale.code] if sale.code else [],
            status_id=5 if sale.cancelled else paid[1],
            payment_status=paid[0],
            customer_id=int(sale.customer or 0),
            billing_address={"email": sale.email},
            lines=[forms.line(7, total)],
            **forms.priced(total, sale.currency),
        )
        sale.id = str(number)
        for amount in sale.refunds[self._refunded.get(sale.id, 0) :]:
            self.twin.refund(number, str(amount))
        self._refunded[sale.id] = len(sale.refunds)

    def deliveries(self) -> list[Told]:
        return [
            Told(headers=self.twin.headers(sent), body=sent.body) for sent in self.twin.deliveries()
        ]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        proof = webhook_headers(secret, like.headers["webhook-id"], at, body)
        return Told(headers={**like.headers, **proof}, body=body)

    def unsigned(self, told: Told) -> Told:
        kept = {name: text for name, text in told.headers.items() if name != "webhook-signature"}
        return Told(headers=kept, body=told.body)

    def errors(self) -> list[bytes]:
        return [
            b'{"status": 404, "title": "The requested resource was not found."}',
            b'[{"status": 404, "message": "The requested resource was not found."}]',
            b'{"scope": "store/order/created", "data": {"type": "order"}}',
            b'{"scope": "store/order/created", "data": {"type": "order", "id": -1}}',
            b'{"scope": "store/order/created", "data": {"type": "order", "id": 987654}}',
            b'{"scope": "store/cart/created", "data": {"type": "cart", "id": 3}}',
            b"<html>Bad gateway</html>",
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
        return sum(
            coupon["code"].upper() == code.upper()
            and coupon["enabled"]
            and not coupon["num_uses"]
            and not (coupon["expires"] and read_time(coupon["expires"]) <= clock.now())
            for coupon in self.twin.coupons.values()
        )

    def change_key(self, *, back: bool = False) -> None:
        self.twin.token = "tok_1" if back else "tok_2"

    def put_clock(self, apart: timedelta) -> None:
        self.twin.clock_apart = apart

    def switch_off(self) -> None:
        self.twin.give_up()
