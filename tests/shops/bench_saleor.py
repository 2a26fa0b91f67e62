"""A Saleor on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.shops.bench import Sale, Told
from tests.shops.bench_api import HTTP, NO_THINGS, ApiBench
from wordmouth.integrations.saleor import twin_forms as forms
from wordmouth.integrations.saleor.adapter import TOKEN, Saleor
from wordmouth.integrations.saleor.twin import SaleorTwin
from wordmouth.integrations.saleor.verify import hmac_signature
from wordmouth.kit import clock


class SaleorBench(ApiBench[SaleorTwin]):
    """See `tests.shops.bench_api.ApiBench`."""

    proof = "saleor-signature"

    def __init__(self) -> None:
        super().__init__(Saleor(HTTP), SaleorTwin())

    def options(self) -> dict[str, str]:
        return {"url": f"{self.twin.url}/graphql/"}

    def secrets(self) -> dict[str, str]:
        return {TOKEN: self.twin.token}

    def connect(self) -> str:
        self.twin.customer("ana@example.com")
        return super().connect()

    def put(self, sale: Sale, back: list[Decimal]) -> str:
        name = forms.name_of("User", sale.customer)
        cancelled = {"status": "CANCELED"} if sale.cancelled else {}
        return self.twin.order(
            sale.id,
            total=str(sale.total),
            currency=sale.currency,
            paid=sale.paid,
            refunds=[str(amount) for amount in back],
            userEmail=sale.email,
            user=forms.customer(name, sale.email, clock.now()) if sale.customer else None,
            voucherCode=sale.code or None,
            **cancelled,
        )

    def deliveries(self) -> list[Told]:
        """One change is told once for each of its events, in the same words: such count as one."""
        told = {sent.body: sent.headers for sent in self.twin.deliveries()}
        return [Told(headers=headers, body=body) for body, headers in told.items()]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        proof = {self.proof: hmac_signature(secret.encode(), body)}
        return Told(headers={**like.headers, **proof}, body=body)

    def errors(self) -> list[bytes]:
        return [
            b'{"errors": [{"message": "Cannot return null for non-nullable field"}]}',
            b'{"order": null, "errors": []}',
            b'{"order": {"id": "T3JkZXI6MQ=="}}',
            b'{"order": {"id": 7, "total": "80"}}',
            b"<h1>Service unavailable</h1>",
            *NO_THINGS,
        ]

    def usable(self, code: str) -> int:
        return self.twin.usable(code)

    def change_key(self, *, back: bool = False) -> None:
        self.twin.token = "token-1" if back else "token-2"

    def switch_off(self) -> None:
        for hook in self.twin.hooks.values():
            hook["isActive"] = False
