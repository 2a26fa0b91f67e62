"""A product as a shop tells it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class ProductSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A product; prices in minor units of `currency`."""

    id: str
    updated_at: datetime
    name: str = ""
    sku: str = ""
    category: str = ""
    price: int | None = None
    currency: str = ""
    url: str = ""
    image_url: str = ""
