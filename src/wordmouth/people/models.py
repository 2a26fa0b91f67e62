"""The only place of personal data: who somebody is and by which keys they are known."""

from django.db import models
from django_scopes import ScopedManager


class Person(models.Model):
    """Somebody a store knows. Several rows may turn out to be one human: they share `root`."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    root = models.ForeignKey("self", models.CASCADE, related_name="+", db_index=False)
    email = models.CharField(max_length=254, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        indexes = [models.Index(fields=["store", "root"], name="person_by_root")]


class PersonKey(models.Model):
    """A key that names a person: a canonical e-mail or the shop's customer id."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=254)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "value"], name="person_key_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["email", "customer"]), name="person_key_kind"
            ),
        ]
        indexes = [models.Index(fields=["store", "person"], name="person_key_by_person")]


class PrivacyRequest(models.Model):
    """What somebody asked the shop about personal data; open until a person says it is done."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    adapter = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    customer = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["erase", "hand_out", "erase_store"]),
                name="privacy_request_kind",
            ),
        ]
        indexes = [models.Index(fields=["store", "asked_at"], name="privacy_request_by_store")]
