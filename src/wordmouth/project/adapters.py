"""The shops this installation can speak to, by the name in their delivery address."""

from __future__ import annotations

from django.conf import settings

from wordmouth.fulfilment import registry as coupons
from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable
from wordmouth.integrations.generic.adapter import GenericAdapter
from wordmouth.integrations.ports import ShopAdapter
from wordmouth.integrations.smtp import SmtpMailer, SmtpSettings
from wordmouth.kit.http import Http
from wordmouth.messages import registry as messages
from wordmouth.stores.facts import ConnectionFacts

_http = Http(allow_private=settings.ALLOW_PRIVATE_SHOPS)

ADAPTERS: dict[str, ShopAdapter] = {
    adapter.name: adapter
    for adapter in (GenericAdapter("generic", _http), GenericAdapter("oscar", _http))
}


def coupon_port(connection: ConnectionFacts) -> CouponPort:
    """The coupons of the shop behind a connection. Raises CouponUnreachable for an adapter
    that this version does not have."""
    adapter = ADAPTERS.get(connection.adapter)
    if adapter is None:
        allowed = ", ".join(sorted(ADAPTERS))
        raise CouponUnreachable(
            f"This version has no adapter {connection.adapter!r}; it has {allowed}."
        )
    return adapter.coupons(connection)


def install() -> None:
    """Plug shops and the mail server into the rooms that need them, once per process."""
    coupons.install(coupon_port)
    messages.install(
        SmtpMailer(
            SmtpSettings(
                host=settings.MAIL_HOST,
                port=settings.MAIL_PORT,
                user=settings.MAIL_USER,
                password=settings.MAIL_PASSWORD,
                starttls=settings.MAIL_STARTTLS,
            )
        )
    )
