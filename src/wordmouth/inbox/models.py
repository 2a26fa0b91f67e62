"""What shops delivered, as it came."""

from django.db import models
from django_scopes import ScopedManager


class Delivery(models.Model):
    """One delivery, stored before it is answered and settled afterwards.

    `key` is derived from store, adapter and the sender's own id (or the body's hash where the
    sender has none), so the same delivery told twice is one row.
    """

    seq = models.BigAutoField(primary_key=True)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    adapter = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="received")
    attempts = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    headers = models.TextField(default="{}")
    body = models.BinaryField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "key"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "settled", "refused", "dead"]),
                name="delivery_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "seq"],
                name="delivery_waiting",
                condition=models.Q(state="received"),
            )
        ]


class Feed(models.Model):
    """What is looked at in a shop again and again: a list (`kind` order, customer or product) that
    is read on from `cursor`, or the connection itself, of which the last `report` is kept.

    What happened in the shop before `opened_at` is history. `taken` counts what was new in the list
    so far; `caught_up_at` is when it had first been read to its end.
    """

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    adapter = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    cursor = models.TextField(blank=True, default="")
    taken = models.BigIntegerField(default=0)
    caught_up_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")
    report = models.JSONField(default=dict)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "adapter", "kind"], name="feed_once")
        ]
        indexes = [models.Index(fields=["store", "due_at"], name="feed_due")]
