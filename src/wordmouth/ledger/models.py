"""Double entry, append-only. Knows accounts, postings and a reference, and no word of ours."""

from django.db import models
from django_scopes import ScopedManager


class Account(models.Model):
    """A place where value stands, in one unit (a currency, points or coupons)."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=8)
    opened_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "name", "unit"], name="account_once")
        ]


class Posting(models.Model):
    """A movement of `amount` > 0 from one account to another, never changed nor deleted.

    `reference` names what it is for and is unique: the same movement cannot be posted twice.
    `mirrors` names the posting that this one undoes; a posting is undone at most once.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=160)
    source = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    destination = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    at = models.DateTimeField()
    mirrors = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "reference"], name="posting_once"),
            models.UniqueConstraint(
                fields=["store", "mirrors"],
                name="mirrored_once",
                condition=models.Q(mirrors__isnull=False),
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="posting_amount"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("destination")), name="posting_moves"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "source", "at"], name="posting_out"),
            models.Index(fields=["store", "destination", "at"], name="posting_in"),
        ]
