"""What is to be done in the outside world."""

from django.db import models
from django_scopes import ScopedManager


class Effect(models.Model):
    """One thing to do outside, done once: `key` says what it is for.

    A worker takes it for the time of a lease and with a fence; who lost the lease may not
    write the outcome.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    problem = models.TextField(blank=True, default="")
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "key"], name="effect_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "leased", "done", "dead"]),
                name="effect_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "due_at"],
                name="effect_waiting",
                condition=models.Q(state__in=["waiting", "leased"]),
            )
        ]
