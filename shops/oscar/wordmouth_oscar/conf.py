"""The settings of this app: one dictionary, ``WORDMOUTH_OSCAR``, in the shop's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from wordmouth_oscar.signing import BadSecret, secret_bytes

SETTING = "WORDMOUTH_OSCAR"
FACTS = ("paid", "fulfilled", "delivered", "cancelled", "charged_back")
MONEY_SOURCES = ("payment_events", "transactions")

# The statuses of oscar's own sandbox and those that shops commonly add. "Pending" and "Being
# processed" say nothing about money, so they prove no payment: a reward must not rest on a guess.
DEFAULT_STATUSES: Mapping[str, tuple[str, ...]] = {
    "Paid": ("paid",),
    "Shipped": ("paid", "fulfilled"),
    "Complete": ("paid", "fulfilled"),
    "Delivered": ("paid", "fulfilled", "delivered"),
    "Cancelled": ("cancelled",),
    "Canceled": ("cancelled",),
    "Refunded": ("cancelled",),
    "Charged back": ("charged_back",),
}


@dataclass(frozen=True)
class Config:
    """The settings, checked. Each field is a key of ``WORDMOUTH_OSCAR`` in lower case."""

    url: str = ""
    """Address of the engine, such as ``https://refer.example.com``."""
    store_id: str = ""
    """The store's id at the engine (``str_...``)."""
    store_slug: str = ""
    """The store's slug at the engine; without it no invitation link is shown."""
    secret: tuple[str, ...] = ()
    """The shared secret (``whsec_...``), or several while changing it; the first one signs."""
    statuses: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: DEFAULT_STATUSES)
    """What an order status proves: paid, fulfilled, delivered, cancelled, charged_back."""
    paid_at_placement: bool = False
    """True where the shop places an order only after it was paid."""
    money_from: str = "payment_events"
    """Where payments and refunds are recorded: ``payment_events`` or ``transactions``."""
    paid_events: tuple[str, ...] = ("Paid", "Settled", "Settle", "Captured", "Purchase", "Debit")
    """Payment event types by which money arrived."""
    refund_events: tuple[str, ...] = ("Refunded", "Refund")
    """Payment event types by which money went back."""
    fulfilled_events: tuple[str, ...] = ("Shipped", "Dispatched")
    """Shipping event types by which goods left."""
    delivered_events: tuple[str, ...] = ("Delivered",)
    """Shipping event types by which goods arrived."""
    products: bool = True
    """Whether products are told, for offers that follow what was bought."""
    background: bool = True
    """Whether a thread of this process sends; else only the ``wordmouth_flush`` command does."""
    delay: float = 1.0
    """Seconds between a change and its telling, so that one checkout is told once."""
    timeout: float = 10.0
    """Seconds to wait for the engine's answer."""
    client_ip_header: str = "REMOTE_ADDR"
    """Key of ``request.META`` with the customer's address; behind a proxy its own header."""
    cookie_days: int = 90
    """How many days a visit from a friend's link is remembered."""
    test: bool = False
    """True in a shop whose orders are not real."""

    @property
    def connected(self) -> bool:
        """Whether address, store and secret are all set; if not, this app does nothing."""
        return bool(self.url and self.store_id and self.secret)

    @property
    def keys(self) -> list[bytes]:
        """The keys that may sign, newest first."""
        return [secret_bytes(one) for one in self.secret]

    @property
    def deliveries_url(self) -> str:
        """Where snapshots are sent."""
        return f"{self.url.rstrip('/')}/in/{self.store_id}/oscar"


@cache
def config() -> Config:
    """Return the settings.

    Raises ImproperlyConfigured for an unknown key or a value that is not allowed.
    """
    given: dict[str, Any] = dict(getattr(settings, SETTING, {}))
    allowed = {one.name.upper(): one.name for one in fields(Config)}
    unknown = sorted(set(given) - set(allowed))
    if unknown:
        raise ImproperlyConfigured(
            f"{SETTING} has no key {', '.join(unknown)}; allowed: {', '.join(sorted(allowed))}"
        )
    values = {allowed[key]: value for key, value in given.items()}
    secret = values.get("secret") or ()
    values["secret"] = (secret,) if isinstance(secret, str) else tuple(secret)
    loaded = Config(**values)
    _check(loaded)
    return loaded


def _check(loaded: Config) -> None:
    for one in loaded.secret:
        try:
            secret_bytes(one)
        except BadSecret as error:
            raise ImproperlyConfigured(f"{SETTING}['SECRET']: {error}") from error
    if loaded.money_from not in MONEY_SOURCES:
        raise ImproperlyConfigured(
            f"{SETTING}['MONEY_FROM'] must be one of {', '.join(MONEY_SOURCES)}"
        )
    for status, proven in loaded.statuses.items():
        wrong = [one for one in proven if one not in FACTS]
        if isinstance(proven, str) or wrong:
            raise ImproperlyConfigured(
                f"{SETTING}['STATUSES'][{status!r}] must be a list of {', '.join(FACTS)}"
            )


def _forget(*, setting: str, **_: object) -> None:
    if setting == SETTING:
        config.cache_clear()


setting_changed.connect(_forget, dispatch_uid="wordmouth_oscar.conf")
