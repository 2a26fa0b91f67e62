"""The shop's past: its assortment and a dozen orders of named customers over the last 90 days."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from wordmouth_demo import catalog, config, deliveries, orders, snapshot
from wordmouth_demo.models import Delivery, Order
from wordmouth_demo.orders import Address, Buyer, NewOrder
from wordmouth_demo.pricing import BasketLine


@dataclass(frozen=True)
class Past:
    """An order of the past: when, by whom, what, and how far it came (or how it ended)."""

    days_ago: int
    first_name: str
    last_name: str
    address: Address
    basket: tuple[tuple[str, int], ...]
    end: str = "delivered"

    @property
    def email(self) -> str:
        """A make-believe address of the buyer."""
        name = f"{self.first_name}.{self.last_name}".lower().replace(" ", "")
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        return f"{plain}@example.com"


_MARI = Address("Köie 12", "10415", "Tallinn", "EE")
_JONAS = Address("Pilies gatvė 8", "01123", "Vilnius", "LT")
_AINO = Address("Vaasankatu 21", "00500", "Helsinki", "FI")
_KADRI = Address("Supilinna 3", "51007", "Tartu", "EE")
_LENA = Address("Weserstraße 40", "12045", "Berlin", "DE")

PAST: tuple[Past, ...] = (
    Past(88, "Mari", "Tamm", _MARI, (("p-1", 2), ("p-7", 1))),
    Past(81, "Jonas", "Kazlauskas", _JONAS, (("p-2", 3),)),
    Past(74, "Aino", "Virtanen", _AINO, (("p-8", 1), ("p-1", 1))),
    Past(66, "Kadri", "Põld", _KADRI, (("p-5", 2), ("p-4", 1))),
    Past(59, "Lena", "Hoffmann", _LENA, (("p-7", 2),), "refunded"),
    Past(52, "Mari", "Tamm", _MARI, (("p-1", 3),)),
    Past(45, "Oskar", "Lindqvist", Address("Bondegatan 7", "11623", "Stockholm", "SE"),
         (("p-6", 1), ("p-5", 1))),
    Past(38, "Zoë", "Murphy", Address("5 Dominick Street", "H91 X2T4", "Galway", "IE"),
         (("p-2", 1), ("p-4", 2))),
    Past(30, "Aino", "Virtanen", _AINO, (("p-3", 2),)),
    Past(24, "Ilze", "Ozola", Address("Miera iela 15", "LV-1001", "Rīga", "LV"),
         (("p-1", 1), ("p-6", 1)), "part refunded"),
    Past(17, "Pieter", "de Vries", Address("Haarlemmerstraat 60", "1013 ES", "Amsterdam", "NL"),
         (("p-8", 1), ("p-7", 2))),
    Past(11, "Kadri", "Põld", _KADRI, (("p-5", 3),), "cancelled"),
    Past(6, "Jonas", "Kazlauskas", _JONAS, (("p-2", 2), ("p-3", 1)), "shipped"),
    Past(2, "Camille", "Rousseau", Address("14 rue des Cascades", "75020", "Paris", "FR"),
         (("p-6", 2),), "paid"),
)  # fmt: skip


def seed() -> int:
    """Make the assortment and the past known; return how many deliveries arrived by this call.

    Running it again makes nothing twice: it only sends what has not arrived yet.
    """
    now = config.get().now()
    with transaction.atomic():
        for product in catalog.PRODUCTS:
            _keep_product(product, now)
        if not Order.objects.exists():
            for number, past in enumerate(PAST):
                _live(past, now - timedelta(days=past.days_ago, hours=number * 3 % 11, minutes=17))
    return deliveries.flush(limit=1000)


def _keep_product(product: catalog.Product, now: datetime) -> None:
    key = f"product:{product.id}"
    if Delivery.objects.filter(key=key).exists():
        return
    site = config.get().site_url
    data = snapshot.product_data(
        product,
        url=site + reverse("wordmouth_demo:product", args=[product.slug]),
        image_url=site + reverse("wordmouth_demo:art", args=[product.slug]),
        at=now,
    )
    deliveries.enqueue("product.snapshot", data, subject=product.name, now=now, key=key)


def _live(past: Past, placed_at: datetime) -> None:
    """Let a past order be placed and come as far as it came; only its last state is reported."""
    order_id = orders.place(_new_order(past), placed_at).pk
    if past.end == "cancelled":
        orders.cancel(order_id, placed_at + timedelta(hours=5))
    elif past.end != "paid":
        orders.ship(order_id, placed_at + timedelta(days=1))
    if past.end in ("delivered", "refunded", "part refunded"):
        orders.deliver(order_id, placed_at + timedelta(days=4))
    if past.end == "refunded":
        orders.refund(order_id, None, placed_at + timedelta(days=9))
    if past.end == "part refunded":
        orders.refund(order_id, 500, placed_at + timedelta(days=8))
    last = deliveries.latest_of(order_id)
    if last is not None:
        Delivery.objects.filter(order_id=order_id, pk__lt=last.pk).delete()


def _new_order(past: Past) -> NewOrder:
    products = {product.id: product for product in catalog.PRODUCTS}
    return NewOrder(
        lines=[BasketLine(products[key], count) for key, count in past.basket],
        buyer=Buyer(email=past.email, first_name=past.first_name, last_name=past.last_name),
        address=past.address,
        client_ip="192.0.2.10",
        user_agent="Mozilla/5.0",
    )
