"""The engine's coupons as oscar vouchers: issue, look up, revoke.

Each voucher has an offer, a condition and a benefit of its own, so that its use can be counted
and ended by itself. All three verbs may be repeated: the answer tells the state as it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from oscar.core.loading import get_model

from wordmouth_oscar.models import IssuedCoupon
from wordmouth_oscar.money import to_decimal
from wordmouth_oscar.problems import Problem
from wordmouth_oscar.terms import (
    AMOUNT_OFF,
    FREE_PRODUCT,
    FREE_SHIPPING,
    PERCENT_OFF,
    CouponTerms,
    find_product,
)

# Oscar demands an end for every voucher.
_NEVER = datetime(2999, 12, 31, tzinfo=UTC)
_RANGE_NAME = "All products (referral coupons)"
_LONGEST_NAME = 128


@dataclass(frozen=True)
class CouponState:
    """What the engine is told about a coupon; the names are those of the answer."""

    code: str
    state: str
    """``active``, ``used``, ``revoked`` or ``expired``."""
    times_used: int
    reference: str
    """The voucher's key in this shop."""


def issue(terms: CouponTerms) -> CouponState:
    """Make the voucher, or return the one made earlier for the same terms.

    Raises Problem 409 if the code is taken by other terms or by a voucher of the shop's own.
    """
    try:
        with transaction.atomic():
            # The unique code decides between two requests at once before anything else is made.
            coupon = IssuedCoupon.objects.create(
                code=terms.code,
                terms=terms.comparable(),
                usage_limit=terms.usage_limit,
                locked_email=terms.customer_email,
                locked_customer_id=terms.customer_id,
            )
            coupon.voucher = _make_voucher(terms)
            coupon.save(update_fields=["voucher"])
    except IntegrityError:
        return _issued_before(terms)
    return _state(coupon)


def lookup(code: str) -> CouponState:
    """Return the state of a coupon. Raises Problem 404 if the engine never asked for it."""
    return _state(_find(IssuedCoupon.objects.all(), code))


def revoke(code: str) -> CouponState:
    """End a coupon's life; one that was used up stays used.

    Raises Problem 404 if the engine never asked for it.
    """
    with transaction.atomic():
        # An order being placed holds this row: the coupon is used first or revoked first.
        coupon = _find(IssuedCoupon.objects.select_for_update(), code)
        before = _state(coupon)
        if before.state in ("used", "revoked"):
            return before
        now = timezone.now()
        coupon.revoked_at = now
        coupon.save(update_fields=["revoked_at"])
        if coupon.voucher is not None:
            vouchers = get_model("voucher", "Voucher")._default_manager
            vouchers.filter(pk=coupon.voucher.pk, end_datetime__gt=now).update(end_datetime=now)
        return _state(coupon)


def _find(coupons: Any, code: str) -> IssuedCoupon:
    coupon: IssuedCoupon | None = coupons.filter(code=code).first()
    if coupon is None:
        raise Problem(404, "coupon_not_found", f"no coupon {code} was issued by this shop")
    return coupon


def _issued_before(terms: CouponTerms) -> CouponState:
    coupon = IssuedCoupon.objects.filter(code=terms.code).first()
    if coupon is None:
        raise Problem(409, "code_taken", f"the shop has a voucher {terms.code} of its own")
    if coupon.terms != terms.comparable():
        asked = terms.comparable()
        other = sorted(name for name in asked if coupon.terms.get(name) != asked[name])
        raise Problem(
            409, "terms_differ", f"{terms.code} was issued with another {', '.join(other)}"
        )
    return _state(coupon)


def _state(coupon: IssuedCoupon) -> CouponState:
    used = _times_used(coupon)
    voucher = coupon.voucher
    if coupon.usage_limit is not None and used >= coupon.usage_limit:
        state = "used"
    elif coupon.revoked_at is not None or voucher is None:
        state = "revoked"
    elif voucher.is_expired():
        state = "expired"
    else:
        state = "active"
    reference = "" if voucher is None else f"voucher/{voucher.pk}"
    return CouponState(coupon.code, state, used, reference)


def _times_used(coupon: IssuedCoupon) -> int:
    if coupon.voucher is not None:
        return int(coupon.voucher.applications.count())
    # The voucher was deleted, and with it what it counted; orders still name its code.
    discounts = get_model("order", "OrderDiscount")._default_manager
    orders = discounts.filter(voucher_code=coupon.code).values("order_id").distinct()
    return int(orders.count())


def _make_voucher(terms: CouponTerms) -> Any:
    Voucher = get_model("voucher", "Voucher")
    is_single = terms.usage_limit == 1
    voucher = Voucher._default_manager.create(
        name=_name(terms),
        code=terms.code,
        usage=Voucher.SINGLE_USE if is_single else Voucher.MULTI_USE,
        start_datetime=timezone.now(),
        end_datetime=_in_database(terms.expires_at or _NEVER),
    )
    voucher.offers.add(_make_offer(terms))
    return voucher


def _make_offer(terms: CouponTerms) -> Any:
    ConditionalOffer = get_model("offer", "ConditionalOffer")
    everything, _ = get_model("offer", "Range")._default_manager.get_or_create(
        name=_RANGE_NAME, defaults={"includes_all_products": True}
    )
    goods = _range_of(terms.product) if terms.kind == FREE_PRODUCT else everything
    return ConditionalOffer._default_manager.create(
        name=_name(terms),
        description=terms.description,
        offer_type=ConditionalOffer.VOUCHER,
        condition=_make_condition(terms, goods if terms.min_order is None else everything),
        benefit=_make_benefit(terms, goods),
        # Oscar applies an offer again as long as enough of the basket is left.
        max_basket_applications=1,
        # With one application an order, this is the number of orders.
        max_global_applications=terms.usage_limit,
    )


def _range_of(product: str) -> Any:
    """The range of one product (and of its variants), shared by all coupons for it."""
    name = f"Product {product} (referral coupons)"
    goods, _ = get_model("offer", "Range")._default_manager.get_or_create(name=name)
    goods.add_product(find_product(product))
    return goods


def _make_condition(terms: CouponTerms, goods: Any) -> Any:
    Condition = get_model("offer", "Condition")
    if terms.min_order is None:
        kind, value = Condition.COUNT, Decimal(1)
    else:
        kind, value = Condition.VALUE, to_decimal(terms.min_order, terms.currency)
    return Condition._default_manager.create(range=goods, type=kind, value=value)


def _make_benefit(terms: CouponTerms, goods: Any) -> Any:
    Benefit = get_model("offer", "Benefit")
    if terms.kind == FREE_PRODUCT:
        return Benefit._default_manager.create(
            range=goods, type=Benefit.PERCENTAGE, value=Decimal(100), max_affected_items=1
        )
    if terms.kind == FREE_SHIPPING:
        return Benefit._default_manager.create(type=Benefit.SHIPPING_PERCENTAGE, value=Decimal(100))
    types = {PERCENT_OFF: Benefit.PERCENTAGE, AMOUNT_OFF: Benefit.FIXED}
    is_amount = terms.kind == AMOUNT_OFF
    value = to_decimal(terms.value, terms.currency) if is_amount else Decimal(terms.value)
    return Benefit._default_manager.create(range=goods, type=types[terms.kind], value=value)


def _name(terms: CouponTerms) -> str:
    """What the customer reads in the basket; unique by its code."""
    ending = f" ({terms.code})"
    wording = " ".join(terms.description.split()) or "Referral reward"
    return wording[: _LONGEST_NAME - len(ending)] + ending


def _in_database(moment: datetime) -> datetime:
    """Return the moment as this shop's database keeps it (``USE_TZ``)."""
    return moment if timezone.is_aware(timezone.now()) else timezone.make_naive(moment)
