"""A Shopify shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal

from tests.shops.bench import Sale, Told
from tests.shops.bench_api import HTTP, NO_THINGS, ApiBench
from wordmouth.integrations.shopify import twin_forms as forms
from wordmouth.integrations.shopify.adapter import SECRET, Shopify
from wordmouth.integrations.shopify.twin import ShopifyTwin
from wordmouth.integrations.shopify.verify import signature
from wordmouth.kit import clock


class ShopifyBench(ApiBench[ShopifyTwin]):
    """See `tests.shops.bench_api.ApiBench`."""

    proof = "x-shopify-hmac-sha256"

    def __init__(self) -> None:
        super().__init__(Shopify(HTTP), ShopifyTwin())

    def options(self) -> dict[str, str]:
        return {"url": self.twin.url, "client_id": self.twin.client_id}

    def secrets(self) -> dict[str, str]:
        return {SECRET: self.twin.secrets[0]}

    def connect(self) -> str:
        self.twin.customer("ana@example.com")
        return super().connect()

    def put(self, sale: Sale, back: list[Decimal]) -> str:
        known = {"id": int(sale.customer), "email": sale.email} if sale.customer else None
        person = known and {**forms.customer(0, sale.email, clock.now()), **known}
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
        return str(number)

    def deliveries(self) -> list[Told]:
        return [Told(headers=sent.headers, body=sent.body) for sent in self.twin.deliveries()]

    def remove(self) -> None:
        self.twin.uninstall()

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        name = f"{like.headers['x-shopify-webhook-id']}-{hashlib.sha256(body).hexdigest()[:8]}"
        proof = {
            self.proof: signature(secret.encode(), body),
            "x-shopify-webhook-id": name,
        }
        return Told(headers={**like.headers, **proof}, body=body)

    def errors(self) -> list[bytes]:
        return [
            b'{"errors": "Not Found"}',
            b'{"errors": [{"message": "Throttled"}]}',
            b'{"id": 25}',
            b'{"id": 25, "currency": "EURO", "total_price": "1", "created_at": "x"}',
            b"<h1>Service unavailable</h1>",
            *NO_THINGS,
        ]

    def usable(self, code: str) -> int:
        return self.twin.usable(code)

    def change_key(self, *, back: bool = False) -> None:
        self.twin.secrets = ["shpss_1"] if back else ["shpss_2"]
        self.twin.tokens.clear()
        self.twin.installed |= back

    def switch_off(self) -> None:
        self.twin.hooks.clear()
