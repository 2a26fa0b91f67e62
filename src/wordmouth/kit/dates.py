"""Moments as people of a locale write them. All times are shown in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from babel.dates import format_date, format_skeleton, format_time, get_datetime_format


def format_day(at: datetime, locale: str = "en", *, today: datetime | None = None) -> str:
    """The day, such as `5 December`; with the year where that is not the year of `today`."""
    if today is not None and today.astimezone(UTC).year == at.astimezone(UTC).year:
        return format_skeleton("MMMMd", at.astimezone(UTC), locale=locale)
    return format_date(at.astimezone(UTC), format="long", locale=locale)


def format_moment(at: datetime, locale: str = "en") -> str:
    """Day and time, such as `5 Dec 2026, 14:03`."""
    at = at.astimezone(UTC)
    day = format_date(at, format="medium", locale=locale)
    time = format_time(at, format="short", tzinfo=UTC, locale=locale)
    pattern = str(get_datetime_format("medium", locale=locale))
    return pattern.replace("{1}", day).replace("{0}", time)
