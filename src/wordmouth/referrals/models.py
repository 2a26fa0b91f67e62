"""Referrals: an advocate, a friend and the order that makes it real; why, and what happened."""

from django.db import models
from django_scopes import ScopedManager

STATUSES = ["pending", "flagged", "approved", "rejected", "blocked", "voided"]


class Referral(models.Model):
    """What was decided about one order that somebody's recommendation led to."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.PROTECT, related_name="+", db_index=False
    )
    friend = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", db_index=False)
    order_key = models.CharField(max_length=120, default="")
    version = models.ForeignKey(
        "programs.ProgramVersion", models.PROTECT, related_name="+", db_index=False
    )
    offer = models.CharField(max_length=60)
    claim = models.ForeignKey(
        "visits.Claim", models.PROTECT, null=True, related_name="+", db_index=False
    )
    via = models.CharField(max_length=12)
    status = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    basis = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0)
    ordered_at = models.DateTimeField()
    hold_until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    inputs = models.CharField(max_length=64)
    rules = models.IntegerField()
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "order"], name="referral_per_order"),
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="referral_status"),
        ]
        indexes = [
            models.Index(fields=["store", "advocate", "ordered_at"], name="referral_in_time"),
            models.Index(fields=["store", "friend"], name="referral_by_friend"),
            models.Index(
                fields=["store", "claim"],
                name="referral_by_claim",
                condition=models.Q(claim__isnull=False),
            ),
            models.Index(
                fields=["store", "hold_until"],
                name="referral_held",
                condition=models.Q(status="pending", hold_until__isnull=False),
            ),
        ]


class Moment(models.Model):
    """A moment in a referral's timeline; append-only."""

    seq = models.BigAutoField(primary_key=True)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    details = models.JSONField(default=dict)

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "referral", "seq"], name="moment_by_referral")]


class Ruling(models.Model):
    """A person of the merchant's overruled the rules; the newest ruling on a referral counts."""

    seq = models.BigAutoField(primary_key=True)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+", db_index=False)
    decision = models.CharField(max_length=8)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=["approve", "reject", "restore"]),
                name="ruling_decision",
            )
        ]
        indexes = [models.Index(fields=["store", "referral", "seq"], name="ruling_by_referral")]
