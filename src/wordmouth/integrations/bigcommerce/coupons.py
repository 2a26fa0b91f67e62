"""Coupons in a BigCommerce shop, by v2.

BigCommerce has two kinds: coupons (v2), each with its own terms, and promotions (v3) with codes
below them. These are v2: one call makes code and terms together, the shop itself refuses a second
coupon of the same code or name, and every reward has an expiry of its own. In v3 a crash between
its two calls would leave a promotion without a code, and each reward would be one more promotion
that the shop works out for every cart. What v2 does not have is a free product, and a coupon for
one customer alone.

A coupon of ours has a name of ours with the digest of its terms in it; the shop sees to it that no
other has the same. One of another name is the shop's own, whatever its code.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from email.utils import format_datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, CouponState, Refused
from wordmouth.integrations.bigcommerce import wire
from wordmouth.integrations.bigcommerce.calls import WHO, BigCalls
from wordmouth.integrations.bigcommerce.parse import read_time
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.kit import clock
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
OURS = "Wordmouth"
EVERYTHING = {"entity": "categories", "ids": [0]}
"""What a coupon is good for. It must be told with every change too, or it is cleared."""
PATH = "/v2/coupons"


class BigCoupons:
    """See `fulfilment.ports.CouponPort`."""

    kinds = KINDS

    def __init__(self, shop: BigCalls) -> None:
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
            made = self._shop.post(PATH, self._terms(spec))
        except SaidNo as no:
            # Another try of ours may have come first.
            if no.status == 409 and (known := self._there(spec)):
                return known
            raise Refused(no.words) from no
        return _state(spec.code, self._shop.read(made, wire.Coupon))

    def revoke(self, code: str, key: str) -> CouponState | None:
        """Switch the coupon off; it stays in the shop's list, with how often it was used up to
        that moment. None when there is none of ours."""
        found = self._ours(code)
        if found is None:
            return None
        state = _state(code, found)
        if state.state in ("used", "revoked"):
            return state
        told = {"enabled": False, "applies_to": EVERYTHING}
        try:
            done = self._shop.ask("PUT", f"{PATH}/{found.id}", told)
        except SaidNo as no:
            if no.status == 404:
                return None
            raise Refused(no.words) from no
        return _state(code, self._shop.read(done, wire.Coupon))

    def _listed(self, code: str) -> wire.Coupon | None:
        try:
            answer = self._shop.get(PATH, code=code)
        except SaidNo as no:
            raise Refused(no.words) from no
        found = self._shop.listed(answer, wire.Coupon)
        return next((each for each in found if each.code.upper() == code.upper()), None)

    def _ours(self, code: str) -> wire.Coupon | None:
        found = self._listed(code)
        return found if found and _is_ours(found) else None

    def _there(self, spec: CouponSpec) -> CouponState | None:
        """The coupon with this very spec, if it is there. Raises Refused: it is another one."""
        found = self._listed(spec.code)
        if found is None:
            return None
        if found.name != _name(spec):
            whose = "with other terms" if _is_ours(found) else "of the shop's own"
            raise Refused(f"There is a coupon {spec.code} {whose} already.")
        return _state(spec.code, found)

    def _terms(self, spec: CouponSpec) -> dict[str, Any]:
        """The coupon as BigCommerce takes it. Raises Refused for what it cannot express."""
        if spec.kind not in KINDS:
            raise Refused(f"{WHO} makes no {spec.kind}; it makes {', '.join(sorted(KINDS))}.")
        if spec.customer_email:
            raise Refused(f"{WHO} makes no coupon for one customer alone.")
        told: dict[str, Any] = {
            "name": _name(spec),
            "code": spec.code,
            "enabled": True,
            "applies_to": EVERYTHING,
            "max_uses": spec.usage_limit,
            **self._worth(spec),
        }
        if spec.expires_at is not None:
            told["expires"] = format_datetime(spec.expires_at.astimezone(UTC))
        if spec.min_order is not None:
            self._check_currency(spec)
            told["min_purchase"] = str(to_decimal(spec.min_order, spec.currency))
        return told

    def _worth(self, spec: CouponSpec) -> dict[str, str]:
        if spec.kind == "percent_off":
            return {"type": "percentage_discount", "amount": str(spec.value)}
        if spec.kind == "free_shipping":
            return {"type": "free_shipping", "amount": "0"}
        self._check_currency(spec)
        worth = str(to_decimal(spec.value, spec.currency))
        return {"type": "per_total_discount", "amount": worth}

    def _check_currency(self, spec: CouponSpec) -> None:
        """A coupon has no currency of its own: it is worth so much of the shop's."""
        try:
            answer = self._shop.get("/v2/store")
        except SaidNo as no:
            raise Refused(no.words) from no
        theirs = self._shop.read(answer, wire.Store).currency
        if theirs != spec.currency:
            raise Refused(
                f"The shop counts in {theirs}; a coupon in {spec.currency} would be worth "
                "something else there."
            )


def _name(spec: CouponSpec) -> str:
    """A name that no other coupon has, with the digest of what makes it another one; the words
    about it do not."""
    terms = msgspec.json.encode(msgspec.structs.replace(spec, description=""), order="sorted")
    return f"{OURS} {spec.code} {hashlib.sha256(terms).hexdigest()[:32]}"


def _is_ours(coupon: wire.Coupon) -> bool:
    return coupon.name.startswith(f"{OURS} {coupon.code} ")


def _state(code: str, coupon: wire.Coupon) -> CouponState:
    state = "active"
    if coupon.num_uses > 0:
        state = "used"
    elif not coupon.enabled:
        state = "revoked"
    elif _has_run_out(coupon):
        state = "expired"
    return CouponState(code=code, state=state, times_used=coupon.num_uses, reference=str(coupon.id))


def _has_run_out(coupon: wire.Coupon) -> bool:
    if not coupon.expires:
        return False
    try:
        return read_time(coupon.expires) <= clock.now()
    except ValueError:
        return False
