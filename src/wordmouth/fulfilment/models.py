"""What is owed, as something that its holder can use."""

from django.db import models
from django_scopes import ScopedManager


class Coupon(models.Model):
    """What carries out a reward, what we asked for and what was answered.

    `carrier` is what it is: a coupon in the shop (with the reward's own `code`), a gift card, a
    thing of the merchant's own program, or an entitlement to early access. `adapter` is the
    connection that it was asked for through. `turn` counts how often it was asked for anew after
    it had been taken back. `sealed` holds what an issuer gave for the holder alone (code, text and
    address), encrypted.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    reward = models.ForeignKey("rewards.Reward", models.PROTECT, related_name="+", db_index=False)
    carrier = models.CharField(max_length=9, default="coupon")
    code = models.CharField(max_length=40)
    adapter = models.CharField(max_length=40, blank=True)
    turn = models.IntegerField(default=1)
    state = models.CharField(max_length=9, default="requested")
    reference = models.CharField(max_length=200, blank=True)
    sealed = models.TextField(blank=True)
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
            models.CheckConstraint(
                condition=models.Q(carrier__in=["coupon", "access", "gift_card", "custom"]),
                name="coupon_carrier",
            ),
        ]
        indexes = [models.Index(fields=["store", "state"], name="coupon_by_state")]
