"""The public addresses of a store's pages, as they stand in mails, in the API and on pages."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from django.conf import settings


def _site(path: str, **query: str) -> str:
    base: str = settings.SITE_URL
    given = {name: value for name, value in query.items() if value}
    return f"{base}{path}" + (f"?{urlencode(given)}" if given else "")


def deliveries(store_id: str, adapter: str) -> str:
    """Where a shop tells what happened in it."""
    return _site(f"/in/{store_id}/{adapter}")


def granted_keys(adapter: str) -> str:
    """Where a shop hands over the key that its merchant has granted by one click."""
    return _site(f"/connect/{adapter}")


def desk(slug: str) -> str:
    """Where the merchant sees the store."""
    return _site(f"/desk/{slug}")


def referral_link(code: str) -> str:
    """The link that an advocate shares."""
    return _site(f"/r/{quote(code, safe='')}")


def landing(slug: str) -> str:
    """The page that explains the programme."""
    return _site(f"/s/{slug}")


def join(slug: str, key: str = "") -> str:
    """Where a customer becomes an advocate; `key` comes from a mail."""
    return _site(f"/s/{slug}/join", key=key)


def friend(slug: str, code: str, claim: str = "") -> str:
    """What a friend sees; `claim` comes from a mail and opens the friend's own coupon."""
    return _site(f"/s/{slug}/from/{quote(code, safe='')}", claim=claim)


def portal(slug: str, key: str = "") -> str:
    """An advocate's own page; `key` comes from a mail."""
    return _site(f"/s/{slug}/me", key=key)


def unsubscribe(slug: str, token: str) -> str:
    """Where mails are stopped, with a button or in one click."""
    return _site(f"/s/{slug}/unsubscribe/{token}")


def access(slug: str, token: str) -> str:
    """What an entitlement to early access opens; who has the address has the entitlement."""
    return _site(f"/s/{slug}/access/{token}")


def shop(shop_url: str, *, token: str = "", coupon: str = "", access: str = "") -> str:
    """The shop, told where the buyer comes from, which coupon to put into the cart and what the
    visitor has early access to."""
    parts = urlsplit(shop_url)
    given = (("wm", token), ("coupon", coupon), ("wm_access", access))
    added = urlencode({name: value for name, value in given if value})
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit(parts._replace(query=query))
