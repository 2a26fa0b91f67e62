"""Products as the shop tells them."""

from django.db import models
from django_scopes import ScopedManager


class Product(models.Model):
    """A product of the shop; the newest snapshot wins."""

    id = models.CharField(primary_key=True, max_length=40)
    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=120)
    sku = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=200, blank=True)
    price = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    image_url = models.CharField(max_length=1000, blank=True)
    updated_at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "external_id"], name="product_once")
        ]
