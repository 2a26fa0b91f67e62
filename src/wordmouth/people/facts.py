"""What other rooms are told about a person."""

from __future__ import annotations

from datetime import datetime

import msgspec


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody; all ids with the same `root` are one human."""

    id: str
    root: str
    email: str
    first_name: str
    last_name: str
    locale: str


class PrivacyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked about personal data (`kind` as in `snapshot.PrivacyAsk`), through which shop,
    about whom in that shop's words (empty: not told), and until when it has to be done."""

    id: str
    adapter: str
    kind: str
    customer: str
    email: str
    asked_at: datetime
    due_at: datetime
