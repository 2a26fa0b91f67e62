"""Questions about advocates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django_scopes import scopes_disabled

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.advocates.models import Advocate, PortalKey, ReferralCode
from wordmouth.advocates.rules import canonical_code
from wordmouth.kit.errors import NotFound
from wordmouth.kit.signing import fingerprint
from wordmouth.people import queries as people
from wordmouth.stores import rows
from wordmouth.stores.memory import Memory

ADVOCATES: Memory[str, AdvocateFacts] = Memory()


def facts_of(row: Advocate) -> AdvocateFacts:
    """A row as facts."""
    return AdvocateFacts(**{n: getattr(row, n) for n in AdvocateFacts.__struct_fields__})


def advocate(advocate_id: str) -> AdvocateFacts:
    """The advocate with this id. Raises NotFound."""
    found = advocates([advocate_id]).get(advocate_id)
    if found is None:
        raise NotFound("There is no such advocate.")
    return found


def advocates(ids: Iterable[str]) -> dict[str, AdvocateFacts]:
    """Those advocates by id; unknown ids are left out."""
    return ADVOCATES.get(ids, _advocates)


def _advocates(ids: Collection[str]) -> dict[str, AdvocateFacts]:
    return {one.id: one for one in rows.read_facts(Advocate, AdvocateFacts, id__in=ids)}


def of_persons(person_ids: Iterable[str]) -> list[AdvocateFacts]:
    """All memberships of these persons, oldest first."""
    return rows.read_facts(Advocate, AdvocateFacts, order_by=("id",), person_id__in=person_ids)


def of_person(person_id: str, program_id: str | None) -> AdvocateFacts | None:
    """The membership of this human (under any of their person ids) in a programme; the newest
    of any programme when none is named."""
    root = people.roots([person_id]).get(person_id, person_id)
    found = of_persons(people.members([root]).get(root, [person_id]))
    mine = [facts for facts in found if program_id is None or facts.program_id == program_id]
    if program_id is None:
        mine.reverse()
    return mine[0] if mine else None


def by_person(person_id: str) -> AdvocateFacts | None:
    """The newest membership of this human, if any."""
    return of_person(person_id, None)


def page(limit: int = 50, starting_after: str | None = None) -> list[AdvocateFacts]:
    """Advocates, newest first."""
    found = Advocate.objects.order_by("-id")
    if starting_after:
        found = found.filter(id__lt=starting_after)
    return [facts_of(row) for row in found[:limit]]


def by_codes(codes: Iterable[str]) -> dict[str, AdvocateFacts]:
    """The store's advocates by code (canonical spelling); unknown codes are left out."""
    pairs = rows.read(ReferralCode, ("code", "advocate_id"), code__in=codes)
    owners = advocates(advocate_id for _, advocate_id in pairs)
    return {code: owners[advocate_id] for code, advocate_id in pairs}


def by_code(code: str) -> tuple[str, AdvocateFacts] | None:
    """The store and the active advocate a code leads to, on the whole installation."""
    canonical = canonical_code(code)
    if not canonical:
        return None
    with scopes_disabled():
        found = ReferralCode.objects.filter(code=canonical, advocate__status="active")
        row = found.select_related("advocate").first()
        return (row.store_id, facts_of(row.advocate)) if row else None


def owner_of_key(secret: str, now: datetime) -> AdvocateFacts | None:
    """Whom a portal key would let in, without using it up."""
    found = PortalKey.objects.filter(digest=fingerprint(secret), used_at=None, expires_at__gt=now)
    row = found.select_related("advocate").first()
    return facts_of(row.advocate) if row else None


def are_there() -> bool:
    """Whether the store has any advocate yet; before the first one nobody can be referred."""
    return rows.is_any(Advocate)
