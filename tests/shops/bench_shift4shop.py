"""A Shift4Shop shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.shops.bench import Sale, Told
from tests.shops.bench_api import HTTP, NO_THINGS, ApiBench
from wordmouth.inbox.ports import QUERY
from wordmouth.integrations.shift4shop import twin_forms as forms
from wordmouth.integrations.shift4shop.adapter import KEY, TOKEN, Shift4Shop
from wordmouth.integrations.shift4shop.parse import read_time
from wordmouth.integrations.shift4shop.twin import SHOP, S4STwin
from wordmouth.integrations.shift4shop.verify import address_key
from wordmouth.kit import clock

NEW, CANCEL, HOLD, UNPAID = 1, 5, 6, 11
SOME_BACK, ALL_BACK = 8, 9
"""Statuses of the shop's own, into which its staff puts what was refunded: only so it is told."""


class S4SBench(ApiBench[S4STwin]):
    """See `tests.shops.bench_api.ApiBench`."""

    proof = QUERY

    def __init__(self) -> None:
        super().__init__(Shift4Shop(HTTP), S4STwin())
        self._paid: set[int] = set()

    def options(self) -> dict[str, str]:
        return {"url": SHOP, "api": self.twin.url}

    def secrets(self) -> dict[str, str]:
        return {KEY: self.twin.key, TOKEN: self.twin.token}

    def put(self, sale: Sale, back: list[Decimal]) -> str:
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
        if sale.paid and number not in self._paid:
            self._paid.add(number)
            self.twin.money(number, "Sale", total)
        for amount in back:
            self.twin.money(number, "Refund", float(amount))
        status = self._status(sale)
        if self.twin.orders[number]["OrderStatusID"] == status:
            # What changes no status is not told: the staff held the order while it did this.
            self.twin.order(number, OrderStatusID=HOLD)
        self.twin.order(number, OrderStatusID=status, **facts)
        return str(number)

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

    def errors(self) -> list[bytes]:
        return [
            b'[{"Key": "Error", "Value": "", "Status": "404", "Message": "No records found"}]',
            b'{"OrderID": 0, "CustomerID": 0}',
            b'{"OrderID": -5}',
            b'{"OrderID": "A1"}',
            b'[{"OrderID": 987654}]',
            b"<Order><OrderID>7</OrderID></Order>",
            *NO_THINGS,
        ]

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

    def switch_off(self) -> None:
        for hook in self.twin.hooks.values():
            hook["Enabled"] = False


def _is_over(end: str | None) -> bool:
    return bool(end) and read_time(str(end)) <= clock.now()
