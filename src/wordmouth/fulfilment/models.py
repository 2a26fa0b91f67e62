"""What is owed, as a coupon in the shop."""

from django.db import models
from django_scopes import ScopedManager


class Coupon(models.Model):
    """A reward's coupon in the shop: what we asked for and what the shop said."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    reward = models.ForeignKey("rewards.Reward", models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    adapter = models.CharField(max_length=40)
    state = models.CharField(max_length=9, default="requested")
    reference = models.CharField(max_length=200, blank=True)
    problem = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "reward"], name="coupon_once"),
            models.UniqueConstraint(fields=["store", "code"], name="coupon_code_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["requested", "issued", "revoking", "revoked", "failed"]
                ),
                name="coupon_state",
            ),
        ]
