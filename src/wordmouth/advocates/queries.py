"""Questions about advocates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django_scopes import scopes_disabled

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.advocates.models import Advocate, PortalKey, ReferralCode
from wordmouth.advocates.rules import canonical_code
from wordmouth.kit.errors import NotFound
from wordmouth.kit.signing import fingerprint
from wordmouth.people import queries as people


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
    return {row.id: facts_of(row) for row in Advocate.objects.filter(id__in=set(ids))}


def of_persons(person_ids: Iterable[str]) -> list[AdvocateFacts]:
    """All memberships of these persons, oldest first."""
    rows = Advocate.objects.filter(person_id__in=set(person_ids)).order_by("id")
    return [facts_of(row) for row in rows]


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
    rows = Advocate.objects.order_by("-id")
    if starting_after:
        rows = rows.filter(id__lt=starting_after)
    return [facts_of(row) for row in rows[:limit]]


def by_codes(codes: Iterable[str]) -> dict[str, AdvocateFacts]:
    """The store's advocates by code (canonical spelling); unknown codes are left out."""
    rows = ReferralCode.objects.filter(code__in=set(codes)).select_related("advocate")
    return {row.code: facts_of(row.advocate) for row in rows}


def by_code(code: str) -> tuple[str, AdvocateFacts] | None:
    """The store and the active advocate a code leads to, on the whole installation."""
    canonical = canonical_code(code)
    if not canonical:
        return None
    with scopes_disabled():
        rows = ReferralCode.objects.filter(code=canonical, advocate__status="active")
        row = rows.select_related("advocate").first()
        return (row.store_id, facts_of(row.advocate)) if row else None


def owner_of_key(secret: str, now: datetime) -> AdvocateFacts | None:
    """Whom a portal key would let in, without using it up."""
    rows = PortalKey.objects.filter(digest=fingerprint(secret), used_at=None, expires_at__gt=now)
    row = rows.select_related("advocate").first()
    return facts_of(row.advocate) if row else None


def are_there() -> bool:
    """Whether the store has any advocate yet; before the first one nobody can be referred."""
    return Advocate.objects.exists()
