"""The shop's own tables: customers, orders, coupons, deliveries to the engine, received mail."""

from datetime import datetime

from django.db import models
from django.db.models import Q

ORDER_NUMBER_BASE = 1000


class Customer(models.Model):
    """A buyer, known by e-mail (kept in lower case)."""

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    locale = models.CharField(max_length=12, default="en")
    created_at = models.DateTimeField()

    @property
    def number(self) -> str:
        """The id by which the outside knows this customer."""
        return f"c-{self.pk}"


class Coupon(models.Model):
    """A coupon that the engine had the shop make. `value`: whole percent or cents, by kind."""

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)
    value = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    min_order = models.PositiveIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    usage_limit = models.PositiveIntegerField(default=1)
    times_used = models.PositiveIntegerField(default=0)
    customer_id = models.CharField(max_length=64, blank=True)
    customer_email = models.CharField(max_length=254, blank=True)
    description = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(times_used__lte=models.F("usage_limit")),
                name="demo_coupon_within_limit",
            ),
        ]

    @property
    def reference(self) -> str:
        """The shop's own name for the coupon."""
        return f"coupon-{self.pk}"

    def state_at(self, now: datetime) -> str:
        """Return "used", "revoked", "expired" or "active", in this order of precedence."""
        if self.times_used >= self.usage_limit:
            return "used"
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        return "active"


class Order(models.Model):
    """An order with its totals in cents and the moments at which things happened to it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    coupon = models.ForeignKey(Coupon, null=True, on_delete=models.PROTECT, related_name="orders")
    currency = models.CharField(max_length=3)
    items = models.PositiveIntegerField()
    discount = models.PositiveIntegerField()
    shipping = models.PositiveIntegerField()
    tax = models.PositiveIntegerField(default=0)
    grand = models.PositiveIntegerField()
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    line1 = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2)
    client_ip = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    attribution_token = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(discount__lte=models.F("items")), name="demo_discount_within_items"
            ),
        ]

    @property
    def external_id(self) -> str:
        """The id by which the outside knows this order."""
        return str(ORDER_NUMBER_BASE + self.pk)

    @property
    def number(self) -> str:
        """The number that a person reads."""
        return f"#{self.external_id}"


class OrderLine(models.Model):
    """One article of an order, with the price of that day."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product_id = models.CharField(max_length=40)
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    unit_price = models.PositiveIntegerField()
    total = models.PositiveIntegerField()


class Refund(models.Model):
    """Money given back on an order, in cents."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    amount = models.PositiveIntegerField()
    at = models.DateTimeField()

    @property
    def external_id(self) -> str:
        """The id by which the outside knows this refund."""
        return f"r{self.pk}"


class Delivery(models.Model):
    """A message to the engine: written with the change it tells of, sent after the commit."""

    class State(models.TextChoices):
        """Where a delivery stands. Refused means that the engine said no for good (4xx)."""

        WAITING = "waiting"
        DELIVERED = "delivered"
        REFUSED = "refused"

    webhook_id = models.CharField(max_length=60, unique=True)
    key = models.CharField(max_length=80, null=True, unique=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    body = models.TextField()
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    answer_status = models.PositiveIntegerField(null=True)
    answer_text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="demo_delivery_waiting")]


class Mail(models.Model):
    """A mail that arrived by SMTP, one row per envelope recipient."""

    recipient = models.CharField(max_length=254, db_index=True)
    sender = models.CharField(max_length=254)
    from_header = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    source = models.TextField()
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
