"""The invitation: a link by which a customer who just bought becomes an advocate."""

import time
from typing import Any
from urllib.parse import quote

from wordmouth_oscar.conf import config
from wordmouth_oscar.signing import customer_token
from wordmouth_oscar.visits import plain_locale


def invitation_url(order: Any) -> str:
    """Return the link for the customer of an oscar order.

    It proves who the customer is for 24 hours, so show it only to them. Empty if the shop is not
    connected, has no STORE_SLUG set, or does not know the customer's address.
    """
    settings = config()
    email = order.email
    if not (settings.connected and settings.store_slug and email):
        return ""
    person = order.user or order.shipping_address
    token = customer_token(
        settings.keys[0],
        {
            "email": email,
            "id": None if order.user is None else str(order.user.pk),
            "first_name": getattr(person, "first_name", ""),
            "last_name": getattr(person, "last_name", ""),
            "locale": plain_locale() or None,
            "iat": int(time.time()),
        },
    )
    slug = quote(settings.store_slug, safe="")
    return f"{settings.url.rstrip('/')}/s/{slug}/join?customer={token}"
