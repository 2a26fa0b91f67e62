"""Coupons in a Shopify shop: discounts with one code each.

A discount of ours has the digest of its terms and its end in its title, which only staff see. One
without is the shop's own, whatever its code: it is neither taken for ours nor touched.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, CouponState, Refused
from wordmouth.integrations.shopify import answers, questions
from wordmouth.integrations.shopify.answers import Camel, DiscountNode
from wordmouth.integrations.shopify.calls import WHO, ShopifyCalls, words_of
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping"})
BEGINS = "2020-01-01T00:00:00Z"
"""Coupons begin long ago, so that none is useless while Shopify's clock is behind ours."""
TAKEN = "TAKEN"
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


class ShopifyCoupons:
    """See `fulfilment.ports.CouponPort`."""

    kinds = KINDS

    def __init__(self, shop: ShopifyCalls) -> None:
        self._shop = shop

    def find(self, code: str) -> CouponState | None:
        """Our coupon of that code, or None. Raises CouponRefused, CouponUnreachable."""
        found = self._node(code)
        return _state(code, found) if found and _marks(found) else None

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon; the same spec again gives the one that is there."""
        if known := self._there(spec):
            return known
        made = self._make(spec)
        if made.code_discount_node is not None:
            return _state(spec.code, made.code_discount_node)
        # Another try of ours may have come first.
        taken = any(error.code == TAKEN for error in made.user_errors)
        if taken and (known := self._there(spec)):
            return known
        raise Refused(f"The coupon {spec.code} was not made. {words_of(made.user_errors)}")

    def revoke(self, code: str, key: str) -> CouponState | None:
        """End the coupon; it stays in the shop's list. None when there is none of ours."""
        found = self._node(code)
        if found is None or not _marks(found):
            return None
        known = _state(code, found)
        if known.state != "active":
            return known
        ended = self._shop.ask(questions.DEACTIVATE, _Ended, id=found.id).discount_code_deactivate
        if ended.code_discount_node is None:
            raise Refused(f"The coupon {code} was not ended. {words_of(ended.user_errors)}")
        return _state(code, ended.code_discount_node)

    def _node(self, code: str) -> DiscountNode | None:
        return self._shop.ask(questions.FIND, _Found, code=code).code_discount_node_by_code

    def _there(self, spec: CouponSpec) -> CouponState | None:
        """The coupon with this very spec, if it is there. Raises Refused: it is another one."""
        found = self._node(spec.code)
        if found is None:
            return None
        marks = _marks(found)
        if marks is None or marks[0] != _digest(spec):
            whose = "with other terms" if marks else "of the shop's own"
            raise Refused(f"There is a coupon {spec.code} {whose} already.")
        return _state(spec.code, found)

    def _make(self, spec: CouponSpec) -> _Made:
        """Raises Refused for what Shopify cannot express."""
        if spec.kind not in KINDS:
            raise Refused(f"{WHO} makes no {spec.kind}; it makes {', '.join(sorted(KINDS))}.")
        if spec.kind == "amount_off" or spec.min_order is not None:
            self._check_currency(spec)
        told = self._terms(spec)
        if spec.kind == "free_shipping":
            told["destination"] = {"all": True}
            shipping = self._shop.ask(questions.FREE_SHIPPING, _FreeShipping, discount=told)
            return shipping.discount_code_free_shipping_create
        told["customerGets"] = {"value": _worth(spec), "items": {"all": True}}
        return self._shop.ask(questions.BASIC, _Basic, discount=told).discount_code_basic_create

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

    def _check_currency(self, spec: CouponSpec) -> None:
        """A coupon has no currency of its own: it is worth so much of the shop's."""
        theirs = self._shop.ask(questions.SHOP, _Shop).shop.currency_code
        if theirs != spec.currency:
            raise Refused(
                f"The shop counts in {theirs}; a coupon in {spec.currency} would be worth "
                "something else there."
            )


def _worth(spec: CouponSpec) -> dict[str, Any]:
    if spec.kind == "percent_off":
        return {"percentage": spec.value / 100}
    amount = str(to_decimal(spec.value, spec.currency))
    return {"discountAmount": {"amount": amount, "appliesOnEachItem": False}}


def _digest(spec: CouponSpec) -> str:
    """Of what makes the coupon another one; the words about it do not."""
    terms = msgspec.json.encode(msgspec.structs.replace(spec, description=""), order="sorted")
    return hashlib.sha256(terms).hexdigest()[:32]


def _title(spec: CouponSpec, ends: str | None) -> str:
    marks = f" (wordmouth {_digest(spec)} {ends or OPEN})"
    return spec.description[: LONGEST_TITLE - len(marks)] + marks


def _marks(node: DiscountNode) -> tuple[str, str] | None:
    """The digest of the terms and the end that was meant; None: it is not ours."""
    found = _TITLE.fullmatch(node.code_discount.title)
    return (found[1], found[2]) if found else None


def _state(code: str, node: DiscountNode) -> CouponState:
    """Ended before its time means taken back, by us or by the merchant."""
    discount, state = node.code_discount, "active"
    if discount.async_usage_count > 0:
        state = "used"
    elif discount.status == "EXPIRED":
        marks = _marks(node)
        meant = marks[1] if marks else OPEN
        ran_out = discount.ends_at is not None and _text(discount.ends_at) >= meant
        state = "expired" if meant != OPEN and ran_out else "revoked"
    return CouponState(
        code=code, state=state, times_used=discount.async_usage_count, reference=node.id
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
