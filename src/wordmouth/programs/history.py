"""What a programme was at a past moment: its status and the version that was current."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from wordmouth.programs.models import ProgramVersion, StatusChange
from wordmouth.stores import rows


class ProgramHistory(msgspec.Struct, frozen=True):
    """(from, value) pairs, oldest first."""

    statuses: tuple[tuple[datetime, str], ...]
    versions: tuple[tuple[datetime, str], ...]

    def status_at(self, at: datetime) -> str | None:
        """The status at that moment; None before the programme existed."""
        return _at(self.statuses, at)

    def version_at(self, at: datetime) -> str | None:
        """The id of the version that was current at that moment."""
        return _at(self.versions, at)


def _at(spans: tuple[tuple[datetime, str], ...], at: datetime) -> str | None:
    return next((value for since, value in reversed(spans) if since <= at), None)


def histories(program_ids: Iterable[str]) -> dict[str, ProgramHistory]:
    """The history of each programme, by its id."""
    ids = set(program_ids)
    moves, versions = ("program_id", "at", "status"), ("program_id", "created_at", "id")
    statuses = rows.read(StatusChange, moves, order_by=("seq",), program_id__in=ids)
    numbers = rows.read(ProgramVersion, versions, order_by=("number",), program_id__in=ids)
    return {
        program: ProgramHistory(
            statuses=tuple((at, value) for owner, at, value in statuses if owner == program),
            versions=tuple((at, value) for owner, at, value in numbers if owner == program),
        )
        for program in ids
    }
