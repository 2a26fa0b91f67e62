"""A WooCommerce shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.harness.patience import PATIENCE
from tests.shops.bench import Sale, Told, connection_of
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations import twins
from wordmouth.integrations.woocommerce import twin_forms as forms
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.integrations.woocommerce.verify import signature
from wordmouth.kit.http import Http
from wordmouth.kit.ids import new_id
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores import addresses, services
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)
NAME = "woocommerce"


class WooBench:
    """See `tests.shops.bench.Bench`."""

    name = NAME

    def __init__(self) -> None:
        self.twin = WooTwin()
        self.faults: deque[str | None] = self.twin.faults
        self._adapter = WooCommerce(HTTP)
        self._refunded: dict[str, int] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        usual, ADAPTERS[NAME] = ADAPTERS[NAME], self._adapter
        try:
            with twins.running(self.twin):
                yield
        finally:
            ADAPTERS[NAME] = usual

    def adapter(self) -> WooCommerce:
        return self._adapter

    def connect(self) -> str:
        store = services.create_store("Woo shop", slug=new_id("woo").replace("_", "-")).store
        services.connect_shop(
            store.id,
            NAME,
            {"consumer_secret": self.twin.secret},
            {"url": self.twin.url, "key": self.twin.key},
            coupon_url=f"{self.twin.url}/coupons",
        )
        api = self._adapter.api(connection_of(store.id, NAME))
        assert api is not None
        api.install(addresses.deliveries(store.id, NAME))
        return store.id

    def save(self, sale: Sale) -> None:
        total = forms.amount(str(sale.total), sale.currency)
        status = "processing" if sale.paid else "pending"
        number = self.twin.order(
            int(sale.id) if sale.id else None,
            status="cancelled" if sale.cancelled else status,
            currency=sale.currency,
            total=total,
            customer_id=int(sale.customer or 0),
            billing={"email": sale.email},
            coupon_lines=[{"id": 1, "code": sale.code.lower()}] if sale.code else [],
            line_items=[
                {**forms.line(7, sale.currency), "subtotal": total, "total": total, "price": 1}
            ],
        )
        sale.id = str(number)
        for amount in sale.refunds[self._refunded.get(sale.id, 0) :]:
            self.twin.refund(number, forms.amount(str(amount), sale.currency))
        self._refunded[sale.id] = len(sale.refunds)

    def deliveries(self) -> list[Told]:
        return [Told(headers=sent.headers, body=sent.body) for sent in self.twin.deliveries()]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        proof = {"x-wc-webhook-signature": signature(secret.encode(), body)}
        return Told(headers={**like.headers, **proof}, body=body)

    def unsigned(self, told: Told) -> Told:
        kept = {
            name: text for name, text in told.headers.items() if name != "x-wc-webhook-signature"
        }
        return Told(headers=kept, body=told.body)

    def errors(self) -> list[bytes]:
        missing = forms.error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        return [
            forms.encoded(missing),
            b'{"id": 25}',
            b'{"id": 25, "status": "processing", "currency": "EURO", "total": "1"}',
            b'{"id": 25, "status": "on-hold", "currency": "EUR", "total": "NaN", "number": "1"}',
            b'{"id": 2, "status": "", "currency": "EUR", "total": "1", "date_paid_gmt": "soon"}',
            b"<p>There has been a critical error on this website.</p>",
            b"",
            b"\xff\xfe",
            b"[" * 3000,
        ]

    def ping(self) -> Told | None:
        return Told(headers={}, body=self.twin.pings[-1])

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        return self._adapter.coupons(connection)

    def use(self, code: str) -> None:
        self.twin.use(code)

    def own_coupon(self, code: str) -> None:
        self.twin.own_coupon(code)

    def usable(self, code: str) -> int:
        return sum(
            coupon["code"] == code.lower()
            and not coupon["usage_count"]
            and (coupon["date_expires_gmt"] or "9999") > self.twin.now()
            for coupon in self.twin.coupons.values()
        )

    def change_key(self, *, back: bool = False) -> None:
        self.twin.secret = "cs_1" if back else "cs_2"

    def put_clock(self, apart: timedelta) -> None:
        self.twin.clock_apart = apart

    def switch_off(self) -> None:
        for hook in self.twin.hooks.values():
            hook["status"] = "disabled"
