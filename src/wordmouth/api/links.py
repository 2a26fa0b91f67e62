"""Addresses of this site."""

from __future__ import annotations

from django.conf import settings


def referral_link(code: str) -> str:
    """The link that an advocate shares."""
    return f"{settings.SITE_URL}/r/{code}"
