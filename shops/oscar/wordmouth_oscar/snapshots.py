"""Oscar's objects in the engine's generic format.

Amounts of items, discount and shipping are without tax and ``tax`` stands beside them, so that
``items - discount + shipping + surcharges + tax == grand`` and the value an offer looks at
(``items - discount``) is free of tax and shipping. ``shipping`` is what remains after discounts
on shipping.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from oscar.core.loading import get_class, get_model
from oscar.core.utils import get_default_currency

from wordmouth_oscar.clock import rfc3339
from wordmouth_oscar.conf import Config
from wordmouth_oscar.facts import Refund, order_facts
from wordmouth_oscar.models import PendingSnapshot
from wordmouth_oscar.money import to_minor

type_of = {kind: f"{kind.value}.snapshot" for kind in PendingSnapshot.Kind}

# The longest texts that the engine takes; oscar's own fields may be longer.
_NAME, _CATEGORY = 120, 200

_ORDER_PARTS = (
    "status_changes",
    "payment_events__event_type",
    "payment_events__line_quantities",
    "shipping_events__event_type",
    "shipping_events__line_quantities",
    "sources__transactions",
    "discounts",
    "surcharges",
    "lines__product__categories",
    "lines__product__parent__categories",
)


def build(kind: str, key: str, config: Config) -> dict[str, Any] | None:
    """Return the body of a delivery about the object as it is now; None if it is gone.

    ``updated_at`` is the moment of reading, taken before reading: a change that is committed
    while it is read is told once more, later, with a later moment.
    """
    read_at = rfc3339(timezone.now())
    data = _BUILDERS[PendingSnapshot.Kind(kind)](key, config)
    if data is None:
        return None
    return {
        "type": type_of[PendingSnapshot.Kind(kind)],
        "timestamp": read_at,
        "data": {**data, "updated_at": read_at},
    }


def order_data(key: str, config: Config) -> dict[str, Any] | None:
    """Return the whole order with this primary key."""
    orders = get_model("order", "Order")._default_manager
    order = (
        orders.select_related("user", "shipping_address", "wordmouth_record")
        .prefetch_related(*_ORDER_PARTS)
        .filter(pk=key)
        .first()
    )
    if order is None:
        return None
    facts = order_facts(order, config)
    visit = _record(order)
    return {
        "id": str(order.number),
        "number": f"#{order.number}",
        "placed_at": rfc3339(order.date_placed),
        "paid_at": rfc3339(facts.paid_at),
        "fulfilled_at": rfc3339(facts.fulfilled_at),
        "delivered_at": rfc3339(facts.delivered_at),
        "cancelled_at": rfc3339(facts.cancelled_at),
        "charged_back_at": rfc3339(facts.charged_back_at),
        "status": order.status,
        "currency": order.currency,
        "totals": _totals(order),
        "customer": _customer_of(order, visit.get("locale")),
        "discount_codes": _discount_codes(order),
        "lines": [_line(line, order.currency) for line in order.lines.all()],
        "refunds": [_refund(one, order.currency) for one in facts.refunds],
        "shipping_address": _address(order.shipping_address),
        "client": {"ip": visit.get("ip"), "user_agent": visit.get("user_agent")},
        "attribution": {"token": visit.get("token"), "code": None},
        "is_test": config.test,
    }


def customer_data(key: str, config: Config) -> dict[str, Any] | None:
    """Return the shop's customer account with this primary key; None without an address."""
    user = get_user_model()._default_manager.filter(pk=key).first()
    if user is None or not user.email or not user.is_active:
        return None
    return {**_account(user), "created_at": rfc3339(getattr(user, "date_joined", None))}


def product_data(key: str, config: Config) -> dict[str, Any] | None:
    """Return the product with this primary key."""
    product = get_model("catalogue", "Product")._default_manager.filter(pk=key).first()
    if product is None:
        return None
    price = get_class("partner.strategy", "Selector")().strategy().fetch_for_product(product).price
    currency = price.currency or get_default_currency()
    image = product.primary_image()
    return {
        "id": str(product.pk),
        "sku": (product.upc or "")[:_NAME],
        "name": product.get_title(),
        "category": _category(product),
        "url": _absolute(product.get_absolute_url()),
        "image_url": None if isinstance(image, dict) else _absolute(image.original.url),
        "currency": currency,
        "price": None if price.excl_tax is None else to_minor(price.excl_tax, currency),
        "is_active": bool(product.is_public),
    }


_BUILDERS: Mapping[PendingSnapshot.Kind, Callable[[str, Config], dict[str, Any] | None]] = {
    PendingSnapshot.Kind.ORDER: order_data,
    PendingSnapshot.Kind.CUSTOMER: customer_data,
    PendingSnapshot.Kind.PRODUCT: product_data,
}


def _totals(order: Any) -> dict[str, int]:
    lines = list(order.lines.all())
    full = sum((one.line_price_before_discounts_excl_tax for one in lines), Decimal(0))
    net = sum((one.line_price_excl_tax for one in lines), Decimal(0))
    extra = sum((one.excl_tax for one in order.surcharges.all()), Decimal(0))
    amounts = {
        "items": full,
        "discount": full - net,
        "shipping": order.shipping_excl_tax,
        "surcharges": extra,
        "tax": order.total_incl_tax - order.total_excl_tax,
        "grand": order.total_incl_tax,
    }
    return {name: to_minor(amount, order.currency) for name, amount in amounts.items()}


def _line(line: Any, currency: str) -> dict[str, Any]:
    unit = line.unit_price_excl_tax
    return {
        "id": str(line.pk),
        "product_id": None if line.product_id is None else str(line.product_id),
        "sku": line.partner_sku[:_NAME],
        "name": line.title,
        "category": _category(line.product) if line.product else None,
        "quantity": line.quantity,
        "unit_price": None if unit is None else to_minor(unit, currency),
        "total": to_minor(line.line_price_excl_tax, currency),
    }


def _refund(refund: Refund, currency: str) -> dict[str, Any]:
    return {
        "id": refund.id,
        "amount": to_minor(refund.amount, currency),
        "at": rfc3339(refund.at),
        "lines": [{"id": line, "quantity": quantity} for line, quantity in refund.quantities],
    }


def _category(product: Any) -> str | None:
    """The first category; a variant has those of its parent."""
    for owner in (product, product.parent):
        for category in owner.categories.all() if owner else ():
            return str(category.name)[:_CATEGORY]
    return None


def _discount_codes(order: Any) -> list[str]:
    """Codes of vouchers used by the order, with or without an effect on its price.

    Both places are read: a discount keeps the code of a voucher that was deleted, and a voucher
    that was spent without an effect left no discount.
    """
    vouchers = get_model("voucher", "Voucher")._default_manager
    spent = vouchers.filter(applications__order=order).values_list("code", flat=True)
    discounted = [one.voucher_code for one in order.discounts.all() if one.voucher_code]
    return sorted({code[:_NAME] for code in (*spent, *discounted)})


def _customer_of(order: Any, locale: str | None) -> dict[str, Any]:
    if order.user is not None:
        return {**_account(order.user), "locale": locale}
    address = order.shipping_address
    return {
        "id": None,
        "email": order.guest_email or None,
        "first_name": address.first_name[:_NAME] if address else "",
        "last_name": address.last_name[:_NAME] if address else "",
        "locale": locale,
    }


def _account(user: Any) -> dict[str, Any]:
    # A shop may have a user model of its own, without these names.
    return {
        "id": str(user.pk),
        "email": user.email or None,
        "first_name": getattr(user, "first_name", "")[:_NAME],
        "last_name": getattr(user, "last_name", "")[:_NAME],
        "locale": None,
    }


def _address(address: Any) -> dict[str, str] | None:
    if address is None:
        return None
    return {
        "line1": address.line1,
        "postcode": address.postcode,
        "city": address.line4,
        "country": address.country_id,
    }


def _absolute(address: str) -> str:
    """The whole address of a page or a picture; some storages give whole ones already."""
    if "://" in address:
        return address
    scheme = getattr(settings, "OSCAR_URL_SCHEMA", "https")
    return f"{scheme}://{Site.objects.get_current().domain}{address}"


def _record(order: Any) -> dict[str, str | None]:
    try:
        record = order.wordmouth_record
    except ObjectDoesNotExist:
        return {}
    names = ("token", "ip", "user_agent", "locale")
    return {name: getattr(record, name) or None for name in names}
