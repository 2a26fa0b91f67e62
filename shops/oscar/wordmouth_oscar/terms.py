"""The terms of a coupon as the engine asks for them, checked against what oscar can express."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from oscar.core.loading import get_model
from oscar.core.utils import get_default_currency

from wordmouth_oscar.clock import rfc3339
from wordmouth_oscar.problems import Problem
from wordmouth_oscar.vouchers import plain

PERCENT_OFF, AMOUNT_OFF, FREE_SHIPPING, FREE_PRODUCT = KINDS = (
    "percent_off",
    "amount_off",
    "free_shipping",
    "free_product",
)

_CODE = re.compile(r"[A-Z0-9_-]{4,64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
# Oscar keeps amounts with ten digits before the point.
_HIGHEST_AMOUNT = 10**9
_HIGHEST_COUNT = 10**6


@dataclass(frozen=True)
class CouponTerms:
    """One coupon, checked. Amounts are minor units of ``currency``."""

    code: str
    kind: str
    value: int
    currency: str
    min_order: int | None
    expires_at: datetime | None
    usage_limit: int | None
    customer_id: str
    customer_email: str
    description: str
    product: str = ""
    """Primary key, as text, of the product of which one piece is free."""

    def comparable(self) -> dict[str, Any]:
        """Return what makes two requests for one code the same request (not the wording)."""
        plain_terms = asdict(self)
        del plain_terms["description"]
        if not self.product:
            # As coupons were kept before there were free products.
            del plain_terms["product"]
        return {**plain_terms, "expires_at": rfc3339(self.expires_at)}


def parse_code(data: dict[str, Any]) -> str:
    """Return the coupon code in capitals, as oscar keeps it.

    Raises Problem 400 if it is missing or holds other characters than A-Z, 0-9, - and _.
    """
    given = data.get("code")
    code = given.strip().upper() if isinstance(given, str) else ""
    if not _CODE.fullmatch(code):
        raise _invalid("code must be 4 to 64 characters of A-Z, 0-9, - and _")
    return code


def parse_terms(data: dict[str, Any]) -> CouponTerms:
    """Return the terms in a ``coupon.issue`` message.

    Raises Problem: 400 for a field that is malformed, 422 for terms that this shop cannot express.
    """
    code = parse_code(data)
    kind = data.get("kind")
    if kind not in KINDS:
        raise Problem(
            422, "unsupported_kind", f"kind {kind!r} is not possible here; {', '.join(KINDS)} are"
        )
    currency = data.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise _invalid("currency must be an ISO 4217 code such as EUR")
    min_order = _whole(data, "min_order", 0, _HIGHEST_AMOUNT, optional=True) or None
    if kind == AMOUNT_OFF or min_order is not None:
        _check_currency(currency)
    customer_id, email = _customer(data.get("customer"))
    return CouponTerms(
        code=code,
        kind=kind,
        value=_value(data, kind),
        currency=currency,
        min_order=min_order,
        expires_at=_moment(data.get("expires_at")),
        usage_limit=_whole(data, "usage_limit", 1, _HIGHEST_COUNT, optional=True),
        customer_id=customer_id,
        customer_email=email,
        description=_text(data.get("description"), "description"),
        product=_product(data, kind),
    )


def _invalid(detail: str) -> Problem:
    return Problem(400, "invalid_coupon", detail)


def _value(data: dict[str, Any], kind: str) -> int:
    if kind in (FREE_SHIPPING, FREE_PRODUCT):
        return 0
    highest = 100 if kind == PERCENT_OFF else _HIGHEST_AMOUNT
    value = _whole(data, "value", 1, highest)
    assert value is not None
    return value


def _product(data: dict[str, Any], kind: str) -> str:
    """Return the key of a product that can be given away; empty for the other kinds."""
    if kind != FREE_PRODUCT:
        return ""
    key = _text(data.get("product"), "product", longest=64)
    if not key:
        raise _invalid("product must be the id of a product of this shop")
    product = find_product(key)
    if product is None:
        raise Problem(422, "unknown_product", f"this shop has no product {key}")
    if not product.is_discountable:
        raise Problem(
            422, "not_discountable", f"{product.get_title()} is marked as not discountable here"
        )
    return str(product.pk)


def find_product(key: str) -> Any:
    """Return the product with this primary key, or None."""
    try:
        return get_model("catalogue", "Product")._default_manager.filter(pk=key).first()
    except (ValueError, ValidationError):
        return None


def _whole(
    data: dict[str, Any], name: str, lowest: int, highest: int, *, optional: bool = False
) -> int | None:
    value = data.get(name)
    if value is None and optional:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise _invalid(f"{name} must be a whole number from {lowest} to {highest}")
    return value


def _check_currency(currency: str) -> None:
    own = get_default_currency()
    if currency != own:
        raise Problem(
            422, "currency_mismatch", f"this shop sells in {own}; it has no amounts in {currency}"
        )


def _moment(given: Any) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _invalid("expires_at must be an RFC 3339 time with a time zone")
    return moment


def _customer(given: Any) -> tuple[str, str]:
    """Return the id and the e-mail address of the one person allowed; empty for anyone."""
    if given is None:
        return "", ""
    if not isinstance(given, dict):
        raise _invalid("customer must be an object with id and email, or null")
    customer_id = _text(given.get("id"), "customer.id", longest=64)
    email = plain(_text(given.get("email"), "customer.email", longest=254))
    if email and "@" not in email:
        raise _invalid("customer.email must be an e-mail address")
    return customer_id, email


def _text(given: Any, name: str, longest: int = 1000) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or len(given) > longest:
        raise _invalid(f"{name} must be text of at most {longest} characters")
    return given.strip()
