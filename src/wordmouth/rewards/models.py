"""What is owed to advocates and friends."""

from django.db import models
from django_scopes import ScopedManager

STATES = ["pending", "due", "redeemed", "withdrawn", "expired"]


class Reward(models.Model):
    """One thing owed. `key` says what for; a coupon owed again after a withdrawal is a new `round`
    of the same key, with a new code.

    `holder` is whose wallet it stands in: the advocate, or a friend as a person until something is
    credited to them. `offset` is the part of its value that pays the holder's debt, `expired` what
    a wallet held of it at the end of its time, `forgiven` what was let go of when it was taken
    back. `spent_told_at` is when the shop or the issuer told that it had been used.
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
    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="+", db_index=False
    )
    redemption = models.ForeignKey(
        "rewards.Redemption", models.PROTECT, null=True, related_name="+", db_index=False
    )
    holder = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    value = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    cost = models.BigIntegerField(default=0)
    details = models.JSONField(default=dict)
    offset = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    forgiven = models.BigIntegerField(default=0)
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
    spent_told_at = models.DateTimeField(null=True)
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
            models.Index(fields=["store", "holder"], name="reward_by_holder"),
            models.Index(fields=["store", "program", "granted_at"], name="reward_by_program"),
            models.Index(fields=["store", "claim"], name="reward_by_claim"),
            models.Index(
                fields=["store", "expires_at"],
                name="reward_expiring",
                condition=models.Q(state="due", expires_at__isnull=False),
            ),
        ]


class PromisedHour(models.Model):
    """What all standing rewards of a programme cost that were granted within one hour, in minor
    units; see `promises`. `hour` counts from the beginning of 1970, in UTC."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    program = models.ForeignKey(
        "programs.Program", models.CASCADE, related_name="+", db_index=False
    )
    hour = models.IntegerField()
    cost = models.BigIntegerField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "program", "hour"], name="promised_hour_once")
        ]


class Redemption(models.Model):
    """Something bought from a wallet: `price` of points or store credit for a thing, which is a
    reward of its own. Cancelled, it is paid back.

    `cancelled_at` is when somebody cancelled it; it stands all the same when the thing was used
    (see `paying`). `turn` counts how often it was paid after the first time.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        "programs.ProgramVersion", models.PROTECT, related_name="+", db_index=False
    )
    option = models.CharField(max_length=60, blank=True)
    pay_with = models.CharField(max_length=12)
    price = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=16)
    value = models.BigIntegerField()
    product = models.CharField(max_length=120, blank=True)
    expires_days = models.IntegerField(null=True)
    state = models.CharField(max_length=9, default="made")
    turn = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["made", "cancelled"]), name="redemption_state"
            ),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="redemption_price"),
        ]
        indexes = [models.Index(fields=["store", "advocate"], name="redemption_by_advocate")]
