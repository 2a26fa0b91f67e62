"""Coupons in a WooCommerce shop. The mark of ours is a note of the coupon."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations.shop_calls import SaidNo, ShopCalls
from wordmouth.integrations.shop_coupons import Known, ShopCoupons, digest, end_of
from wordmouth.integrations.shop_facts import in_utc
from wordmouth.integrations.woocommerce import wire
from wordmouth.kit import clock
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product"})
TERMS_NOTE, REVOKED_NOTE = "_wordmouth_terms", "_wordmouth_revoked"
LONG_AGO = "2000-01-01T00:00:00Z"


class WooCoupons(ShopCoupons):
    """See `integrations.shop_coupons.ShopCoupons`."""

    who = "WooCommerce"
    kinds = KINDS
    locks = True

    def __init__(self, shop: ShopCalls) -> None:
        self._shop = shop

    def look_up(self, code: str) -> Known | None:
        """WooCommerce does not tell capitals apart, and writes codes in small letters."""
        found = self._shop.read(self._shop.get("/coupons", code=code), list[wire.Coupon])
        same = (each for each in found if each.code.upper() == code.upper())
        coupon = next(same, None)
        return _known(coupon) if coupon else None

    def make(self, spec: CouponSpec) -> Known:
        """One call; the shop refuses a code that it has."""
        made = self._shop.post("/coupons", self._terms(spec))
        return _known(self._shop.read(made, wire.Coupon))

    def end(self, code: str, known: Known) -> Known:
        """Make it run out long ago, with a note that says since when."""
        notes = [{"key": REVOKED_NOTE, "value": clock.now().isoformat()}]
        told = {"date_expires": LONG_AGO, "meta_data": notes}
        done = self._shop.post(f"/coupons/{known.id}", told)
        return _known(self._shop.read(done, wire.Coupon))

    def currency(self) -> str:
        """The shop's currency."""
        answer = self._shop.get("/data/currencies/current")
        return self._shop.read(answer, wire.Currency).code

    def _terms(self, spec: CouponSpec) -> dict[str, Any]:
        """The coupon as WooCommerce takes it."""
        told: dict[str, Any] = {
            "code": spec.code,
            "description": spec.description,
            "usage_limit": spec.usage_limit,
            "meta_data": [{"key": TERMS_NOTE, "value": digest(spec)}],
            **self._worth(spec),
        }
        if spec.expires_at is not None:
            # Without a zone it would be taken in the shop's own; date_expires_gmt is not read.
            told["date_expires"] = spec.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if spec.min_order is not None:
            told["minimum_amount"] = str(to_decimal(spec.min_order, spec.currency))
        if spec.customer_email:
            told["email_restrictions"] = [spec.customer_email]
        return told

    def _worth(self, spec: CouponSpec) -> dict[str, Any]:
        if spec.kind == "percent_off":
            return {"discount_type": "percent", "amount": str(spec.value)}
        if spec.kind == "amount_off":
            worth = str(to_decimal(spec.value, spec.currency))
            return {"discount_type": "fixed_cart", "amount": worth}
        if spec.kind == "free_shipping":
            return {"discount_type": "fixed_cart", "amount": "0", "free_shipping": True}
        return {
            "discount_type": "percent",
            "amount": "100",
            "product_ids": [self._product(spec.product)],
            "limit_usage_to_x_items": 1,
        }

    def _product(self, product: str | None) -> int:
        """The number of a product that the shop has. Raises Refused."""
        if not product or not product.isdigit():
            raise Refused(f"A product of WooCommerce has a number, not {product!r}.")
        try:
            answer = self._shop.get(f"/products/{product}")
        except SaidNo as no:
            raise Refused(f"The shop has no product {product}. {no.words}") from no
        return self._shop.read(answer, wire.Named).id


def _known(coupon: wire.Coupon) -> Known:
    return Known(
        id=str(coupon.id),
        terms=_note(coupon, TERMS_NOTE),
        uses=coupon.usage_count,
        ended=bool(_note(coupon, REVOKED_NOTE)) or coupon.status != "publish",
        ends=end_of(coupon.date_expires_gmt, in_utc),
    )


def _note(coupon: wire.Coupon, key: str) -> str:
    found = next((note.value for note in coupon.meta_data if note.key == key), "")
    return found if isinstance(found, str) else ""
