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


ERASE, HAND_OUT, ERASE_STORE = "erase", "hand_out", "erase_store"
"""What can be asked about personal data: to erase somebody's, to hand it out to them, and to erase
that of everybody in the store."""


class PrivacyAsk(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asked the shop about personal data; `customer` is whose, None: everybody's."""

    kind: str
    customer: CustomerSnapshot | None = None
