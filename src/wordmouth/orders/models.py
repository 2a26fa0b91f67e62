"""Orders as facts from the shop; nothing here knows what a referral is."""

from django.db import models
from django_scopes import ScopedManager


class Order(models.Model):
    """An order as all snapshots together tell it.

    `facts` is the merged state (see `merge.py`); the columns are its reading, for queries.
    Who bought is a person's id: names and addresses live in `people`.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    items = models.BigIntegerField()
    discount = models.BigIntegerField()
    shipping = models.BigIntegerField()
    tax = models.BigIntegerField()
    grand = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    charged_back_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    is_test = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True)
    codes = models.JSONField(default=list)
    token = models.TextField(blank=True, default="")
    code = models.CharField(max_length=120, blank=True, default="")
    facts = models.TextField()
    first_seen_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "external_id"], name="order_once")]
        indexes = [
            models.Index(fields=["store", "person"], name="order_by_person"),
            models.Index(fields=["store", "placed_at"], name="order_by_time"),
        ]


class ImportRun(models.Model):
    """How far the import of one file has come, so that it can go on after an interruption."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    position = models.BigIntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "digest"], name="import_once")]


class OrderCode(models.Model):
    """A discount code that an order was bought with, for the way from the code to the order."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=120)
    order = models.ForeignKey(Order, models.CASCADE, related_name="+", db_index=False)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "code", "order"], name="order_code_once")
        ]
        indexes = [models.Index(fields=["store", "order"], name="order_code_by_order")]
