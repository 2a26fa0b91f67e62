"""Moments: always aware, always UTC, whatever ``USE_TZ`` of the shop says."""

from datetime import UTC, datetime

from django.utils import timezone


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC; one without a time zone is meant in the shop's own."""
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return aware.astimezone(UTC)


def rfc3339(moment: datetime | None) -> str | None:
    """Return the moment as RFC 3339 text in UTC, or None for None."""
    return None if moment is None else utc(moment).isoformat().replace("+00:00", "Z")
