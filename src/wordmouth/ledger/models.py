"""Double entry, append-only. Knows accounts, postings and a reference, and no word of ours."""

from django.db import models
from django_scopes import ScopedManager


class Account(models.Model):
    """A place where value stands, in one unit (a currency, points or coupons).

    It is opened by its first posting, at the same moment. `seal` proves what the row says.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    seal = models.CharField(max_length=64)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "name", "unit"], name="account_once")
        ]


class Posting(models.Model):
    """A movement of `amount` > 0 from one account to another, never changed nor deleted.

    `reference` names what it is for and is unique: the same movement cannot be posted twice.
    `mirrors` names the posting that this one undoes; a posting is undone at most once. `seq`
    counts the store's postings from 1; `hash` proves the row, and by `previous`, the hash of the
    posting before, every one before it.
    """

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    reference = models.CharField(max_length=160)
    source = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    destination = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    at = models.DateTimeField()
    mirrors = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "reference"], name="posting_once"),
            models.UniqueConstraint(fields=["store", "seq"], name="posting_in_line"),
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


class Head(models.Model):
    """The newest posting of a store: where the next one is chained to.

    `seal` proves the row, so that nobody without the key can cut off the end of the chain and
    move the head back to a posting whose hash they read.
    """

    store = models.OneToOneField("stores.Store", models.PROTECT, primary_key=True, related_name="+")
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    objects = ScopedManager(store="store")
