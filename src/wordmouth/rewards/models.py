"""What is owed to advocates and friends."""

from django.db import models
from django_scopes import ScopedManager

STATES = ["pending", "due", "redeemed", "withdrawn", "expired"]


class Reward(models.Model):
    """One thing owed. `key` says what for; a reward owed again after a withdrawal is a new
    `round` of the same key, with a new code.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    round = models.IntegerField(default=1)
    party = models.CharField(max_length=8)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    referral = models.ForeignKey(
        "referrals.Referral", models.PROTECT, null=True, related_name="+", db_index=False
    )
    claim = models.ForeignKey(
        "visits.Claim", models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        "programs.ProgramVersion", models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16)
    value = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    min_order = models.BigIntegerField(null=True)
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=9)
    why = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    expires_days = models.IntegerField(null=True)
    turn = models.IntegerField(default=0)
    posted = models.JSONField(default=dict)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "key", "round"], name="reward_once"),
            models.UniqueConstraint(fields=["store", "code"], name="reward_code_once"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="reward_state"),
        ]
        indexes = [
            models.Index(fields=["store", "advocate"], name="reward_by_advocate"),
            models.Index(fields=["store", "referral"], name="reward_by_referral"),
            models.Index(
                fields=["store", "expires_at"],
                name="reward_expiring",
                condition=models.Q(state="due", expires_at__isnull=False),
            ),
        ]
