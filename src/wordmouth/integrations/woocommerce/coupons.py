"""Coupons in a WooCommerce shop.

A coupon of ours carries a note with the digest of its terms. One without that note is the shop's
own, whatever its code: it is neither taken for ours nor touched.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, CouponState, Refused
from wordmouth.integrations.shop_calls import SaidNo, ShopCalls
from wordmouth.integrations.woocommerce import wire
from wordmouth.kit import clock
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product"})
TERMS_NOTE, REVOKED_NOTE = "_wordmouth_terms", "_wordmouth_revoked"
LONG_AGO = "2000-01-01T00:00:00Z"
EXISTS = "woocommerce_rest_coupon_code_already_exists"


class WooCoupons:
    """See `fulfilment.ports.CouponPort`."""

    kinds = KINDS

    def __init__(self, shop: ShopCalls) -> None:
        self._shop = shop

    def find(self, code: str) -> CouponState | None:
        """Our coupon of that code, or None. Raises CouponRefused, CouponUnreachable."""
        found = self._ours(code)
        return _state(code, found) if found else None

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon; the same spec again gives the one that is there."""
        if known := self._there(spec):
            return known
        try:
            made = self._shop.post("/coupons", self._terms(spec))
        except SaidNo as no:
            # Another try of ours may have come first.
            if no.code == EXISTS and (known := self._there(spec)):
                return known
            raise Refused(no.words) from no
        return _state(spec.code, self._shop.read(made, wire.Coupon))

    def revoke(self, code: str, key: str) -> CouponState | None:
        """Make the coupon run out long ago; it stays in the shop's list, with how often it was
        used up to that moment. None when there is none of ours."""
        found = self._ours(code)
        if found is None:
            return None
        state = _state(code, found)
        if state.state in ("used", "revoked"):
            return state
        notes = [{"key": REVOKED_NOTE, "value": clock.now().isoformat()}]
        ended = {"date_expires": LONG_AGO, "meta_data": notes}
        try:
            done = self._shop.post(f"/coupons/{found.id}", ended)
        except SaidNo as no:
            if no.status == 404:
                return None
            raise Refused(no.words) from no
        return _state(code, self._shop.read(done, wire.Coupon))

    def _listed(self, code: str) -> wire.Coupon | None:
        try:
            answer = self._shop.get("/coupons", code=code)
        except SaidNo as no:
            raise Refused(no.words) from no
        found = self._shop.read(answer, list[wire.Coupon])
        # WooCommerce does not tell capitals apart, and writes codes in small letters.
        return next((each for each in found if each.code.upper() == code.upper()), None)

    def _ours(self, code: str) -> wire.Coupon | None:
        found = self._listed(code)
        return found if found and _note(found, TERMS_NOTE) else None

    def _there(self, spec: CouponSpec) -> CouponState | None:
        """The coupon with this very spec, if it is there. Raises Refused: it is another one."""
        found = self._listed(spec.code)
        if found is None:
            return None
        if _note(found, TERMS_NOTE) != _digest(spec):
            whose = "with other terms" if _note(found, TERMS_NOTE) else "of the shop's own"
            raise Refused(f"There is a coupon {spec.code} {whose} already.")
        return _state(spec.code, found)

    def _terms(self, spec: CouponSpec) -> dict[str, Any]:
        """The coupon as WooCommerce takes it. Raises Refused for what it cannot express."""
        if spec.kind not in KINDS:
            raise Refused(f"WooCommerce makes no {spec.kind}; it makes {', '.join(sorted(KINDS))}.")
        told: dict[str, Any] = {
            "code": spec.code,
            "description": spec.description,
            "usage_limit": spec.usage_limit,
            "meta_data": [{"key": TERMS_NOTE, "value": _digest(spec)}],
            **self._worth(spec),
        }
        if spec.expires_at is not None:
            # Without a zone it would be taken in the shop's own; date_expires_gmt is not read.
            told["date_expires"] = spec.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if spec.min_order is not None:
            self._check_currency(spec)
            told["minimum_amount"] = str(to_decimal(spec.min_order, spec.currency))
        if spec.customer_email:
            told["email_restrictions"] = [spec.customer_email]
        return told

    def _worth(self, spec: CouponSpec) -> dict[str, Any]:
        if spec.kind == "percent_off":
            return {"discount_type": "percent", "amount": str(spec.value)}
        if spec.kind == "amount_off":
            self._check_currency(spec)
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

    def _check_currency(self, spec: CouponSpec) -> None:
        """A coupon has no currency of its own: it is worth so much of the shop's."""
        try:
            answer = self._shop.get("/data/currencies/current")
        except SaidNo as no:
            raise Refused(no.words) from no
        theirs = self._shop.read(answer, wire.Currency).code
        if theirs != spec.currency:
            raise Refused(
                f"The shop counts in {theirs}; a coupon in {spec.currency} would be worth "
                "something else there."
            )


def _digest(spec: CouponSpec) -> str:
    """Of what makes the coupon another one; the words about it do not."""
    terms = msgspec.json.encode(msgspec.structs.replace(spec, description=""), order="sorted")
    return hashlib.sha256(terms).hexdigest()[:32]


def _note(coupon: wire.Coupon, key: str) -> str:
    found = next((note.value for note in coupon.meta_data if note.key == key), "")
    return found if isinstance(found, str) else ""


def _state(code: str, coupon: wire.Coupon) -> CouponState:
    state = "active"
    if coupon.usage_count > 0:
        state = "used"
    elif _note(coupon, REVOKED_NOTE) or coupon.status != "publish":
        state = "revoked"
    elif _has_run_out(coupon):
        state = "expired"
    return CouponState(
        code=code, state=state, times_used=coupon.usage_count, reference=str(coupon.id)
    )


def _has_run_out(coupon: wire.Coupon) -> bool:
    if not coupon.date_expires_gmt:
        return False
    try:
        at = datetime.fromisoformat(coupon.date_expires_gmt)
    except ValueError:
        return False
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) <= clock.now()
