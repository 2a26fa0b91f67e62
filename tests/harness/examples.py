"""Examples that hypothesis makes never fail for being slow."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def pytest_configure() -> None:
    """Take both of hypothesis's clocks away, for every test."""
    now = settings()
    settings.register_profile(
        "patient",
        now,
        deadline=None,
        suppress_health_check=[*now.suppress_health_check, HealthCheck.too_slow],
    )
    settings.load_profile("patient")
