"""What the demo shop must know about the engine it is connected to.

The project fills `settings.WORDMOUTH_DEMO_SHOP` with a mapping, or with a callable that returns
one (the store exists only after the first start, so the values may come late). Every other module
asks `get()` and never looks at the settings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SETTING = "WORDMOUTH_DEMO_SHOP"
_TEXTS = ("store_id", "store_slug", "site_url", "webhook_secret")
_CALLABLES = ("now", "move_clock")
_LOGIN = ("desk_user", "desk_password")


@dataclass(frozen=True)
class ShopConfig:
    """The shop's connection: which store it is, where the engine answers, the shared secret.

    `now` gives the demo's time as an aware datetime; `move_clock` moves it by a timedelta.
    `desk_user` and `desk_password` open the merchant's dashboard; empty where the start page must
    not show them.
    """

    store_id: str
    store_slug: str
    site_url: str
    webhook_secret: str
    now: Callable[[], datetime]
    move_clock: Callable[[timedelta], None]
    desk_user: str = ""
    desk_password: str = ""

    @property
    def delivery_url(self) -> str:
        """Where the shop sends its deliveries."""
        return f"{self.site_url}/in/{self.store_id}/generic"

    @property
    def landing_url(self) -> str:
        """The public page of the shop's referral programme."""
        return f"{self.site_url}/s/{self.store_slug}"

    @property
    def portal_url(self) -> str:
        """The advocate's own page."""
        return f"{self.landing_url}/me"

    @property
    def desk_url(self) -> str:
        """The merchant's dashboard."""
        return f"{self.site_url}/desk"

    def join_url(self, token: str) -> str:
        """The link by which a customer whom the shop vouches for joins without a mail."""
        return f"{self.landing_url}/join?customer={token}"


def get() -> ShopConfig:
    """Return the connection as it is now; ImproperlyConfigured says what is missing."""
    value: Any = getattr(settings, SETTING, None)
    if not isinstance(value, Mapping) and callable(value):
        value = value()
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(
            f"{SETTING} must be a mapping or a callable that returns one, with the keys "
            f"{', '.join(_TEXTS + _CALLABLES)}."
        )
    missing = [key for key in _TEXTS + _CALLABLES if not value.get(key)]
    if missing:
        raise ImproperlyConfigured(f"{SETTING} lacks: {', '.join(missing)}.")
    return ShopConfig(
        store_id=str(value["store_id"]),
        store_slug=str(value["store_slug"]),
        site_url=str(value["site_url"]).rstrip("/"),
        webhook_secret=str(value["webhook_secret"]),
        now=value["now"],
        move_clock=value["move_clock"],
        **{key: str(value.get(key, "")) for key in _LOGIN},
    )
