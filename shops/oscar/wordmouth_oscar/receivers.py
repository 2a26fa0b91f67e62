"""Oscar's changes become pending snapshots.

Oscar's own ``order_placed`` is sent after the order's transaction has ended, so a row written
there could be lost by a crash in between. Django's ``post_save`` of the models runs inside that
transaction, and it sees every road by which an order comes or changes: checkout, dashboard,
import, or a status moved by hand. Oscar's ``order_status_changed`` and ``user_registered`` follow
such a save and add nothing. Only changes by ``QuerySet.update`` are not seen; the
``wordmouth_backfill`` command tells them.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.db.models.signals import post_save
from django.utils import timezone
from oscar.apps.checkout.signals import pre_payment
from oscar.core.loading import get_model

from wordmouth_oscar import visits, vouchers
from wordmouth_oscar.clock import rfc3339
from wordmouth_oscar.conf import config
from wordmouth_oscar.models import OrderRecord, PendingSnapshot
from wordmouth_oscar.outbox import mark

# Saves of these fields alone change nothing that a snapshot tells.
_SILENT_FIELDS = frozenset({"analytics_tracked", "last_login", "password"})

# Models whose rows belong to an order, and how to find its key.
_ORDER_PARTS: dict[tuple[str, str], Callable[[Any], object]] = {
    ("order", "Line"): lambda row: row.order_id,
    ("order", "OrderStatusChange"): lambda row: row.order_id,
    ("order", "PaymentEvent"): lambda row: row.order_id,
    ("order", "PaymentEventQuantity"): lambda row: row.event.order_id,
    ("order", "ShippingEvent"): lambda row: row.order_id,
    ("order", "ShippingEventQuantity"): lambda row: row.event.order_id,
    ("payment", "Source"): lambda row: row.order_id,
    ("payment", "Transaction"): lambda row: row.source.order_id,
}


def connect() -> None:
    """Listen to the models that snapshots are made of; called once, when the shop starts."""
    _listen(get_model("order", "Order"), on_order)
    for (app, name), order_of in _ORDER_PARTS.items():
        _listen(get_model(app, name), _part_receiver(order_of))
    _listen(get_user_model(), on_customer)
    _listen(get_model("catalogue", "Product"), on_product)
    _listen(get_model("partner", "StockRecord"), on_stock)
    pre_payment.connect(on_payment, dispatch_uid="wordmouth_oscar.pre_payment")


def on_order(
    sender: type[Model],
    instance: Any,
    created: bool,
    raw: bool = False,
    update_fields: Any = None,
    **_: object,
) -> None:
    """Check a new order's coupons, keep its visit and its status, and mark it."""
    if raw or not config().connected or _is_silent(update_fields):
        return
    if created:
        vouchers.guard_order(instance)
        record = OrderRecord(order=instance, **asdict(visits.take_for_order(instance)))
    else:
        record = OrderRecord.objects.filter(order=instance).first() or OrderRecord(order=instance)
    if instance.status and instance.status not in record.status_times:
        record.status_times[instance.status] = rfc3339(timezone.now())
        record.save()
    elif created:
        record.save()
    mark(PendingSnapshot.Kind.ORDER, instance.pk)


def on_customer(
    sender: type[Model], instance: Any, raw: bool = False, update_fields: Any = None, **_: object
) -> None:
    """Mark a customer account that was registered or changed."""
    if not raw and not _is_silent(update_fields):
        mark(PendingSnapshot.Kind.CUSTOMER, instance.pk)


def on_product(sender: type[Model], instance: Any, raw: bool = False, **_: object) -> None:
    """Mark a product that was added or changed."""
    if not raw and config().products:
        mark(PendingSnapshot.Kind.PRODUCT, instance.pk)


def on_stock(
    sender: type[Model], instance: Any, raw: bool = False, created: bool = False, **_: object
) -> None:
    """Mark the product of a stock record, which holds its price."""
    if not raw and config().products:
        mark(PendingSnapshot.Kind.PRODUCT, instance.product_id)


def on_payment(sender: object, view: Any, **_: object) -> None:
    """Keep the customer's visit with the basket before a payment provider takes over."""
    basket_id = view.checkout_session.get_submitted_basket_id()
    if basket_id is not None and config().connected:
        visits.keep_for_basket(basket_id)


def _listen(model: type[Model], receiver: Callable[..., None]) -> None:
    uid = f"wordmouth_oscar.{model._meta.label}"
    post_save.connect(receiver, sender=model, weak=False, dispatch_uid=uid)


def _part_receiver(order_of: Callable[[Any], object]) -> Callable[..., None]:
    def on_part(sender: type[Model], instance: Any, raw: bool = False, **_: object) -> None:
        if not raw:
            mark(PendingSnapshot.Kind.ORDER, order_of(instance))

    return on_part


def _is_silent(update_fields: Any) -> bool:
    return bool(update_fields) and _SILENT_FIELDS.issuperset(update_fields)
