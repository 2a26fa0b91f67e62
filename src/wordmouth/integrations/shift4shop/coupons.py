"""Coupons in a Shift4Shop shop: promotions with a code.

Whether the shop refuses a second promotion of the same code is not known, so all of them are looked
through before one is made. One of ours is known by its name, under which the shop finds it, and has
the digest of its terms in its description.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, CouponState, Refused
from wordmouth.integrations.shift4shop import wire
from wordmouth.integrations.shift4shop.api import S4SApi
from wordmouth.integrations.shift4shop.calls import PER_PAGE, WHO, S4SCalls
from wordmouth.integrations.shift4shop.parse import EASTERN, read_time
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.kit import clock
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
PATH = "/Promotions"
ON, OFF = 1, 0


class S4SCoupons:
    """See `fulfilment.ports.CouponPort`."""

    kinds = KINDS

    def __init__(self, shop: S4SCalls) -> None:
        self._shop = shop

    def find(self, code: str) -> CouponState | None:
        """Our coupon of that code, or None. Raises CouponRefused, CouponUnreachable."""
        found = self._ours(code)
        return _state(code, found) if found else None

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon; the same spec again gives the one that is there."""
        terms = self._terms(spec)
        for known in self._all():
            if (known.promotion_coupon or "").upper() == spec.code.upper():
                if known.promotion_description == terms["PromotionDescription"]:
                    return _state(spec.code, known)
                whose = "with other terms" if _is_ours(known, spec.code) else "of the shop's own"
                raise Refused(f"There is a coupon {spec.code} {whose} already.")
        try:
            self._shop.post(PATH, terms)
        except SaidNo as no:
            raise Refused(no.words) from no
        made = self._ours(spec.code)
        if made is None:
            raise Refused(f"{WHO} made the coupon {spec.code} and does not list it.")
        return _state(spec.code, made)

    def revoke(self, code: str, key: str) -> CouponState | None:
        """Switch the coupon off; it stays in the shop's list, with how often it was used up to
        that moment. None when there is none of ours."""
        found = self._ours(code)
        if found is None:
            return None
        state = _state(code, found)
        if state.state in ("used", "revoked"):
            return state
        told = {"PromotionID": found.promotion_id, "PromotionEnabled": OFF}
        try:
            self._shop.ask("PUT", f"{PATH}/{found.promotion_id}", told)
        except SaidNo as no:
            if no.status == 404:
                return None
            raise Refused(no.words) from no
        off = self._ours(code)
        return _state(code, off) if off else None

    def _all(self, **query: str) -> Iterator[wire.Promotion]:
        offset = 1
        while True:
            try:
                found = self._shop.listed(
                    PATH, wire.Promotion, limit=PER_PAGE, offset=offset, **query
                )
            except SaidNo as no:
                raise Refused(no.words) from no
            yield from found
            if len(found) < PER_PAGE:
                return
            offset += PER_PAGE

    def _ours(self, code: str) -> wire.Promotion | None:
        found = self._all(promotion=_name(code))
        return next((each for each in found if _is_ours(each, code)), None)

    def _terms(self, spec: CouponSpec) -> dict[str, Any]:
        """The coupon as Shift4Shop takes it. Raises Refused for what it cannot express."""
        if spec.kind not in KINDS:
            raise Refused(f"{WHO} makes no {spec.kind}; it makes {', '.join(sorted(KINDS))}.")
        if spec.customer_email:
            raise Refused(f"{WHO} makes no coupon for one customer alone.")
        told: dict[str, Any] = {
            "PromotionName": _name(spec.code),
            "PromotionDescription": _digest(spec),
            "PromotionCoupon": spec.code,
            "PromotionStart": _eastern(clock.now()),
            "PromotionEnabled": ON,
            "PromotionMaxUses": spec.usage_limit,
            **self._worth(spec),
        }
        if spec.expires_at is not None:
            told["PromotionEnd"] = _eastern(spec.expires_at)
        if spec.min_order is not None:
            self._check_currency(spec)
            told["PromotionCheckByAmount"] = ON
            told["PromotionByAmount"] = float(to_decimal(spec.min_order, spec.currency))
        return told

    def _worth(self, spec: CouponSpec) -> dict[str, Any]:
        if spec.kind == "percent_off":
            return {"PromotionPercentage": spec.value}
        if spec.kind == "free_shipping":
            return {"PromotionFreeShipping": ON}
        self._check_currency(spec)
        return {"PromotionAmount": float(to_decimal(spec.value, spec.currency))}

    def _check_currency(self, spec: CouponSpec) -> None:
        """A promotion has no currency of its own: it is worth so much of the shop's."""
        try:
            theirs = S4SApi(self._shop, ()).currency
        except SaidNo as no:
            raise Refused(no.words) from no
        if theirs != spec.currency:
            raise Refused(
                f"The shop counts in {theirs}; a coupon in {spec.currency} would be worth "
                "something else there."
            )


def _name(code: str) -> str:
    return f"Wordmouth {code}"


def _digest(spec: CouponSpec) -> str:
    """Of what makes the coupon another one; the words about it do not."""
    terms = msgspec.json.encode(msgspec.structs.replace(spec, description=""), order="sorted")
    return hashlib.sha256(terms).hexdigest()[:32]


def _is_ours(promotion: wire.Promotion, code: str) -> bool:
    return promotion.promotion_name == _name(code)


def _eastern(at: datetime) -> str:
    return at.astimezone(EASTERN).strftime("%Y-%m-%dT%H:%M:%S")


def _state(code: str, promotion: wire.Promotion) -> CouponState:
    uses = promotion.promotion_uses or 0
    state = "active"
    if uses > 0:
        state = "used"
    elif promotion.promotion_enabled != ON:
        state = "revoked"
    elif _has_run_out(promotion):
        state = "expired"
    number = str(promotion.promotion_id)
    return CouponState(code=code, state=state, times_used=uses, reference=number)


def _has_run_out(promotion: wire.Promotion) -> bool:
    if not promotion.promotion_end:
        return False
    try:
        return read_time(promotion.promotion_end) <= clock.now()
    except ValueError:
        return False
