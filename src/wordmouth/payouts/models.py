"""Accounts, batches and payouts. Where somebody is paid is kept sealed, beside a hint."""

from django.db import models
from django_scopes import ScopedManager

RAILS = ["sepa", "csv", "paypal", "stripe"]
METHODS = ["iban", "paypal", "stripe"]
BATCH_STATES = ["draft", "waiting", "approved", "sent", "done", "cancelled"]
PAYOUT_STATES = [
    "requested",
    "approved",
    "sent",
    "settled",
    "returned",
    "refused",
    "cancelled",
]


class PayingAccount(models.Model):
    """The bank account that a store pays from; `form` is the pain.001 its bank takes."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    details = models.TextField()
    hint = models.CharField(max_length=40)
    form = models.CharField(max_length=20)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store"], name="paying_account_once")]


class Payee(models.Model):
    """Where an advocate is paid. `details` are sealed; `hint` is what may be shown of them;
    `in_sepa` says whether it is a bank account in a country of SEPA."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.CASCADE, related_name="+", db_index=False
    )
    method = models.CharField(max_length=8)
    details = models.TextField()
    hint = models.CharField(max_length=80)
    in_sepa = models.BooleanField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "advocate"], name="payee_once"),
            models.CheckConstraint(condition=models.Q(method__in=METHODS), name="payee_method"),
        ]


class TaxPapers(models.Model):
    """That the store has somebody's tax papers for a calendar year."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    year = models.IntegerField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=200)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "year", "person"], name="tax_papers_once")
        ]


class Batch(models.Model):
    """Payouts that go out together by one rail in one currency.

    `total` and `count` are those of its making. `needs_second` says whether two users must stand
    behind it. `file` is what a file rail sent, sealed, so that it is the same whenever it is asked
    for.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    rail = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=9)
    total = models.BigIntegerField()
    count = models.IntegerField()
    needs_second = models.BooleanField()
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    file = models.TextField(blank=True)
    file_name = models.CharField(max_length=80, blank=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rail__in=RAILS), name="batch_rail"),
            models.CheckConstraint(condition=models.Q(state__in=BATCH_STATES), name="batch_state"),
            models.CheckConstraint(condition=models.Q(total__gt=0), name="batch_total"),
        ]
        indexes = [models.Index(fields=["store", "state"], name="batch_by_state")]


class Approval(models.Model):
    """That somebody approved a batch."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+", db_index=False)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "batch", "by"], name="approval_once")
        ]


class Payout(models.Model):
    """One advocate's part of a batch.

    `details` are the payee's when the batch was made: what was approved is what is paid. `part`
    groups the transfers that go to a payment service together. `tried_at` is set before the first
    of them could leave. `told` is what the rail last said of one that is under way; `disputed`,
    that its answers contradict each other and nobody has ruled yet. `posted` names the postings
    that stand, by step (see `states.py`).
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_index=False)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=8)
    details = models.TextField(blank=True)
    hint = models.CharField(max_length=80)
    part = models.IntegerField()
    state = models.CharField(max_length=9)
    told = models.CharField(max_length=9, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    problem = models.TextField(blank=True)
    disputed = models.BooleanField(default=False)
    turn = models.IntegerField(default=1)
    posted = models.JSONField(default=dict)
    requested_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "batch", "advocate"], name="payout_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=PAYOUT_STATES), name="payout_state"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_amount"),
        ]
        indexes = [
            models.Index(fields=["store", "advocate"], name="payout_by_advocate"),
            models.Index(fields=["store", "person"], name="payout_by_person"),
            models.Index(fields=["store", "settled_at"], name="payout_by_year"),
            models.Index(
                fields=["store", "batch"],
                name="payout_under_way",
                condition=models.Q(state__in=["requested", "approved", "sent"]),
            ),
        ]


class Step(models.Model):
    """Something that happened to a payout: a state it came to, or an answer that was told."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    payout = models.ForeignKey(Payout, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=12)
    state = models.CharField(max_length=9)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "payout"], name="step_by_payout")]
