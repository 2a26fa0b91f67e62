"""Replies kept for idempotency keys."""

from datetime import timedelta

from django.db import models
from django_scopes import ScopedManager

KEPT_FOR = timedelta(hours=24)
"""How long a key is known after its reply."""


class Reply(models.Model):
    """What was answered to a write with an Idempotency-Key; empty while it is in flight."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.IntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="reply_once")]
        indexes = [models.Index(fields=["store", "created_at"], name="reply_by_age")]
