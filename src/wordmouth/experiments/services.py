"""Verbs on exposures."""

from __future__ import annotations

from wordmouth.experiments.models import Exposure
from wordmouth.kit import clock


def expose(store_id: str, version_id: str, unit: str, arm: str) -> None:
    """Note that a unit was shown its arm; only the first time counts."""
    Exposure.objects.bulk_create(
        [Exposure(store_id=store_id, version_id=version_id, unit=unit, arm=arm, at=clock.now())],
        ignore_conflicts=True,
    )
