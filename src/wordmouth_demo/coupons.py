"""Coupons: made on the engine's signed request, checked at checkout, used at most as allowed."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from wordmouth_demo import money, pricing
from wordmouth_demo.models import Coupon
from wordmouth_demo.pricing import CouponTerms

KINDS = ("percent_off", "amount_off", "free_shipping")
_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{2,63}$")


class CouponProblem(Exception):
    """A coupon request that cannot be carried out; becomes a problem+json answer."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


class CouponRefused(Exception):
    """The buyer cannot use the coupon; the message says why, for the buyer.

    `for_good` tells whether nothing the buyer does can change that (another basket or address).
    """

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True)
class NewCoupon:
    """The terms of a coupon to be made, already checked."""

    code: str
    kind: str
    value: int
    currency: str
    min_order: int | None
    expires_at: datetime | None
    usage_limit: int
    customer_id: str
    customer_email: str
    description: str

    @property
    def terms(self) -> dict[str, object]:
        """What must agree when the same code is asked for again (words may differ)."""
        return {
            "kind": self.kind,
            "value": self.value,
            "currency": self.currency,
            "min_order": self.min_order,
            "expires_at": self.expires_at,
            "usage_limit": self.usage_limit,
            "customer_id": self.customer_id,
            "customer_email": self.customer_email,
        }


def parse(data: dict[str, Any]) -> NewCoupon:
    """Read the data of a `coupon.issue` request; raises CouponProblem (422) in plain words."""
    kind = data.get("kind")
    if kind not in KINDS:
        raise CouponProblem(
            422, "kind_unsupported", f"This shop makes coupons of kind {', '.join(KINDS)} only."
        )
    currency = str(data.get("currency") or money.CURRENCY)
    if currency != money.CURRENCY:
        raise CouponProblem(422, "currency_unsupported", f"This shop sells in {money.CURRENCY}.")
    customer = data.get("customer") or {}
    if not isinstance(customer, dict):
        raise _invalid("customer must be an object with id and email, or null.")
    return NewCoupon(
        code=read_code(data),
        kind=kind,
        value=_value(kind, data.get("value")),
        currency=currency,
        min_order=_optional_count(data, "min_order"),
        expires_at=_moment(data.get("expires_at")),
        usage_limit=_optional_count(data, "usage_limit", least=1) or 1,
        customer_id=str(customer.get("id") or "")[:64],
        customer_email=str(customer.get("email") or "").strip().lower()[:254],
        description=str(data.get("description") or "")[:300],
    )


def read_code(data: dict[str, Any]) -> str:
    """Return the code of a request in upper case, or raise CouponProblem (422)."""
    code = str(data.get("code") or "").strip().upper()
    if not _CODE.match(code):
        raise _invalid("code must be 3 to 64 letters, digits or hyphens.")
    return code


def issue(new: NewCoupon, now: datetime) -> Coupon:
    """Make the coupon, or return the one that exists with the same terms (idempotent).

    Raises CouponProblem (409) when the code exists with other terms.
    """
    with transaction.atomic():
        coupon, made = Coupon.objects.get_or_create(
            code=new.code,
            defaults={**new.terms, "description": new.description, "created_at": now},
        )
    if not made and any(getattr(coupon, name) != value for name, value in new.terms.items()):
        raise CouponProblem(
            409, "coupon_differs", f"The coupon {new.code} exists with other terms."
        )
    return coupon


def lookup(code: str) -> Coupon:
    """Return the coupon, or raise CouponProblem (404)."""
    coupon = Coupon.objects.filter(code=code).first()
    if coupon is None:
        raise CouponProblem(404, "coupon_unknown", f"There is no coupon {code} in this shop.")
    return coupon


def revoke(code: str, now: datetime) -> Coupon:
    """End the coupon's life and return it; a used or already revoked one stays as it is."""
    Coupon.objects.filter(code=code, revoked_at=None, times_used__lt=F("usage_limit")).update(
        revoked_at=now
    )
    return lookup(code)


def check(code: str, items: int, email: str | None, now: datetime) -> CouponTerms:
    """Return what the coupon takes off goods worth `items` cents, or raise CouponRefused.

    With `email` None (the buyer has not said who they are) a personal coupon passes for now; it
    is checked again when the order is placed.
    """
    return _terms(_usable(code, items, email, now))


def redeem(code: str, items: int, email: str, now: datetime) -> tuple[Coupon, CouponTerms]:
    """Use the coupon once, inside the caller's transaction; raises CouponRefused.

    The count is raised by one conditional statement, so two buyers at once cannot both pass.
    """
    coupon = _usable(code, items, email, now)
    raised = Coupon.objects.filter(
        pk=coupon.pk, times_used__lt=F("usage_limit"), revoked_at=None
    ).update(times_used=F("times_used") + 1)
    if not raised:
        raise CouponRefused(f"The coupon {code} has just been used or withdrawn.")
    return coupon, _terms(coupon)


def _usable(code: str, items: int, email: str | None, now: datetime) -> Coupon:
    coupon = Coupon.objects.filter(code=code).first()
    if coupon is None:
        raise CouponRefused(f"We do not know a coupon {code}. Is it typed as it was sent to you?")
    state = coupon.state_at(now)
    if state == "used":
        raise CouponRefused(f"The coupon {code} has already been used.", for_good=True)
    if state == "revoked":
        raise CouponRefused(
            f"The coupon {code} was withdrawn and can no longer be used.", for_good=True
        )
    if state == "expired" and coupon.expires_at is not None:
        raise CouponRefused(
            f"The coupon {code} expired on {coupon.expires_at:%-d %B %Y}.", for_good=True
        )
    if coupon.min_order is not None and items < coupon.min_order:
        missing = money.show(coupon.min_order - items)
        raise CouponRefused(
            f"The coupon {code} needs goods for {money.show(coupon.min_order)}: "
            f"{missing} more to go."
        )
    if email is not None and coupon.customer_email and coupon.customer_email != email:
        raise CouponRefused(f"The coupon {code} was made for another e-mail address than {email}.")
    return coupon


def _terms(coupon: Coupon) -> CouponTerms:
    return CouponTerms(code=coupon.code, kind=coupon.kind, value=coupon.value)


def describe(coupon: Coupon) -> str:
    """Say the coupon's terms in words."""
    words = [pricing.describe(coupon.kind, coupon.value)]
    if coupon.min_order:
        words.append(f"on goods from {money.show(coupon.min_order)}")
    if coupon.expires_at:
        words.append(f"until {coupon.expires_at:%-d %b %Y}")
    if coupon.customer_email:
        words.append(f"for {coupon.customer_email}")
    return ", ".join(words)


def _invalid(detail: str) -> CouponProblem:
    return CouponProblem(422, "coupon_invalid", detail)


def _value(kind: str, value: object) -> int:
    if kind == "free_shipping":
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _invalid("value must be a whole number of at least 1.")
    if kind == "percent_off" and value > 100:
        raise _invalid("value of percent_off must be 1 to 100.")
    if value > 100_000_000:
        raise _invalid("value of amount_off must be at most 100000000 cents.")
    return value


def _optional_count(data: dict[str, Any], name: str, least: int = 0) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 10**9:
        raise _invalid(f"{name} must be a whole number of at least {least}, or null.")
    return value


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise _invalid("expires_at must be an RFC 3339 time, or null.") from None
    if moment.tzinfo is None:
        raise _invalid("expires_at must say its time zone, for example end in Z.")
    return moment
