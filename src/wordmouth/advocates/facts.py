"""What other rooms are told about an advocate."""

from __future__ import annotations

from datetime import datetime

import msgspec


class AdvocateFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A person's membership. `offer` is the arm that they and all their friends see."""

    id: str
    person_id: str
    program_id: str
    offer: str
    code: str
    status: str
    joined_at: datetime
