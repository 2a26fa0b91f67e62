"""Questions about programmes. All are asked within one store's scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec
from django.db.models import QuerySet
from django_scopes import get_scope, scopes_disabled

from wordmouth.catalog import queries as catalog
from wordmouth.programs.difference import consequence, difference
from wordmouth.programs.document import ProgramDocument, Status
from wordmouth.programs.errors import ProgramNotFound
from wordmouth.programs.facts import (
    BudgetLevel,
    Intake,
    Move,
    Plan,
    ProgramFacts,
    ProgramVersionFacts,
)
from wordmouth.programs.fitting import products
from wordmouth.programs.models import Program, ProgramVersion, StatusChange
from wordmouth.programs.notes import notes
from wordmouth.programs.parse import check, digest
from wordmouth.programs.states import check_move
from wordmouth.programs.surroundings import around, check_fit
from wordmouth.stores import rows


def find_program(slug: str) -> ProgramFacts | None:
    """The programme with this slug, if there is one."""
    row = _current().filter(slug=slug).first()
    return _program_facts(row) if row else None


def program(slug: str) -> ProgramFacts:
    """The programme with this slug. Raises ProgramNotFound, which names those there are."""
    found = find_program(slug)
    if found is None:
        slugs = list(Program.objects.order_by("slug").values_list("slug", flat=True)[:20])
        there = f"this store has {', '.join(slugs)}" if slugs else "this store has none yet"
        raise ProgramNotFound(f"There is no programme {slug!r}; {there}.")
    return found


def get_document(slug: str) -> ProgramDocument:
    """The programme as the document that would make it. Raises ProgramNotFound."""
    return program(slug).version.document


def programs(ids: Iterable[str]) -> dict[str, ProgramFacts]:
    """Programmes by their ids; an unknown id is left out."""
    found = [row for row in rows.read_records(Program, id__in=ids) if row.current_id]
    current = rows.read_records(ProgramVersion, id__in=[row.current_id for row in found])
    newest = {version.id: version for version in current}
    for row in found:
        row.current = newest[row.current_id or ""]
    return {row.id: _program_facts(row) for row in found}


def list_programs() -> list[ProgramFacts]:
    """All programmes of the store, newest first."""
    return [_program_facts(row) for row in _current().order_by("-created_at", "-id")]


def live_program() -> ProgramFacts | None:
    """The live programme, whether it takes new friends now or not; of several the newest."""
    row = _current().filter(status="live").order_by("-created_at", "-id").first()
    return _program_facts(row) if row else None


def open_program() -> ProgramFacts | None:
    """The programme for whoever names none: the live one that takes new friends, of several the
    newest. None also where all live ones are stopped or have used up their budgets."""
    row = _current().filter(status="live", intake="open").order_by("-created_at", "-id").first()
    return _program_facts(row) if row else None


def version(version_id: str) -> ProgramVersionFacts:
    """A version by its id. Raises ProgramNotFound."""
    found = versions([version_id]).get(version_id)
    if found is None:
        raise ProgramNotFound(f"There is no programme version {version_id!r}.")
    return found


def versions(ids: Iterable[str]) -> dict[str, ProgramVersionFacts]:
    """Versions by their ids, in one query; an unknown id is left out."""
    return _versions(id__in=ids)


def all_versions(slug: str) -> list[ProgramVersionFacts]:
    """All versions of a programme, the first one first. Raises ProgramNotFound."""
    known = versions_of([program(slug).id]).values()
    return sorted(known, key=lambda one: one.number)


def versions_of(program_ids: Iterable[str]) -> dict[str, ProgramVersionFacts]:
    """All versions of these programmes, by their ids."""
    return _versions(program_id__in=program_ids)


def _versions(**by: Any) -> dict[str, ProgramVersionFacts]:
    found = rows.read_records(ProgramVersion, **by)
    owners = rows.read_records(Program, id__in=[row.program_id for row in found])
    owner_of = {row.id: row for row in owners}
    return {row.id: _version_facts(row, owner_of[row.program_id]) for row in found}


def with_budget_level() -> dict[str, list[str]]:
    """The programmes of all stores that were warned or closed by their budget, by store. Needs no
    scope; for the clock."""
    with scopes_disabled():
        warned = Program.objects.exclude(budget_level="").order_by("store_id", "id")
        found: dict[str, list[str]] = {}
        for store_id, program_id in warned.values_list("store_id", "id"):
            found.setdefault(store_id, []).append(program_id)
    return found


def last_move(slug: str) -> Move | None:
    """The newest move of a programme's status in effect. Raises ProgramNotFound."""
    return next(reversed(moves(slug)), None)


def moves(slug: str) -> list[Move]:
    """All moves of a programme's status in effect, oldest first. Raises ProgramNotFound."""
    changes = StatusChange.objects.filter(program_id=program(slug).id).order_by("seq")
    return [Move(at=row.at, status=row.status, by=row.by, reason=row.reason) for row in changes]


def plan(document: ProgramDocument) -> Plan:
    """What `services.apply_document` would do, or the error that it would raise."""
    found = find_program(document.slug)
    before = found.version.document if found else None
    check_change(before, document)
    changes = difference(before, document)
    text = consequence(
        changes,
        number=found.version.number if found else 0,
        frozen=found is not None and found.version.frozen_at is not None,
    )
    worth_a_look = notes(document, around(get_scope()["store"], document))
    return Plan(changes=tuple(changes), consequence=text, notes=tuple(worth_a_look))


def check_change(before: ProgramDocument | None, after: ProgramDocument) -> bool:
    """Whether the terms change from `before` to `after`, if a programme may change so.

    A document is looked at whole where its terms are new, and the store where the programme
    begins to promise them. What was promised once can always be paused, ended and left as it is,
    whatever has become of the shop since. Raises as `services.apply_document`.
    """
    new_terms = before is None or digest(before) != digest(after)
    if before is None or new_terms or before.name != after.name:
        check(after)
    status = before.status if before else None
    check_move(status, after.status, new_terms=new_terms)
    if new_terms or (after.status == "live" and status != "live"):
        check_fit(get_scope()["store"], after)
    return new_terms


def product_names(document: ProgramDocument) -> dict[str, str]:
    """The names of the products that a document names, by the shop's ids, as far as known."""
    ids = {product for _, product in products(document)}
    known = catalog.products(ids) if ids else {}
    return {product.id: product.name for product in known.values() if product.name}


def _current() -> QuerySet[Program]:
    """Programmes with their current version, which every one that was committed has."""
    return Program.objects.filter(current__isnull=False).select_related("current")


def _program_facts(row: Program) -> ProgramFacts:
    current = cast(ProgramVersion, row.current)
    return ProgramFacts(
        id=row.id,
        slug=row.slug,
        name=row.name,
        status=cast(Status, row.status),
        intake=cast(Intake, row.intake),
        stop_reason=row.stop_reason,
        budget_level=cast(BudgetLevel, row.budget_level),
        created_at=row.created_at,
        version=_version_facts(current, row),
    )


def _version_facts(row: ProgramVersion, owner: Program) -> ProgramVersionFacts:
    """Name and status come from the programme, for they may change under a frozen version."""
    data = {**row.document, "name": owner.name, "status": owner.status}
    return ProgramVersionFacts(
        id=row.id,
        program_id=owner.id,
        number=row.number,
        document=msgspec.convert(data, ProgramDocument),
        digest=row.digest,
        frozen_at=row.frozen_at,
        created_at=row.created_at,
    )
