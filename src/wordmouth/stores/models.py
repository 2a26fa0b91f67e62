"""Tenants, their people, keys, brand and connections to shops."""

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager


class Store(models.Model):
    """A tenant: one shop with its currency, brand and programmes."""

    id = models.CharField(primary_key=True, max_length=40)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    locale = models.CharField(max_length=12, default="en")
    shop_url = models.URLField(blank=True, max_length=500)
    host = models.CharField(blank=True, max_length=200)
    lands_on = models.CharField(max_length=12, default="friend_page")
    brand = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lands_on__in=["friend_page", "shop"]), name="store_lands_on"
            )
        ]


class StoreVersion(models.Model):
    """A number that moves on with every change of what cached answers about a store depend on.

    Triggers write it (`stores.versions`); nobody else does. It names its store without a foreign
    key, so that rows can be deleted in any order.
    """

    store_id = models.CharField(primary_key=True, max_length=40)
    number = models.BigIntegerField()


class ApiKey(models.Model):
    """A key to the private API; only its hash is kept."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=16)
    mode = models.CharField(max_length=4, default="live")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "created_at"], name="api_key_by_store")]


class Connection(models.Model):
    """How one outside system talks to this store, with its secrets encrypted at rest.

    `secrets` prove what comes in and sign what goes out; `credentials` (empty, or sealed pairs of
    name and value) open the shop's own API.

    `serves` says what it is for: `shop` (deliveries and coupons), an account of the store's with
    somebody who makes `gift_cards` or carries out `payouts`, or the merchant's own program for
    `custom` rewards.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    adapter = models.CharField(max_length=40)
    secrets = models.TextField()
    coupon_url = models.URLField(blank=True, max_length=500)
    serves = models.CharField(max_length=10, default="shop")
    credentials = models.TextField(blank=True, default="")
    options = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "adapter"], name="one_connection_per_adapter"),
            models.CheckConstraint(
                condition=models.Q(serves__in=["shop", "gift_cards", "payouts", "custom"]),
                name="connection_serves",
            ),
        ]


class Member(models.Model):
    """A person of the merchant's who may use the desk."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, default="owner")

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "user"], name="one_membership_per_user")
        ]
