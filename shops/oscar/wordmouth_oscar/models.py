"""What this app remembers in the shop's own database."""

from typing import Any, ClassVar

from django.db import models


class PendingSnapshot(models.Model):
    """The engine has not yet heard the latest about one order, customer or product."""

    class Kind(models.TextChoices):
        """What a snapshot is of."""

        ORDER = "order"
        CUSTOMER = "customer"
        PRODUCT = "product"

    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=64, help_text="Primary key of the object, as text.")
    mark = models.UUIDField(help_text="New with every change; names the delivery.")
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not sent before this moment.")
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    is_backfill = models.BooleanField(default=False, help_text="History waits behind news.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="wordmouth_pending_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["is_backfill", "due_at", "id"], name="wordmouth_pending_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class VisitFields(models.Model):
    """Who came to buy, as far as the request told."""

    token = models.CharField(max_length=1024, blank=True)
    ip = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=500, blank=True)
    locale = models.CharField(max_length=12, blank=True)

    class Meta:
        abstract = True


class BasketVisit(VisitFields):
    """The visit behind a basket that is being paid for.

    A payment provider may place the order in a request of its own, which carries none of the
    customer's cookies; this row, written by the customer's last request, survives that.
    """

    basket: models.OneToOneField[Any, Any] = models.OneToOneField(
        "basket.Basket", on_delete=models.CASCADE, related_name="+"
    )

    def __str__(self) -> str:
        return f"visit of basket {self.basket_id}"


class OrderRecord(VisitFields):
    """What oscar does not keep of an order: its visit, and when its status became what."""

    order: models.OneToOneField[Any, Any] = models.OneToOneField(
        "order.Order", on_delete=models.CASCADE, related_name="wordmouth_record"
    )
    status_times = models.JSONField(
        default=dict, help_text="Status -> first moment it was seen, RFC 3339."
    )

    def __str__(self) -> str:
        return f"record of order {self.order_id}"


class IssuedCoupon(models.Model):
    """A voucher that the engine asked for, with the terms it asked for."""

    code = models.CharField(max_length=64, unique=True)
    terms = models.JSONField()
    voucher: models.OneToOneField[Any, Any] = models.OneToOneField(
        "voucher.Voucher",
        null=True,
        on_delete=models.SET_NULL,
        related_name="wordmouth_coupon",
        help_text="Empty if the shop deleted the voucher.",
    )
    usage_limit = models.PositiveIntegerField(null=True, blank=True)
    locked_email = models.CharField(max_length=254, blank=True)
    locked_customer_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code
