"""Clicks, their daily tallies, and claims."""

from django.db import models
from django_scopes import ScopedManager


class Visit(models.Model):
    """A click on a referral link. Append-only and without a secondary index: see `doors`."""

    seq = models.BigAutoField(primary_key=True)
    store = models.ForeignKey(
        "stores.Store", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    advocate = models.ForeignKey(
        "advocates.Advocate",
        models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    click = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    objects = ScopedManager(store="store")


class VisitTally(models.Model):
    """How many visits an advocate's links had on a day (UTC)."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()
    visits = models.BigIntegerField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "advocate", "day"], name="visit_tally_once")
        ]


class TallyCursor(models.Model):
    """Up to which visit the tallies count; one row for the whole installation."""

    id = models.IntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)


class Claim(models.Model):
    """A friend took the offer: from here on they hold a single-use coupon."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    advocate = models.ForeignKey(
        "advocates.Advocate", models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        "programs.ProgramVersion", models.PROTECT, related_name="+", db_index=False
    )
    offer = models.CharField(max_length=60)
    coupon_code = models.CharField(max_length=40)
    click = models.CharField(max_length=40, blank=True)
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "coupon_code"], name="claim_code_once")
        ]
        indexes = [
            models.Index(fields=["store", "person"], name="claim_by_person"),
            models.Index(fields=["store", "advocate"], name="claim_by_advocate"),
        ]
