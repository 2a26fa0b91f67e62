"""A customer as a shop tells them."""

from __future__ import annotations

import msgspec


class CustomerSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is in the shop's words; any part may be missing."""

    id: str | None = None
    email: str | None = None
    first_name: str = ""
    last_name: str = ""
    locale: str = ""
