"""What other rooms are told about a store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class StoreFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant. `lands_on` says where a referral link leads: `friend_page` or `shop`."""

    id: str
    slug: str
    name: str
    currency: str
    locale: str
    shop_url: str
    host: str
    lands_on: str
    brand: dict[str, Any]
    created_at: datetime


SHOP, GIFT_CARDS, PAYOUTS, CUSTOM = "shop", "gift_cards", "payouts", "custom"
"""What a connection can serve."""

BESIDE_THE_SHOP = (GIFT_CARDS, PAYOUTS, CUSTOM)
"""What an account serves: everything but the shop."""


class ConnectionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How an outside system talks to a store; `secrets` are all live ones, newest first. `serves`
    is `shop`, `gift_cards`, `payouts` or `custom`. `credentials` open the shop's own API; there
    are none where a shop has no API, or is not connected with it yet."""

    id: str
    store_id: str
    adapter: str
    secrets: tuple[str, ...]
    coupon_url: str
    options: dict[str, Any]
    serves: str = SHOP
    credentials: dict[str, str] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        """Without the secrets: this may stand in a log or a traceback."""
        return (
            f"ConnectionFacts(id={self.id!r}, store_id={self.store_id!r}, "
            f"adapter={self.adapter!r}, serves={self.serves!r}, secrets={len(self.secrets)})"
        )


class KeyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An API key that may be used now."""

    id: str
    store_id: str
    mode: str


class Created(msgspec.Struct, frozen=True, kw_only=True):
    """A new store with its secrets, shown this once."""

    store: StoreFacts
    api_key: str
    webhook_secret: str
