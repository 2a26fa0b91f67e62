"""What other rooms are told about a person."""

from __future__ import annotations

import msgspec


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody; all ids with the same `root` are one human."""

    id: str
    root: str
    email: str
    first_name: str
    last_name: str
    locale: str
