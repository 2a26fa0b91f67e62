"""Who saw which variant."""

from django.db import models
from django_scopes import ScopedManager


class Exposure(models.Model):
    """The first time a unit (an advocate) was shown its arm of a programme version."""

    store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(
        "programs.ProgramVersion", models.CASCADE, related_name="+", db_index=False
    )
    unit = models.CharField(max_length=40)
    arm = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = ScopedManager(store="store")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "version", "unit"], name="exposure_once")
        ]
