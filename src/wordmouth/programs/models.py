"""Programmes and their versions."""

from django.db import models
from django_scopes import ScopedManager


class Program(models.Model):
    """A programme of a store; what it promises stands in its versions."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    slug = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=8, default="draft")
    intake = models.CharField(max_length=8, default="open")
    stop_reason = models.CharField(max_length=500, default="", blank=True)
    budget_level = models.CharField(max_length=8, default="", blank=True)
    current = models.ForeignKey(
        "programs.ProgramVersion", models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "slug"], name="program_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "live", "paused", "ended"]),
                name="program_status",
            ),
            models.CheckConstraint(
                condition=models.Q(intake__in=["open", "full", "stopped"]), name="program_intake"
            ),
            models.CheckConstraint(
                condition=models.Q(budget_level__in=["", "warned", "full"]),
                name="program_budget_level",
            ),
        ]


class ProgramVersion(models.Model):
    """What a programme promises, from one change to the next; frozen once it was live."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "program", "number"], name="program_version_once"
            )
        ]


class StatusChange(models.Model):
    """From when on a programme had which status; append-only. While a live programme takes
    nobody new, what closed it (`full`, `stopped`) stands here in place of `live`."""

    seq = models.BigAutoField(primary_key=True)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = models.CharField(max_length=120, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "program", "seq"], name="status_by_program")]
