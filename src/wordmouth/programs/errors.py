"""What can go wrong with a programme, in the words of whoever wrote the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from wordmouth.kit.errors import Conflict, Invalid, NotFound


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong in a document.

    `path` names a place that is in the document, such as `offers[0].friend.value`; it is empty
    where the document as a whole is meant. `line` counts from 1 and is None where there are no
    lines (a document given as an object). `allowed` lists the choices where there are few.
    """

    path: str
    line: int | None = None
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line is not None else ""
        place = ", ".join(part for part in (line, self.path) if part)
        allowed = f"; allowed: {', '.join(self.allowed)}" if self.allowed else ""
        return f"{place}: {self.message}{allowed}" if place else f"{self.message}{allowed}"


class ProgramInvalid(Invalid):
    """The programme document is not valid; `problems` says everything that is wrong with it."""

    code, title = "program_invalid", "The programme document is not valid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))

    def problem(self) -> dict[str, Any]:
        """The error as a problem document with the list of `problems`."""
        return {**super().problem(), "problems": msgspec.to_builtins(self.problems)}


class ProgramNotFound(NotFound):
    """This store has no such programme or programme version."""

    code, title = "program_not_found", "There is no such programme"


class StatusNotAllowed(Conflict):
    """The programme cannot move from its status to the one asked for."""

    code, title = "program_status", "The programme cannot take this status now"


class ProgramEnded(Conflict):
    """An ended programme keeps its terms."""

    code, title = "program_ended", "The programme has ended"


class StopReasonMissing(Invalid):
    """A programme is stopped with a reason."""

    code, title = "stop_reason_missing", "The reason is missing"
