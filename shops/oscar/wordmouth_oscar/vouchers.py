"""The engine's coupons in the shop's baskets: put in when they help, refused when not allowed.

Oscar knows no voucher that belongs to one person. This module adds that: such a voucher is taken
out of the basket as soon as the buyer's address is known and is another one, before anything is
paid, and no order is placed with it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from oscar.apps.basket.signals import voucher_addition
from oscar.core.loading import get_class, get_model

from wordmouth_oscar.models import IssuedCoupon


def refusal(coupon: IssuedCoupon, email: str | None, customer_id: object) -> str:
    """Return why this buyer may not use the coupon, in words; empty if they may.

    ``email`` is None while the buyer's address is unknown: then nothing is refused yet.
    """
    if coupon.revoked_at is not None:
        return _("The code %(code)s is no longer valid.") % {"code": coupon.code}
    is_locked = bool(coupon.locked_email or coupon.locked_customer_id)
    if not is_locked or email is None:
        return ""
    if coupon.locked_customer_id and str(customer_id) == coupon.locked_customer_id:
        return ""
    if coupon.locked_email and plain(email) == coupon.locked_email:
        return ""
    return _("The code %(code)s belongs to another e-mail address.") % {"code": coupon.code}


def plain(email: str) -> str:
    """Return an address in the form in which two are compared."""
    return email.strip().casefold()


def buyer(request: HttpRequest) -> tuple[str | None, object]:
    """Return the e-mail address, as far as it is known, and the account's key of the buyer."""
    if request.user.is_authenticated:
        return request.user.email, request.user.pk
    session = get_class("checkout.utils", "CheckoutSessionData")(request)
    return session.get_guest_email() or None, None


def add_to_basket(request: HttpRequest, code: str) -> bool:
    """Put the voucher into the request's basket if it lowers the price now.

    Returns True when there is nothing left to try: it is in the basket, or it never will be.
    """
    basket = request.basket  # type: ignore[attr-defined]
    voucher = get_model("voucher", "Voucher")._default_manager.filter(code=code).first()
    if voucher is None or not voucher.is_active() or _is_refused(request, voucher):
        return True
    if not voucher.is_available_to_user(user=request.user)[0]:
        return True
    if not basket.id or basket.is_empty:
        return False
    if basket.contains_voucher(code):
        return True
    basket.vouchers.add(voucher)
    _apply_offers(request)
    if not any(one["voucher"] == voucher for one in basket.offer_applications):
        # Oscar spends every voucher in the basket, with an effect or without.
        basket.vouchers.remove(voucher)
        _apply_offers(request)
        return False
    voucher_addition.send(sender=None, basket=basket, voucher=voucher)
    messages.info(request, _("The code %(code)s was added to your basket.") % {"code": code})
    return True


def drop_refused(request: HttpRequest) -> bool:
    """Take coupons out of the basket that this buyer may not use; True if there were any."""
    basket = request.basket  # type: ignore[attr-defined]
    if not basket.id:
        return False
    email, customer_id = buyer(request)
    dropped = False
    for coupon in _coupons_in(basket):
        reason = refusal(coupon, email, customer_id)
        if reason:
            basket.vouchers.remove(coupon.voucher)
            messages.error(request, reason)
            dropped = True
    if dropped:
        _apply_offers(request)
    return dropped


def guard_order(order: Any) -> None:
    """Refuse an order whose price rests on a coupon that its buyer may not use.

    Runs inside the transaction that places the order and holds the coupons' rows until its end,
    so that a revocation comes wholly before or wholly after it. Raises oscar's
    UnableToPlaceOrder, which its checkout shows to the customer.
    """
    basket = order.basket
    if basket is None or not basket.id:
        return
    working = {one["voucher"].pk for one in basket.offer_applications if one["voucher"]}
    email = order.user.email if order.user else order.guest_email
    for coupon in _coupons_in(basket).select_for_update():
        reason = refusal(coupon, email or "", order.user_id) or _spent(coupon)
        if not reason:
            continue
        if coupon.voucher_id in working:
            raise get_class("order.exceptions", "UnableToPlaceOrder")(reason)
        basket.vouchers.remove(coupon.voucher)


def _spent(coupon: IssuedCoupon) -> str:
    limit = coupon.usage_limit
    if limit is None or coupon.voucher.applications.count() < limit:
        return ""
    return _("The code %(code)s has already been used.") % {"code": coupon.code}


def _coupons_in(basket: Any) -> Any:
    return IssuedCoupon.objects.filter(voucher__in=basket.vouchers.all()).order_by("pk")


def _is_refused(request: HttpRequest, voucher: Any) -> bool:
    coupon = IssuedCoupon.objects.filter(voucher=voucher).first()
    return coupon is not None and bool(refusal(coupon, *buyer(request)))


def _apply_offers(request: HttpRequest) -> None:
    basket = request.basket  # type: ignore[attr-defined]
    basket.reset_offer_applications()
    get_class("offer.applicator", "Applicator")().apply(basket, request.user, request)
