"""A Magento shop on the bench: its fake twin behind real HTTP, and a program of the merchant's that
sends hints."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from tests.shops.bench import Sale, Told, connection_of
from tests.shops.bench_api import HTTP, NO_THINGS, ApiBench
from wordmouth.integrations.magento import twin_forms as forms
from wordmouth.integrations.magento.adapter import Magento
from wordmouth.integrations.magento.twin import OPENED_BY, MagentoTwin
from wordmouth.kit.signing import webhook_headers


class MagentoBench(ApiBench[MagentoTwin]):
    """See `tests.shops.bench_api.ApiBench`."""

    proof = "webhook-signature"

    def __init__(self) -> None:
        super().__init__(Magento(HTTP), MagentoTwin())
        self._paid: set[str] = set()

    def options(self) -> dict[str, str]:
        return {"url": self.twin.url}

    def secrets(self) -> dict[str, str]:
        return dict(msgspec.to_builtins(self.twin.keys))

    def connect(self) -> str:
        store_id = super().connect()
        self.twin.hint_secret = connection_of(store_id, self.name).secrets[0]
        return store_id

    def put(self, sale: Sale, back: list[Decimal]) -> str:
        self.twin.currency = sale.currency
        number = self.twin.order(
            int(sale.id) if sale.id else None,
            customer_id=int(sale.customer) if sale.customer else None,
            customer_email=sale.email,
            coupon_code=sale.code.lower() or None,
            **forms.money(float(sale.total), sale.currency),
        )
        if sale.paid and str(number) not in self._paid:
            self._paid.add(str(number))
            self.twin.pay(number)
        for amount in back:
            self.twin.refund(number, float(amount))
        if sale.cancelled:
            self.twin.order(number, state="canceled", status="canceled")
        return str(number)

    def deliveries(self) -> list[Told]:
        return [
            Told(headers=self.twin.headers(sent), body=sent.body) for sent in self.twin.deliveries()
        ]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        proof = webhook_headers(secret, like.headers["webhook-id"], at, body)
        return Told(headers={**like.headers, **proof}, body=body)

    def errors(self) -> list[bytes]:
        return [
            b'{"message": "No such entity with %fieldName = %fieldValue"}',
            b'{"type": "order.changed", "data": {"message": "No such entity."}}',
            b'{"type": "order.changed", "data": {"id": -1}}',
            b'{"type": "order.changed", "data": {"id": "000000017-1"}}',
            b'{"type": "order.changed", "data": {"id": "987654"}}',
            b'{"type": "quote.changed", "data": {"id": "3"}}',
            b"<html>There has been an error processing your request</html>",
            *NO_THINGS,
        ]

    def usable(self, code: str) -> int:
        return int(self.twin.takes(code))

    def change_key(self, *, back: bool = False) -> None:
        self.twin.keys = OPENED_BY
        if not back:
            self.twin.keys = msgspec.structs.replace(OPENED_BY, access_token="at_2")

    def switch_off(self) -> None:
        raise NotImplementedError("Nothing is switched off in a shop that only hints.")
