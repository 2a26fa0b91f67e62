"""What this room tells."""

from __future__ import annotations

from wordmouth.kit.events import Event
from wordmouth.programs.document import Status
from wordmouth.programs.facts import Intake


class ProgramChanged(Event, frozen=True, kw_only=True):
    """A programme is new (`status_before` is None), or its name, status or terms changed.

    `version_id` is the version that is current now; `by` is who changed it.
    """

    store_id: str
    program_id: str
    version_id: str
    status: Status
    status_before: Status | None
    new_version: bool
    by: str


class IntakeChanged(Event, frozen=True, kw_only=True):
    """A programme began or ceased to take new friends, whatever its status."""

    store_id: str
    program_id: str
    intake: Intake
    before: Intake


class BudgetWarned(Event, frozen=True, kw_only=True):
    """The greater part of a programme's budget is used: `used` of `amount` minor units."""

    store_id: str
    program_id: str
    used: int
    amount: int
