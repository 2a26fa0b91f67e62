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

from datetime import UTC
from email.utils import format_datetime
from typing import Any

from wordmouth.fulfilment.ports import CouponSpec
from wordmouth.integrations.bigcommerce import wire
from wordmouth.integrations.bigcommerce.calls import WHO, BigCalls
from wordmouth.integrations.bigcommerce.parse import read_time
from wordmouth.integrations.shop_coupons import Known, ShopCoupons, digest, end_of
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
OURS = "Wordmouth"
EVERYTHING = {"entity": "categories", "ids": [0]}
"""What a coupon is good for. It must be told with every change too, or it is cleared."""
PATH = "/v2/coupons"


class BigCoupons(ShopCoupons):
    """See `integrations.shop_coupons.ShopCoupons`."""

    who = WHO
    kinds = KINDS

    def __init__(self, shop: BigCalls) -> None:
        self._shop = shop

    def look_up(self, code: str) -> Known | None:
        """BigCommerce does not tell capitals apart."""
        found = self._shop.listed(self._shop.get(PATH, code=code), wire.Coupon)
        same = (each for each in found if each.code.upper() == code.upper())
        coupon = next(same, None)
        return _known(coupon) if coupon else None

    def make(self, spec: CouponSpec) -> Known:
        """One call; the shop refuses a code or a name that it has."""
        made = self._shop.post(PATH, _terms(spec))
        return _known(self._shop.read(made, wire.Coupon))

    def end(self, code: str, known: Known) -> Known:
        """Switch it off."""
        told = {"enabled": False, "applies_to": EVERYTHING}
        done = self._shop.ask("PUT", f"{PATH}/{known.id}", told)
        return _known(self._shop.read(done, wire.Coupon))

    def currency(self) -> str:
        """The shop's currency."""
        return self._shop.read(self._shop.get("/v2/store"), wire.Store).currency


def _terms(spec: CouponSpec) -> dict[str, Any]:
    """The coupon as BigCommerce takes it."""
    told: dict[str, Any] = {
        "name": f"{OURS} {spec.code} {digest(spec)}",
        "code": spec.code,
        "enabled": True,
        "applies_to": EVERYTHING,
        "max_uses": spec.usage_limit,
        **_worth(spec),
    }
    if spec.expires_at is not None:
        told["expires"] = format_datetime(spec.expires_at.astimezone(UTC))
    if spec.min_order is not None:
        told["min_purchase"] = str(to_decimal(spec.min_order, spec.currency))
    return told


def _worth(spec: CouponSpec) -> dict[str, str]:
    if spec.kind == "percent_off":
        return {"type": "percentage_discount", "amount": str(spec.value)}
    if spec.kind == "free_shipping":
        return {"type": "free_shipping", "amount": "0"}
    worth = str(to_decimal(spec.value, spec.currency))
    return {"type": "per_total_discount", "amount": worth}


def _known(coupon: wire.Coupon) -> Known:
    mark = f"{OURS} {coupon.code} "
    return Known(
        id=str(coupon.id),
        terms=coupon.name.removeprefix(mark) if coupon.name.startswith(mark) else "",
        uses=coupon.num_uses,
        ended=not coupon.enabled,
        ends=end_of(coupon.expires, read_time),
    )
