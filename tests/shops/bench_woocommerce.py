"""A WooCommerce shop on the bench: its fake twin behind real HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.shops.bench import Sale, Told
from tests.shops.bench_api import HTTP, NO_THINGS, ApiBench
from wordmouth.integrations.woocommerce import twin_forms as forms
from wordmouth.integrations.woocommerce.adapter import SECRET, WooCommerce
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.integrations.woocommerce.verify import signature


class WooBench(ApiBench[WooTwin]):
    """See `tests.shops.bench_api.ApiBench`."""

    proof = "x-wc-webhook-signature"

    def __init__(self) -> None:
        super().__init__(WooCommerce(HTTP), WooTwin())

    def options(self) -> dict[str, str]:
        return {"url": self.twin.url, "key": self.twin.key}

    def secrets(self) -> dict[str, str]:
        return {SECRET: self.twin.secret}

    def put(self, sale: Sale, back: list[Decimal]) -> str:
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
        for amount in back:
            self.twin.refund(number, forms.amount(str(amount), sale.currency))
        return str(number)

    def deliveries(self) -> list[Told]:
        return [Told(headers=sent.headers, body=sent.body) for sent in self.twin.deliveries()]

    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told:
        proof = {self.proof: signature(secret.encode(), body)}
        return Told(headers={**like.headers, **proof}, body=body)

    def errors(self) -> list[bytes]:
        missing = forms.error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        return [
            forms.encoded(missing),
            b'{"id": 25}',
            b'{"id": 25, "status": "processing", "currency": "EURO", "total": "1"}',
            b'{"id": 25, "status": "on-hold", "currency": "EUR", "total": "NaN", "number": "1"}',
            b'{"id": 2, "status": "", "currency": "EUR", "total": "1", "date_paid_gmt": "soon"}',
            b"<p>There has been a critical error on this website.</p>",
            *NO_THINGS,
        ]

    def ping(self) -> Told | None:
        return Told(headers={}, body=self.twin.pings[-1])

    def usable(self, code: str) -> int:
        return sum(
            coupon["code"] == code.lower()
            and not coupon["usage_count"]
            and (coupon["date_expires_gmt"] or "9999") > self.twin.now()
            for coupon in self.twin.coupons.values()
        )

    def change_key(self, *, back: bool = False) -> None:
        self.twin.secret = "cs_1" if back else "cs_2"

    def switch_off(self) -> None:
        for hook in self.twin.hooks.values():
            hook["status"] = "disabled"
