"""What other rooms learn of programmes: frozen, without a database behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from wordmouth.programs.difference import Change
from wordmouth.programs.document import ProgramDocument, Status

Intake = Literal["open", "full", "stopped"]
"""Whether a live programme takes new friends: full while its budget is used up, stopped by hand."""
BudgetLevel = Literal["", "warned", "full"]
"""How much of the budget is used: little, most of it, all."""


class ProgramVersionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a programme's terms.

    The document's name and status are the programme's of today; its terms are the version's.
    `frozen_at` is when the version first went live; None: it never was, and may be replaced.
    """

    id: str
    program_id: str
    number: int
    document: ProgramDocument
    digest: str
    frozen_at: datetime | None
    created_at: datetime


class ProgramFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A programme with its current version.

    `intake` says whether friends can claim while it is live, `stop_reason` why it was stopped.
    """

    id: str
    slug: str
    name: str
    status: Status
    intake: Intake = "open"
    stop_reason: str = ""
    budget_level: BudgetLevel = ""
    created_at: datetime
    version: ProgramVersionFacts

    @property
    def takes_friends(self) -> bool:
        """Whether somebody new can claim an offer now."""
        return self.status == "live" and self.intake == "open"

    @property
    def standing(self) -> str:
        """The status as it is in effect: `full` or `stopped` where a live one takes nobody."""
        return self.intake if self.status == "live" and self.intake != "open" else self.status


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """From `at` on a programme had this status in effect; `by` is who moved it, `reason` why."""

    at: datetime
    status: str
    by: str
    reason: str


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What applying a document did.

    `number` counts the version that is current now. `changed` is False where the programme was
    as the document says already; `new_version` says whether the terms are other than before.
    """

    program_id: str
    version_id: str
    number: int
    changed: bool
    new_version: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What applying a document would do, change by change, and `consequence` in one sentence.

    `notes` are sentences on what is allowed and yet may not be what was meant.
    """

    changes: tuple[Change, ...]
    consequence: str
    notes: tuple[str, ...] = ()
