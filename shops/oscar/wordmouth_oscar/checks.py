"""System checks: ``manage.py check`` says what is missing before a customer finds out."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from wordmouth_oscar.conf import SETTING, config

OSCAR_MIDDLEWARE = "oscar.apps.basket.middleware.BasketMiddleware"
OUR_MIDDLEWARE = "wordmouth_oscar.middleware.WordmouthMiddleware"


def register() -> None:
    """Add the checks to Django's; called once, when the shop starts."""
    checks.register(check_settings)
    checks.register(check_middleware)


def check_settings(**_: Any) -> list[checks.CheckMessage]:
    """Report settings that are wrong (E001) or not yet given (W001)."""
    try:
        loaded = config()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="wordmouth_oscar.E001")]
    if loaded.connected:
        return []
    hint = f"Set URL, STORE_ID and SECRET in {SETTING}; `wordmouth store create` prints them."
    return [
        checks.Warning(
            "This shop is not connected to a referral engine.",
            hint=hint,
            id="wordmouth_oscar.W001",
        )
    ]


def check_middleware(**_: Any) -> list[checks.CheckMessage]:
    """Report a middleware that is missing or stands above oscar's (E002)."""
    order = list(settings.MIDDLEWARE)
    if OUR_MIDDLEWARE in order:
        above = order[: order.index(OUR_MIDDLEWARE)]
        if OSCAR_MIDDLEWARE in above or OSCAR_MIDDLEWARE not in order:
            return []
    return [
        checks.Error(
            f"{OUR_MIDDLEWARE} must stand in MIDDLEWARE below {OSCAR_MIDDLEWARE}.",
            id="wordmouth_oscar.E002",
        )
    ]
