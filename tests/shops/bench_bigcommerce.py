"""A BigCommerce shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.shops.bench import Sale, Told
from tests.shops.bench_api import HTTP, NO_THINGS, ApiBench
from wordmouth.integrations.bigcommerce import twin_forms as forms
from wordmouth.integrations.bigcommerce.adapter import SIGNS, TOKEN, BigCommerce
from wordmouth.integrations.bigcommerce.parse import read_time
from wordmouth.integrations.bigcommerce.twin import STORE, BigTwin
from wordmouth.kit import clock
from wordmouth.kit.signing import webhook_headers


class BigBench(ApiBench[BigTwin]):
    """See `tests.shops.bench_api.ApiBench`."""

    proof = "webhook-signature"

    def __init__(self) -> None:
        super().__init__(BigCommerce(HTTP), BigTwin())
        self.twin.any_address = True

    def options(self) -> dict[str, str]:
        return {"url": f"{self.twin.url}{STORE}/v3/"}

    def secrets(self) -> dict[str, str]:
        return {TOKEN: self.twin.token, SIGNS: self.twin.client_secret}

    def put(self, sale: Sale, back: list[Decimal]) -> str:
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
        for amount in back:
            self.twin.refund(number, str(amount))
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
            b'{"status": 404, "title": "The requested resource was not found."}',
            b'[{"status": 404, "message": "The requested resource was not found."}]',
            b'{"scope": "store/order/created", "data": {"type": "order"}}',
            b'{"scope": "store/order/created", "data": {"type": "order", "id": -1}}',
            b'{"scope": "store/order/created", "data": {"type": "order", "id": 987654}}',
            b'{"scope": "store/cart/created", "data": {"type": "cart", "id": 3}}',
            b"<html>Bad gateway</html>",
            *NO_THINGS,
        ]

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

    def remove(self) -> None:
        self.twin.remove()

    def switch_off(self) -> None:
        self.twin.give_up()
