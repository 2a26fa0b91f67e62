"""Moments as people of a locale write them. All times are shown in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from babel.dates import format_date, format_datetime, format_skeleton


def format_day(at: datetime, locale: str = "en", *, today: datetime | None = None) -> str:
    """The day, such as `5 December`; with the year where that is not the year of `today`."""
    if today is not None and today.astimezone(UTC).year == at.astimezone(UTC).year:
        return format_skeleton("MMMMd", at.astimezone(UTC), locale=locale)
    return format_date(at.astimezone(UTC), format="long", locale=locale)


def format_moment(at: datetime, locale: str = "en") -> str:
    """Day and time, such as `5 Dec 2026, 14:03`."""
    return format_datetime(at.astimezone(UTC), format="medium", tzinfo=UTC, locale=locale)
