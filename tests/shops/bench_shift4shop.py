"""A Shift4Shop shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from tests.harness.patience import PATIENCE
from tests.shops.bench import Sale, Told, connection_of
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.inbox.ports import QUERY
from wordmouth.integrations import twins
from wordmouth.integrations.shift4shop import twin_forms as forms
from wordmouth.integrations.shift4shop.adapter import Shift4Shop
from wordmouth.integrations.shift4shop.parse import read_time
from wordmouth.integrations.shift4shop.twin import SHOP, S4STwin
from wordmouth.integrations.shift4shop.verify import address_key
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.kit.ids import new_id
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores import addresses, services
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)
NAME = "shift4shop"
NEW, CANCEL, HOLD, UNPAID = 1, 5, 6, 11
SOME_BACK, ALL_BACK = 8, 9
"""Statuses of the shop's own, into which its staff puts what was refunded: only so it is told."""


class S4SBench:
    """See `tests.shops.bench.Bench`."""

    name = NAME

    def __init__(self) -> None:
        self.twin = S4STwin()
        self.faults: deque[str | None] = self.twin.faults
        self._adapter = Shift4Shop(HTTP)
        self._paid: set[str] = set()
        self._refunded: dict[str, int] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        usual, ADAPTERS[NAME] = ADAPTERS[NAME], self._adapter
        try:
            with twins.running(self.twin):
                yield
        finally:
            ADAPTERS[NAME] = usual

    def adapter(self) -> Shift4Shop:
        return self._adapter

    def connect(self) -> str:
        store = services.create_store("S4S shop", slug=new_id("sfs").replace("_", "-")).store
        options = {"url": SHOP, "api": self.twin.url}
        services.connect_shop(
            store.id,
            NAME,
            {"private_key": self.twin.key, "token": self.twin.token},
            options,
            coupon_url=self._adapter.coupon_address(options),
        )
        api = self._adapter.api(connection_of(store.id, NAME))
        assert api is not None
        api.install(addresses.deliveries(store.id, NAME))
        return store.id

    def save(self, sale: Sale) -> None:
        self.twin.currency = sale.currency
        total = float(sale.total)
        facts: dict[str, Any] = {
            "OrderAmount": total,
            "CustomerID": int(sale.customer or 0),
            "BillingEmail": sale.email,
            "OrderItemList": [forms.item(7, total)],
            "PromotionList": [{"Coupon": sale.code.lower()}] if sale.code else [],
        }
        number = int(sale.id) if sale.id else self.twin.order(OrderStatusID=UNPAID, **facts)
        sale.id = str(number)
        if sale.paid and sale.id not in self._paid:
            self._paid.add(sale.id)
            self.twin.money(number, "Sale", total)
        for amount in sale.refunds[self._refunded.get(sale.id, 0) :]:
            self.twin.money(number, "Refund", float(amount))
        self._refunded[sale.id] = len(sale.refunds)
        status = self._status(sale)
        if self.twin.orders[number]["OrderStatusID"] == status:
            # What changes no status is not told: the staff held the order while it did this.
            self.twin.order(number, OrderStatusID=HOLD)
        self.twin.order(number, OrderStatusID=status, **facts)

    def _status(self, sale: Sale) -> int:
        if sale.cancelled:
            return CANCEL
        if sale.refunds:
            return ALL_BACK if sum(sale.refunds) >= sale.total else SOME_BACK
        return NEW if sale.paid else UNPAID

    def deliveries(self) -> list[Told]:
        return [
            Told(headers={"content-type": "application/json", QUERY: sent.query}, body=sent.body)
            for sent in self.twin.deliveries()
        ]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        return Told(headers={**like.headers, QUERY: f"key={address_key(secret)}"}, body=body)

    def unsigned(self, told: Told) -> Told:
        kept = {name: text for name, text in told.headers.items() if name != QUERY}
        return Told(headers=kept, body=told.body)

    def errors(self) -> list[bytes]:
        return [
            b'[{"Key": "Error", "Value": "", "Status": "404", "Message": "No records found"}]',
            b'{"OrderID": 0, "CustomerID": 0}',
            b'{"OrderID": -5}',
            b'{"OrderID": "A1"}',
            b'[{"OrderID": 987654}]',
            b"<Order><OrderID>7</OrderID></Order>",
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
            promotion["PromotionCoupon"] == code
            and promotion["PromotionEnabled"] == 1
            and not promotion["PromotionUses"]
            and not _is_over(promotion["PromotionEnd"])
            for promotion in self.twin.promotions.values()
        )

    def change_key(self, *, back: bool = False) -> None:
        self.twin.token = "tok_1" if back else "tok_2"

    def put_clock(self, apart: timedelta) -> None:
        self.twin.clock_apart = apart

    def switch_off(self) -> None:
        for hook in self.twin.hooks.values():
            hook["Enabled"] = False


def _is_over(end: str | None) -> bool:
    return bool(end) and read_time(str(end)) <= clock.now()
