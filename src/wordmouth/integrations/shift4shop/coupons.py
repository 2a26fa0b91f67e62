"""Coupons in a Shift4Shop shop: promotions with a code.

Whether the shop refuses a second promotion of the same code is not known, so all of them are looked
through before one is made. One of ours is known by its name, under which the shop finds it, and has
the digest of its terms in its description.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations.shift4shop import wire
from wordmouth.integrations.shift4shop.api import S4SApi
from wordmouth.integrations.shift4shop.calls import PER_PAGE, WHO, S4SCalls
from wordmouth.integrations.shift4shop.parse import EASTERN, read_time
from wordmouth.integrations.shop_coupons import Known, ShopCoupons, digest, end_of
from wordmouth.kit import clock
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
PATH = "/Promotions"
ON, OFF = 1, 0


class S4SCoupons(ShopCoupons):
    """See `integrations.shop_coupons.ShopCoupons`."""

    who = WHO
    kinds = KINDS

    def __init__(self, shop: S4SCalls) -> None:
        self._shop = shop

    def look_up(self, code: str) -> Known | None:
        """By looking through all of them: the shop finds no code, only names."""
        same = (
            each for each in self._all() if (each.promotion_coupon or "").upper() == code.upper()
        )
        found = next(same, None)
        return _known(found, code) if found else None

    def ours(self, code: str) -> Known | None:
        """The one with our name."""
        listed = (_known(each, code) for each in self._all(promotion=_name(code)))
        return next((known for known in listed if known.terms), None)

    def make(self, spec: CouponSpec) -> Known:
        """Make it and look for it: the answer does not tell it whole."""
        self._shop.post(PATH, _terms(spec))
        made = self.ours(spec.code)
        if made is None:
            raise Refused(f"{WHO} made the coupon {spec.code} and does not list it.")
        return made

    def end(self, code: str, known: Known) -> Known | None:
        """Switch it off."""
        told = {"PromotionID": int(known.id), "PromotionEnabled": OFF}
        self._shop.ask("PUT", f"{PATH}/{known.id}", told)
        return self.ours(code)

    def currency(self) -> str:
        """The shop's currency."""
        return S4SApi(self._shop, ()).currency

    def _all(self, **query: str) -> Iterator[wire.Promotion]:
        offset = 1
        while True:
            found = self._shop.listed(PATH, wire.Promotion, limit=PER_PAGE, offset=offset, **query)
            yield from found
            if len(found) < PER_PAGE:
                return
            offset += PER_PAGE


def _terms(spec: CouponSpec) -> dict[str, Any]:
    """The coupon as Shift4Shop takes it."""
    told: dict[str, Any] = {
        "PromotionName": _name(spec.code),
        "PromotionDescription": digest(spec),
        "PromotionCoupon": spec.code,
        "PromotionStart": _eastern(clock.now()),
        "PromotionEnabled": ON,
        "PromotionMaxUses": spec.usage_limit,
        **_worth(spec),
    }
    if spec.expires_at is not None:
        told["PromotionEnd"] = _eastern(spec.expires_at)
    if spec.min_order is not None:
        told["PromotionCheckByAmount"] = ON
        told["PromotionByAmount"] = float(to_decimal(spec.min_order, spec.currency))
    return told


def _worth(spec: CouponSpec) -> dict[str, Any]:
    if spec.kind == "percent_off":
        return {"PromotionPercentage": spec.value}
    if spec.kind == "free_shipping":
        return {"PromotionFreeShipping": ON}
    return {"PromotionAmount": float(to_decimal(spec.value, spec.currency))}


def _name(code: str) -> str:
    return f"Wordmouth {code}"


def _eastern(at: datetime) -> str:
    return at.astimezone(EASTERN).strftime("%Y-%m-%dT%H:%M:%S")


def _known(promotion: wire.Promotion, code: str) -> Known:
    ours = promotion.promotion_name == _name(code)
    return Known(
        id=str(promotion.promotion_id),
        # One of ours whose description somebody changed is ours all the same, with other terms.
        terms=(promotion.promotion_description or "changed") if ours else "",
        uses=promotion.promotion_uses or 0,
        ended=promotion.promotion_enabled != ON,
        ends=end_of(promotion.promotion_end, read_time),
    )
