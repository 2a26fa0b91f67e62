"""Coupons in a Shopify shop: discounts with one code each.

The mark of ours is in the title, which only staff see, with the end that was meant: Shopify ends a
discount by giving it another one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.integrations.shop_calls import SaidNo
from wordmouth.integrations.shop_coupons import Known, ShopCoupons, digest
from wordmouth.integrations.shopify import answers, questions
from wordmouth.integrations.shopify.answers import Camel, DiscountNode
from wordmouth.integrations.shopify.calls import WHO, ShopifyCalls, words_of
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
BEGINS = "2020-01-01T00:00:00Z"
"""Coupons begin long ago, so that none is useless while Shopify's clock is behind ours."""
UNDERSTOOD = 200
"""Shopify says no with this status."""
LONGEST_TITLE, OPEN = 255, "open"
_TITLE = re.compile(r".*\(wordmouth ([0-9a-f]{32}) (\S+)\)", re.DOTALL)


class _Found(Camel, frozen=True):
    code_discount_node_by_code: DiscountNode | None


class _Made(Camel, frozen=True):
    code_discount_node: DiscountNode | None = None
    user_errors: tuple[answers.UserError, ...] = ()


class _Basic(Camel, frozen=True):
    discount_code_basic_create: _Made


class _FreeShipping(Camel, frozen=True):
    discount_code_free_shipping_create: _Made


class _Ended(Camel, frozen=True):
    discount_code_deactivate: _Made


class _Customer(Camel, frozen=True):
    customer_by_identifier: answers.Named | None


class _Currency(Camel, frozen=True):
    currency_code: str


class _Shop(Camel, frozen=True):
    shop: _Currency


class ShopifyCoupons(ShopCoupons):
    """See `integrations.shop_coupons.ShopCoupons`."""

    who = WHO
    kinds = KINDS
    locks = True

    def __init__(self, shop: ShopifyCalls) -> None:
        self._shop = shop

    def look_up(self, code: str) -> Known | None:
        """The discount with that code."""
        found = self._shop.ask(questions.FIND, _Found, code=code).code_discount_node_by_code
        return _known(found) if found else None

    def make(self, spec: CouponSpec) -> Known:
        """One discount with one code; the shop refuses a code that it has."""
        told = self._terms(spec)
        if spec.kind == "free_shipping":
            told["destination"] = {"all": True}
            shipping = self._shop.ask(questions.FREE_SHIPPING, _FreeShipping, discount=told)
            made = shipping.discount_code_free_shipping_create
        else:
            told["customerGets"] = {"value": _worth(spec), "items": {"all": True}}
            basic = self._shop.ask(questions.BASIC, _Basic, discount=told)
            made = basic.discount_code_basic_create
        return _done(made, f"The coupon {spec.code} was not made.")

    def end(self, code: str, known: Known) -> Known:
        """Let it end now. One whose time is over cannot be ended."""
        if known.runs_out():
            return known
        ended = self._shop.ask(questions.DEACTIVATE, _Ended, id=known.id).discount_code_deactivate
        return _done(ended, f"The coupon {code} was not ended.")

    def currency(self) -> str:
        """The shop's currency."""
        return self._shop.ask(questions.SHOP, _Shop).shop.currency_code

    def _terms(self, spec: CouponSpec) -> dict[str, Any]:
        ends = _text(spec.expires_at) if spec.expires_at else None
        told: dict[str, Any] = {
            "title": _title(spec, ends),
            "code": spec.code,
            "startsAt": BEGINS,
            "endsAt": ends,
            "usageLimit": spec.usage_limit,
            "context": {"all": "ALL"},
        }
        if spec.customer_email:
            told["context"] = {"customers": {"add": [self._customer(spec.customer_email)]}}
        if spec.min_order is not None:
            least = str(to_decimal(spec.min_order, spec.currency))
            told["minimumRequirement"] = {"subtotal": {"greaterThanOrEqualToSubtotal": least}}
        return told

    def _customer(self, email: str) -> str:
        """Shopify holds a coupon to customers that it knows. Raises Refused for another one."""
        found = self._shop.ask(questions.CUSTOMER_OF, _Customer, email=email)
        if found.customer_by_identifier is None:
            raise Refused(
                "The shop knows no customer with that address, and only one that it knows can "
                "have a coupon alone."
            )
        return found.customer_by_identifier.id


def _done(made: _Made, why_not: str) -> Known:
    """What was made or ended. Raises SaidNo."""
    if made.code_discount_node is not None:
        return _known(made.code_discount_node)
    codes = " ".join(error.code or "" for error in made.user_errors)
    raise SaidNo(UNDERSTOOD, codes, f"{why_not} {words_of(made.user_errors)}")


def _worth(spec: CouponSpec) -> dict[str, Any]:
    if spec.kind == "percent_off":
        return {"percentage": spec.value / 100}
    amount = str(to_decimal(spec.value, spec.currency))
    return {"discountAmount": {"amount": amount, "appliesOnEachItem": False}}


def _title(spec: CouponSpec, ends: str | None) -> str:
    marks = f" (wordmouth {digest(spec)} {ends or OPEN})"
    return spec.description[: LONGEST_TITLE - len(marks)] + marks


def _known(node: DiscountNode) -> Known:
    """Ended before its time means taken back, by us or by the merchant."""
    discount = node.code_discount
    marks = _TITLE.fullmatch(discount.title)
    meant = marks[2] if marks else OPEN
    ends = discount.ends_at
    early = ends is None or meant == OPEN or _text(ends) < meant
    return Known(
        id=node.id,
        terms=marks[1] if marks else "",
        uses=discount.async_usage_count,
        ended=discount.status == "EXPIRED" and early,
        ends=ends,
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
