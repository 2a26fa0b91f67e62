"""What was said to whom, and who does not want to hear from us."""

from django.db import models
from django_scopes import ScopedManager


class Message(models.Model):
    """One mail: what it is about and for whom. The text is made when it is sent."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    about = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "key"], name="message_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "suppressed", "failed"]),
                name="message_state",
            ),
        ]
        indexes = [models.Index(fields=["store", "person"], name="message_by_person")]


class Suppression(models.Model):
    """An address that must not be written to, as a keyed hash: it outlives the person."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    why = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "digest"], name="suppressed_once")]
