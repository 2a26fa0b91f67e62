"""Coupons in a Saleor shop: vouchers with one code each, since Saleor counts uses over all codes of
a voucher, and lets all of them end at once.

A voucher of ours has the digest of its terms and its end in its name, which only staff see. One
without is the shop's own, whatever its code. What a voucher is worth is told to each channel by
itself, in a second call; until then it is worth nothing anywhere and counts as not made.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations.saleor import questions, wire
from wordmouth.integrations.saleor.calls import WHO, SaleorCalls, no_of
from wordmouth.integrations.saleor.wire import Camel
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.integrations.shop_coupons import Known, ShopCoupons, digest
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product"})
BEGINS = "2020-01-01T00:00:00+00:00"
"""Coupons begin long ago, so that none is useless while Saleor's clock is behind ours."""
TAKEN_BACK = "2020-01-02T00:00:00+00:00"
"""The end of a coupon that was taken back: over by any clock, and before any end that was meant."""
LONGEST_NAME, OPEN = 255, "open"
_NAME = re.compile(r".*\(wordmouth ([0-9a-f]{32}) (\S+)\)", re.DOTALL)


class _Edge(Camel, frozen=True):
    node: wire.Voucher


class _List(Camel, frozen=True):
    edges: tuple[_Edge, ...]


class _Found(Camel, frozen=True):
    vouchers: _List


class _Channels(Camel, frozen=True):
    channels: tuple[wire.Channel, ...] | None


class _Change(Camel, frozen=True):
    voucher: wire.Voucher | None = None
    errors: tuple[wire.UserError, ...] = ()


class _Made(Camel, frozen=True):
    voucher_create: _Change


class _Listed(Camel, frozen=True):
    voucher_channel_listing_update: _Change


class _Changed(Camel, frozen=True):
    voucher_update: _Change


class _Deleted(Camel, frozen=True):
    voucher_delete: msgspec.Raw


class SaleorCoupons(ShopCoupons):
    """See `integrations.shop_coupons.ShopCoupons`."""

    who = WHO
    kinds = KINDS

    def __init__(self, shop: SaleorCalls) -> None:
        self._shop = shop

    def look_up(self, code: str) -> Known | None:
        """Saleor tells capitals apart. One of ours that is half made is none yet."""
        found = self._voucher(code)
        if found is None or _is_half(found):
            return None
        return _known(code, found)

    def make(self, spec: CouponSpec) -> Known:
        """The voucher, unless an earlier try came so far, and then what it is worth in each
        channel."""
        listings = self._listings(spec)
        half = self._voucher(spec.code)
        if half and not _is_half(half):
            raise SaidNo(409, "", f"{WHO} has a voucher {spec.code} since a moment ago.")
        if half and not _is_of(spec, half):
            self._shop.ask(questions.DELETE, _Deleted, id=half.id)
            half = None
        if half is None:
            made = self._shop.ask(questions.MAKE, _Made, input=_terms(spec)).voucher_create
            half = _given(made)
        told = {"id": half.id, "input": {"addChannels": listings}}
        listed = self._shop.ask(questions.LIST, _Listed, **told).voucher_channel_listing_update
        return _known(spec.code, _given(listed))

    def end(self, code: str, known: Known) -> Known | None:
        """Let it have run out; it stays in the shop's list."""
        told = {"id": known.id, "input": {"endDate": TAKEN_BACK}}
        ended = self._shop.ask(questions.CHANGE, _Changed, **told).voucher_update
        return _known(code, _given(ended))

    def currency(self) -> str:
        """What the channels count in, each currency once."""
        return ", ".join(sorted({each.currency_code for each in self._channels()}))

    def _check_currency(self, spec: CouponSpec) -> None:
        """Every channel has a currency of its own; one that fits is enough."""
        if spec.currency not in self.currency().split(", "):
            super()._check_currency(spec)

    def _voucher(self, code: str) -> wire.Voucher | None:
        """The voucher with that code. The search finds parts of codes too."""
        found = self._shop.ask(questions.FIND, _Found, code=code).vouchers
        nodes = (edge.node for edge in found.edges)
        return next((each for each in nodes if _code(code, each)), None)

    def _channels(self) -> list[wire.Channel]:
        found = self._shop.ask(questions.CHANNELS, _Channels).channels or ()
        return [each for each in found if each.is_active]

    def _listings(self, spec: CouponSpec) -> list[dict[str, Any]]:
        """What it is worth in each channel where it can be told: an amount, also a least one, only
        in channels of its currency."""
        bound = spec.kind == "amount_off" or spec.min_order is not None
        channels = [
            each for each in self._channels() if not bound or each.currency_code == spec.currency
        ]
        if not channels:
            raise Refused(f"{WHO} has no active channel in which the coupon could be used.")
        worth = {"discountValue": _worth(spec)}
        if spec.min_order is not None:
            worth["minAmountSpent"] = str(to_decimal(spec.min_order, spec.currency))
        return [{"channelId": each.id, **worth} for each in channels]


def _terms(spec: CouponSpec) -> dict[str, Any]:
    """The voucher as Saleor takes it."""
    told: dict[str, Any] = {
        "name": _name(spec),
        "addCodes": [spec.code],
        "type": "ENTIRE_ORDER",
        "discountValueType": "FIXED" if spec.kind == "amount_off" else "PERCENTAGE",
        "startDate": BEGINS,
        "endDate": _text(spec.expires_at) if spec.expires_at else None,
        "usageLimit": spec.usage_limit,
    }
    if spec.kind == "free_shipping":
        told["type"] = "SHIPPING"
    elif spec.kind == "free_product":
        # Once in an order means one piece of it.
        told |= {"type": "SPECIFIC_PRODUCT", "applyOncePerOrder": True}
        told["products"] = [_product(spec.product or "")]
    return told


def _product(name: str) -> str:
    """Saleor's id of a product, of which the number alone is enough."""
    return base64.b64encode(f"Product:{name}".encode()).decode() if name.isdigit() else name


def _worth(spec: CouponSpec) -> str:
    if spec.kind == "percent_off":
        return str(spec.value)
    if spec.kind == "amount_off":
        return str(to_decimal(spec.value, spec.currency))
    return "100"


def _given(change: _Change) -> wire.Voucher:
    """The voucher as it is after a change. Raises SaidNo."""
    if change.errors or change.voucher is None:
        raise no_of(change.errors)
    return change.voucher


def _name(spec: CouponSpec) -> str:
    ends = _text(spec.expires_at) if spec.expires_at else OPEN
    marks = f" (wordmouth {digest(spec)} {ends})"
    return spec.description[: LONGEST_NAME - len(marks)] + marks


def _marks(voucher: wire.Voucher) -> tuple[str, str]:
    """The digest of the terms and the end that was meant; empty: it is not ours."""
    found = _NAME.fullmatch(voucher.name or "")
    return (found[1], found[2]) if found else ("", "")


def _is_half(voucher: wire.Voucher) -> bool:
    return bool(_marks(voucher)[0]) and not voucher.channel_listings


def _is_of(spec: CouponSpec, voucher: wire.Voucher) -> bool:
    return _marks(voucher)[0] == digest(spec)


def _code(code: str, voucher: wire.Voucher) -> wire.CodeNode | None:
    nodes = (edge.node for edge in (voucher.codes.edges if voucher.codes else ()))
    return next((each for each in nodes if each.code == code), None)


def _known(code: str, voucher: wire.Voucher) -> Known:
    """Ended before its time means taken back, by us or by the merchant."""
    terms, meant = _marks(voucher)
    found = _code(code, voucher)
    ends = voucher.end_date
    before = ends is not None and (meant == OPEN or _text(ends) < meant)
    return Known(
        id=voucher.id,
        terms=terms,
        uses=(found.used or 0) if found else 0,
        ended=bool(terms) and before,
        ends=ends,
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
