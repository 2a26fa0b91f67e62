"""What the sandbox sells, and who minds the shop."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

STAFF_EMAIL, STAFF_PASSWORD = "staff@example.com", "staff-of-the-sandbox"
GOODS = (
    ("TEA-9", "Smoked tea", "Drinks > Tea", "25.00"),
    ("CUP-1", "Blue cup", "Tableware", "12.50"),
    ("POT-3", "Iron pot", "Tableware", "80.00"),
)
COUNTRIES = (("EE", "Estonia"), ("DE", "Germany"))


def fill() -> dict[str, int]:
    """Put the goods, the countries and the staff in place; safe to repeat.

    Returns the product's key by article number.
    """
    Site.objects.update_or_create(
        pk=settings.SITE_ID, defaults={"domain": "127.0.0.1", "name": "Sandbox Tea"}
    )
    for code, name in COUNTRIES:
        get_model("address", "Country")._default_manager.get_or_create(
            iso_3166_1_a2=code,
            defaults={"printable_name": name, "name": name, "is_shipping_country": True},
        )
    for name in ("Shipped", "Delivered"):
        get_model("order", "ShippingEventType")._default_manager.get_or_create(name=name)
    for name in ("Settled", "Refunded"):
        get_model("order", "PaymentEventType")._default_manager.get_or_create(name=name)
    users = get_user_model()._default_manager
    if not users.filter(email=STAFF_EMAIL).exists():
        users.create_superuser("staff", STAFF_EMAIL, STAFF_PASSWORD)
    return {sku: _product(sku, name, shelf, price).pk for sku, name, shelf, price in GOODS}


def _product(sku: str, name: str, shelf: str, price: str) -> Any:
    classes = get_model("catalogue", "ProductClass")._default_manager
    kind, _ = classes.get_or_create(
        name="Goods", defaults={"requires_shipping": True, "track_stock": True}
    )
    products = get_model("catalogue", "Product")._default_manager
    product, is_new = products.get_or_create(
        upc=sku, defaults={"title": name, "product_class": kind, "slug": sku.lower()}
    )
    if is_new:
        product.categories.add(create_from_breadcrumbs(shelf))
        partner, _ = get_model("partner", "Partner")._default_manager.get_or_create(name="Store")
        get_model("partner", "StockRecord")._default_manager.create(
            product=product,
            partner=partner,
            partner_sku=sku,
            price=Decimal(price),
            price_currency=settings.OSCAR_DEFAULT_CURRENCY,
            num_in_stock=100_000,
        )
    return product
