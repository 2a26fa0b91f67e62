"""People who recommend, their codes, and their keys to their own page."""

from django.db import models
from django_scopes import ScopedManager


class Advocate(models.Model):
    """A person's membership in a programme."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="+", db_index=False
    )
    offer = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    status = models.CharField(max_length=8, default="active")
    joined_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "person", "program"], name="advocate_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "left"]), name="advocate_status"
            ),
        ]


class ReferralCode(models.Model):
    """A code that leads to an advocate; unique everywhere, since `/r/CODE` names no store."""

    code = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(Advocate, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, default="personal")
    created_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "advocate"], name="code_by_advocate")]


class PortalKey(models.Model):
    """A single-use key from a mail to an advocate's own page; only its hash is kept."""

    digest = models.CharField(primary_key=True, max_length=64)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(Advocate, models.CASCADE, related_name="+", db_index=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "expires_at"], name="portal_key_by_expiry")]
