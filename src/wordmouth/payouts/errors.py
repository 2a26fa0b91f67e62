"""What can go wrong with paying people."""

from __future__ import annotations

from typing import Any

from wordmouth.kit.errors import Conflict, Invalid


class BadAccount(Invalid):
    """Where somebody is to be paid cannot be used; `errors` has the field and the reason."""

    code, title = "bad_account", "Nobody can be paid to this account"

    def __init__(self, path: str, message: str) -> None:
        listed: list[dict[str, Any]] = [{"path": path, "message": message}]
        super().__init__(f"{path}: {message}", errors=listed)
        self.path = path
        self.message = message


class BadAnswers(Invalid):
    """A table of answers cannot be read; `errors` names each line. Nothing of it counted."""

    code, title = "bad_answers", "The answers could not be read"

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        listed = [
            {"path": f"line {line}", "message": text, "line": line} for line, text in problems
        ]
        super().__init__("; ".join(f"line {n}: {text}" for n, text in problems[:20]), errors=listed)
        self.problems = problems


class RailNotReady(Conflict):
    """The store has not entered what this way of paying needs."""

    code, title = "rail_not_ready", "This way of paying is not set up"


class NothingToPay(Conflict):
    """Nobody can be paid now by this rail in this currency."""

    code, title = "nothing_to_pay", "There is nothing to pay out"


class BatchNotReady(Conflict):
    """The batch is not in a state that allows this."""

    code, title = "batch_not_ready", "The batch is not in a state for this"


class SecondPersonNeeded(Conflict):
    """A batch of this size needs two users."""

    code, title = "second_person_needed", "Another person must approve this batch"


class ProgramIsStopped(Conflict):
    """The batch would pay people of a programme that the shop has stopped."""

    code, title = "program_stopped", "A programme of this batch is stopped"


class PayoutOnTheWay(Conflict):
    """The order for the payout may still be carried out, so its money cannot be given back."""

    code, title = "payout_on_the_way", "This payout may still be paid"


class PayoutDecided(Conflict):
    """The payout is not in doubt, so there is nothing to rule."""

    code, title = "payout_decided", "This payout is not in doubt"
