"""Coupons in a Magento shop.

The terms are a cart price rule's, and a coupon is a code below it: one rule of ours for the same
terms and the same last day, with a code for each reward. What a coupon itself is told to be (how
often, how long) Magento overwrites with what the rule says. A rule of ours has the digest of its
terms in its name and tells them in its description; a rule that does not is the shop's own.

A coupon that is taken back moves below a second rule with the same terms, which is switched off: so
its code stays taken, and how often it was used stays known.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from wordmouth.fulfilment.ports import CouponSpec, CouponState, Refused
from wordmouth.integrations.magento import wire
from wordmouth.integrations.magento.calls import WHO, Filter
from wordmouth.integrations.magento.shop import MagentoShop
from wordmouth.integrations.shop_calls import final
from wordmouth.integrations.shop_coupons import Known, ShopCoupons, digest
from wordmouth.kit.money import to_decimal

KINDS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product"})
PATH = "/coupons"
OURS, TAKEN_BACK = "Wordmouth", "(taken back)"
TOLD = "Made by Wordmouth for rewards; do not change it. "
FROM, FOREVER = "2000-01-01", "2099-12-31"
"""Without days, some versions of Magento take today for both."""
GENERATED = 1
CONDITION = "Magento\\SalesRule\\Model\\Rule\\Condition\\"
NO_SHIPPING_COSTS = "2"
"""Free shipping for the whole shipment, as the rule's column has it: the names that the interface
documents are not translated into it."""
ALONE = frozenset({"simple", "virtual", "downloadable"})
"""Products that are one line of a cart, whatever the customer chooses."""
MOST_GROUPS, MOST_RULES = 300, 20
RULE_FIELDS = "rule_id,name,description,is_active,website_ids,customer_group_ids"
COUPON_FIELDS = "coupon_id,rule_id,code,times_used"


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule of ours promises: a `CouponSpec` without its code. `last_day` is the shop's."""

    kind: str
    value: int
    currency: str
    usage_limit: int
    min_order: int | None = None
    last_day: date | None = None
    product: str | None = None


class MagentoCoupons(ShopCoupons):
    """See `integrations.shop_coupons.ShopCoupons`."""

    who = WHO
    kinds = KINDS

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop
        self._calls = shop.calls

    def issue(self, spec: CouponSpec, key: str) -> CouponState:
        """Make the coupon, good until the end of the day on which it is to run out: a rule knows
        days alone. The same spec again gives the one that is there."""
        if spec.expires_at is None:
            return super().issue(spec, key)
        with final():
            last_day = self._last_day(spec.expires_at)
        whole = msgspec.structs.replace(spec, expires_at=_end_of(last_day))
        return super().issue(whole, key)

    def look_up(self, code: str) -> Known | None:
        """Magento does not tell capitals apart."""
        coupon = self._coupon(code)
        rule = self._rules((("rule_id", "eq", coupon.rule_id),)) if coupon else []
        return _known(code, coupon, rule[0]) if coupon and rule else None

    def make(self, spec: CouponSpec) -> Known:
        """A code below the rule with its terms. Magento refuses a code that it has."""
        rule = self._rule_for(_terms(spec), live=True)
        told = {"rule_id": rule.rule_id, "code": spec.code, "type": GENERATED, "is_primary": False}
        made = self._calls.post(PATH, {"coupon": told})
        return _known(spec.code, self._calls.read(made, wire.Coupon), rule)

    def end(self, code: str, known: Known) -> Known | None:
        """Move it below the rule that is switched off."""
        coupon = self._coupon(code)
        rules = self._rules((("rule_id", "eq", coupon.rule_id),)) if coupon else []
        terms = _promised(rules[0]) if rules else None
        if coupon is None or terms is None:
            return None
        rule = self._rule_for(terms, live=False)
        told = {
            "coupon_id": coupon.coupon_id,
            "rule_id": rule.rule_id,
            "code": coupon.code,
            "type": GENERATED,
            "is_primary": False,
        }
        done = self._calls.ask("PUT", f"{PATH}/{coupon.coupon_id}", {"coupon": told})
        return _known(code, self._calls.read(done, wire.Coupon), rule)

    def currency(self) -> str:
        """The currency of the websites."""
        return self._shop.currency

    def _coupon(self, code: str) -> wire.Coupon | None:
        raws = self._calls.search(
            f"{PATH}/search",
            (("code", "eq", code),),
            size=1,
            fields=COUPON_FIELDS,
        )
        return self._calls.each(raws[0], wire.Coupon) if raws else None

    def _rules(self, *groups: tuple[Filter, ...]) -> list[wire.Rule]:
        raws = self._calls.search(
            "/salesRules/search", *groups, size=MOST_RULES, fields=RULE_FIELDS
        )
        found = [self._calls.each(raw, wire.Rule) for raw in raws]
        return sorted(found, key=lambda rule: rule.rule_id)

    def _rule_for(self, terms: Terms, *, live: bool) -> wire.Rule:
        """The rule of these terms, made where there is none for the websites and the groups of
        customers that there are now."""
        name = _name(terms) if live else f"{_name(terms)} {TAKEN_BACK}"
        sites, groups = self._shop.websites, self._groups()
        for rule in self._rules((("name", "eq", name),)):
            is_for = set(rule.website_ids) == set(sites)
            covers = is_for and set(rule.customer_group_ids) >= set(groups)
            if rule.is_active == live and (covers or not live) and _promised(rule) == terms:
                return rule
        told = {
            **self._worth(terms),
            "name": name,
            "description": TOLD + msgspec.json.encode(terms).decode(),
            "website_ids": sites,
            "customer_group_ids": groups,
            "from_date": FROM,
            "to_date": str(terms.last_day or FOREVER),
            "is_active": live,
            "uses_per_customer": 0,
            "uses_per_coupon": terms.usage_limit,
            "coupon_type": "SPECIFIC_COUPON",
            "use_auto_generation": True,
            "is_advanced": True,
            "is_rss": False,
            "stop_rules_processing": False,
            "apply_to_shipping": False,
            "sort_order": 0,
            "discount_step": 0,
        }
        if terms.min_order is not None:
            told["condition"] = _at_least(terms)
        made = self._calls.post("/salesRules", {"rule": told})
        return self._calls.read(made, wire.Rule)

    def _worth(self, terms: Terms) -> dict[str, Any]:
        """What the rule does. Raises Refused for a product that cannot be given."""
        if terms.kind == "amount_off":
            worth = float(to_decimal(terms.value, terms.currency))
            return {"simple_action": "cart_fixed", "discount_amount": worth, "discount_qty": 0}
        percent = {"simple_action": "by_percent", "discount_amount": terms.value, "discount_qty": 0}
        if terms.kind == "free_shipping":
            return percent | {"simple_free_shipping": NO_SHIPPING_COSTS}
        if terms.kind == "percent_off":
            return percent
        alone = {
            "condition_type": f"{CONDITION}Product",
            "attribute_name": "sku",
            "operator": "==",
            "value": self._sku(terms.product),
        }
        of_it = _all_of(f"{CONDITION}Product\\Combine", alone)
        return percent | {"discount_amount": 100, "discount_qty": 1, "action_condition": of_it}

    def _sku(self, product: str | None) -> str:
        """By what a rule knows the product. Raises Refused."""
        if not product or not (product.isascii() and product.isdecimal()):
            raise Refused(f"A product of {WHO} has a number, not {product!r}.")
        raws = self._calls.search(
            "/products",
            (("entity_id", "eq", product),),
            size=1,
            fields="id,sku,type_id,updated_at",
        )
        if not raws:
            raise Refused(f"The shop has no product {product}.")
        found = self._calls.each(raws[0], wire.Product)
        if found.type_id not in ALONE:
            raise Refused(
                f"Product {product} is {found.type_id}: a customer chooses what it consists of. "
                "Name the very product that is given."
            )
        return found.sku

    def _groups(self) -> tuple[int, ...]:
        """All groups of customers, also of those who are not signed in."""
        raws = self._calls.search("/customerGroups/search", size=MOST_GROUPS, fields="id")
        return tuple(sorted(self._calls.each(raw, wire.Group).id for raw in raws))

    def _last_day(self, ends: datetime) -> date:
        """The last day on which it is good, where that day ends latest."""
        zones = {_zone(view.timezone) for view in self._shop.views} or {ZoneInfo("UTC")}
        last = ends - timedelta(seconds=1)
        return max(last.astimezone(zone).date() for zone in zones)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _terms(spec: CouponSpec) -> Terms:
    last_day = spec.expires_at and (spec.expires_at - timedelta(seconds=1)).date()
    return Terms(
        kind=spec.kind,
        value=spec.value,
        currency=spec.currency,
        usage_limit=spec.usage_limit,
        min_order=spec.min_order,
        last_day=last_day,
        product=spec.product,
    )


def _name(terms: Terms) -> str:
    return f"{OURS} {hashlib.sha256(msgspec.json.encode(terms)).hexdigest()[:16]}"


def _promised(rule: wire.Rule) -> Terms | None:
    """The terms of a rule of ours; None where it is not, or was changed."""
    try:
        terms = msgspec.json.decode((rule.description or "").removeprefix(TOLD), type=Terms)
    except (msgspec.DecodeError, RecursionError):
        return None
    return terms if rule.name.removesuffix(f" {TAKEN_BACK}") == _name(terms) else None


def _known(code: str, coupon: wire.Coupon, rule: wire.Rule) -> Known:
    terms = _promised(rule)
    ends = _end_of(terms.last_day) if terms and terms.last_day else None
    return Known(
        id=str(coupon.coupon_id),
        terms=digest(_spec(code, terms, ends)) if terms else "",
        uses=coupon.times_used or 0,
        ended=not rule.is_active,
        ends=ends,
    )


def _spec(code: str, terms: Terms, ends: datetime | None) -> CouponSpec:
    """What was asked for when a coupon of these terms was made."""
    return CouponSpec(
        code=code,
        kind=terms.kind,
        value=terms.value,
        currency=terms.currency,
        min_order=terms.min_order,
        expires_at=ends,
        usage_limit=terms.usage_limit,
        customer_email=None,
        description="",
        product=terms.product,
    )


def _at_least(terms: Terms) -> dict[str, Any]:
    """That the goods are worth so much, before discounts and without tax."""
    worth = {
        "condition_type": f"{CONDITION}Address",
        "attribute_name": "base_subtotal",
        "operator": ">=",
        "value": str(to_decimal(terms.min_order or 0, terms.currency)),
    }
    return _all_of(f"{CONDITION}Combine", worth)


def _all_of(kind: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {
        "condition_type": kind,
        "aggregator_type": "all",
        "value": "1",
        "conditions": [condition],
    }
