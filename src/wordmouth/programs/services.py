"""Verbs on programmes. All are called inside `stores.transactions.store_write`."""

from __future__ import annotations

from typing import Literal

import msgspec
from django_scopes import get_scope

from wordmouth.kit import clock, events
from wordmouth.kit.ids import new_id
from wordmouth.programs import queries
from wordmouth.programs.difference import difference
from wordmouth.programs.document import ProgramDocument, Status
from wordmouth.programs.errors import StopReasonMissing
from wordmouth.programs.events import BudgetWarned, IntakeChanged, ProgramChanged
from wordmouth.programs.facts import Applied, Intake, ProgramFacts
from wordmouth.programs.models import Program, ProgramVersion, StatusChange
from wordmouth.programs.parse import digest, to_data
from wordmouth.programs.states import budget_level

MAX_REASON = 500
MAX_BY = 120
"""Signs that are kept of a reason, and of who it was."""


def apply_document(document: ProgramDocument, *, by: str) -> Applied:
    """Make the store's programme of that slug what the document says.

    New terms make a new version, except where the current one was never live: that one is
    replaced. Going live freezes the version. The same document again changes nothing.
    `by` says who did it, such as `user 3` or `command line`.

    Raises ProgramInvalid, also for what the store cannot keep (see `fitting`), StatusNotAllowed,
    or ProgramEnded where an ended programme would get new terms.
    """
    before = queries.find_program(document.slug)
    new_terms = queries.check_change(before.version.document if before else None, document)
    if before is not None and not difference(before.version.document, document):
        return _applied(before, changed=False, new_version=False)
    if before is None:
        program_id = _create(document)
    else:
        program_id = before.id
        _update(before, document, new_terms=new_terms)
    after = queries.programs([program_id])[program_id]
    if before is None or before.standing != after.standing:
        _note_status(after, by=by)
    events.emit(
        ProgramChanged(
            store_id=_store_id(),
            program_id=after.id,
            version_id=after.version.id,
            status=after.status,
            status_before=before.status if before else None,
            new_version=new_terms,
            by=by,
        )
    )
    return _applied(after, changed=True, new_version=new_terms)


def set_status(slug: str, status: Status, *, by: str) -> Applied:
    """Move a programme to another status. Raises ProgramNotFound, StatusNotAllowed."""
    document = queries.get_document(slug)
    return apply_document(msgspec.structs.replace(document, status=status), by=by)


def stop(slug: str, reason: str, *, by: str) -> ProgramFacts:
    """The kill switch: nobody new can claim, and nothing that is not issued yet is issued, until
    `resume`. What people have stays theirs. Stopping what is stopped changes the reason alone.

    Raises ProgramNotFound; StopReasonMissing where `reason` says nothing.
    """
    reason = " ".join(reason.split())[:MAX_REASON]
    if not reason:
        raise StopReasonMissing("Say why the programme is stopped; people will ask.")
    program = queries.program(slug)
    Program.objects.filter(id=program.id).update(stop_reason=reason)
    return _set_intake(program, "stopped", by=by)


def resume(slug: str, *, by: str) -> ProgramFacts:
    """Take back the kill switch: what was held back is issued, and people can claim again where
    the budget has room. What is not stopped stays as it is. Raises ProgramNotFound."""
    program = queries.program(slug)
    if program.intake != "stopped":
        return program
    Program.objects.filter(id=program.id).update(stop_reason="")
    intake: Intake = "full" if program.budget_level == "full" else "open"
    return _set_intake(program, intake, by=by)


def close_intake(program_id: str, why: Literal["full"]) -> None:
    """Take nobody new; a programme that is stopped stays stopped."""
    program = queries.programs([program_id])[program_id]
    if program.intake == "open":
        _set_intake(program, why, by="budget")


def open_intake(program_id: str) -> None:
    """Take new friends again; a programme that is stopped stays stopped."""
    program = queries.programs([program_id])[program_id]
    if program.intake == "full":
        _set_intake(program, "open", by="budget")


def note_budget(program_id: str, used: int, amount: int) -> None:
    """Tell how much of the budget is used, in minor units: from `WARNED_FROM` percent on the
    store is warned, once; when all of it is used nobody new can claim until there is room again.

    An `amount` of 0 is a programme without a budget. Telling the same again changes nothing.
    """
    program = queries.programs([program_id])[program_id]
    level = budget_level(used, amount)
    if level == program.budget_level:
        return
    Program.objects.filter(id=program_id).update(budget_level=level)
    if level and not program.budget_level:
        events.emit(
            BudgetWarned(store_id=_store_id(), program_id=program_id, used=used, amount=amount)
        )
    if level == "full":
        close_intake(program_id, "full")
    else:
        open_intake(program_id)


def _set_intake(before: ProgramFacts, intake: Intake, *, by: str) -> ProgramFacts:
    Program.objects.filter(id=before.id).update(intake=intake)
    after = queries.programs([before.id])[before.id]
    if (before.standing, before.stop_reason) != (after.standing, after.stop_reason):
        _note_status(after, by=by)
    if before.intake != intake:
        events.emit(
            IntakeChanged(
                store_id=_store_id(), program_id=before.id, intake=intake, before=before.intake
            )
        )
    return after


def _create(document: ProgramDocument) -> str:
    program = Program.objects.create(
        id=new_id("prg"),
        store_id=_store_id(),
        slug=document.slug,
        name=document.name,
        status=document.status,
        created_at=clock.now(),
    )
    version_id = _add_version(program.id, 1, document)
    Program.objects.filter(id=program.id).update(current_id=version_id)
    return program.id


def _update(before: ProgramFacts, document: ProgramDocument, *, new_terms: bool) -> None:
    """Bring the rows in step; a frozen version's row is never written to."""
    current = before.version
    version_id = current.id
    if current.frozen_at is None:
        ProgramVersion.objects.filter(id=current.id, frozen_at=None).update(
            document=to_data(document),
            digest=digest(document),
            frozen_at=clock.now() if document.status == "live" else None,
        )
    elif new_terms:
        version_id = _add_version(before.id, current.number + 1, document)
    Program.objects.filter(id=before.id).update(
        name=document.name, status=document.status, current_id=version_id
    )


def _add_version(program_id: str, number: int, document: ProgramDocument) -> str:
    now = clock.now()
    version = ProgramVersion.objects.create(
        id=new_id("prv"),
        store_id=_store_id(),
        program_id=program_id,
        number=number,
        document=to_data(document),
        digest=digest(document),
        frozen_at=now if document.status == "live" else None,
        created_at=now,
    )
    return version.id


def _note_status(program: ProgramFacts, *, by: str) -> None:
    """Add to the history of statuses, by which the past is judged again."""
    StatusChange.objects.create(
        store_id=_store_id(),
        program_id=program.id,
        status=program.standing,
        at=clock.now(),
        by=by[:MAX_BY],
        reason=program.stop_reason,
    )


def _applied(program: ProgramFacts, *, changed: bool, new_version: bool) -> Applied:
    return Applied(
        program_id=program.id,
        version_id=program.version.id,
        number=program.version.number,
        changed=changed,
        new_version=new_version,
    )


def _store_id() -> str:
    """The store whose write this is."""
    store_id: str = get_scope()["store"]
    return store_id
