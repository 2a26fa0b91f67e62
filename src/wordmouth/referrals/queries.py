"""Questions about referrals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import Count

from wordmouth.advocates import queries as advocates
from wordmouth.kit.errors import NotFound
from wordmouth.people import queries as people
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.models import Moment, Referral
from wordmouth.referrals.states import STANDING
from wordmouth.stores import prepared, rows
from wordmouth.stores.sets import as_set
from wordmouth.stores.tables import moment

_NAMES = ReferralFacts.__struct_fields__
_told: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*_NAMES)


class Place(NamedTuple):
    """A referral in an advocate's sequence: by when it was ordered, then by the shop's own id."""

    id: str
    ordered_at: datetime
    order_key: str


class MomentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a timeline; its text is made by `words.moment_text`."""

    at: datetime
    what: str
    details: dict[str, Any]


def facts_of(row: Referral) -> ReferralFacts:
    """A row as facts."""
    return _facts(_told(vars(row)))


def _read(*, order_by: tuple[str, ...] = (), **by: Any) -> list[ReferralFacts]:
    found = rows.read(Referral, _NAMES, order_by=order_by, **by)
    return [_facts(row) for row in found]


def _facts(row: Sequence[Any]) -> ReferralFacts:
    told = dict(zip(_NAMES, row, strict=True))
    told["reasons"] = tuple(told["reasons"])
    return ReferralFacts(**told)


def rows_of_orders(order_ids: Iterable[str]) -> list[Referral]:
    """The rows of these orders, for this room's own use."""
    return rows.read_records(Referral, order_id__in=order_ids)


def of_orders(order_ids: Iterable[str]) -> dict[str, ReferralFacts]:
    """The referrals of these orders, by order id."""
    return {one.order_id: one for one in _read(order_id__in=order_ids)}


def referral(referral_id: str) -> ReferralFacts:
    """The referral with this id. Raises NotFound."""
    found = referrals([referral_id]).get(referral_id)
    if found is None:
        raise NotFound("There is no such referral.")
    return found


def referrals(ids: Iterable[str]) -> dict[str, ReferralFacts]:
    """Those referrals by id."""
    return {one.id: one for one in _read(id__in=ids)}


def of_advocates(advocate_ids: Iterable[str]) -> list[ReferralFacts]:
    """All referrals of these advocates, oldest first."""
    return _read(order_by=("id",), advocate_id__in=advocate_ids)


_CROWDED = {
    "sqlite": "SELECT value FROM json_each(%s) AS told WHERE ",
    "postgresql": "SELECT value FROM unnest(%s::text[]) AS told (value) WHERE ",
}
_ONE_OF_MANY = (
    "(SELECT 1 FROM referrals_referral AS r WHERE r.store_id = %s "
    "AND r.advocate_id = told.value LIMIT 1 OFFSET %s) IS NOT NULL"
)


def crowded(store_id: str, advocate_ids: Iterable[str], more_than: int) -> set[str]:
    """Those of these advocates who have more referrals than that; no more of them are read."""
    asked = _CROWDED[connection.vendor] + _ONE_OF_MANY
    found = prepared.answer(asked, [as_set(sorted(advocate_ids)), store_id, more_than])
    return {advocate for (advocate,) in found}


_STANDING = (
    "FROM referrals_referral WHERE store_id = %s AND advocate_id = %s AND ordered_at > %s "
    f"AND status IN ({', '.join(repr(status) for status in sorted(STANDING))})"
)
_LATER = (
    f"SELECT id, ordered_at, order_key {_STANDING} AND ordered_at <= (SELECT max(ordered_at) "
    f"FROM (SELECT ordered_at {_STANDING} ORDER BY ordered_at LIMIT %s) AS first)"
)


def standing_after(store_id: str, advocate_id: str, after: datetime, count: int) -> list[Place]:
    """Where the next `count` standing referrals of an advocate are in time, and those of the same
    moment as the last of them; fewer are all that there are after that moment."""
    whose = [store_id, advocate_id, moment(after)]
    found = prepared.answer(_LATER, [*whose, *whose, count])
    return [Place(key, at.replace(tzinfo=UTC), order_key) for key, at, order_key in found]


def of_claims(claim_ids: Iterable[str]) -> dict[str, ReferralFacts]:
    """The referral that each claim led to; of several the one that is approved, else one that
    stands, else the newest. Claims that led to none are left out."""
    found = sorted(
        _read(claim_id__in=claim_ids),
        key=lambda facts: (
            facts.status == "approved",
            facts.status in STANDING,
            facts.ordered_at,
            facts.order_key,
        ),
    )
    return {facts.claim_id: facts for facts in found if facts.claim_id}


def page(
    *,
    order: str | None = None,
    advocate: str | None = None,
    status: str | None = None,
    limit: int = 50,
    starting_after: str | None = None,
) -> list[ReferralFacts]:
    """Referrals, newest first; `order` is our order id."""
    found = Referral.objects.order_by("-id")
    given = {"order_id": order, "advocate_id": advocate, "status": status}
    found = found.filter(**{name: value for name, value in given.items() if value is not None})
    if starting_after:
        found = found.filter(id__lt=starting_after)
    return [facts_of(row) for row in found[:limit]]


def timeline(ids: Iterable[str]) -> dict[str, list[MomentFacts]]:
    """What happened to each referral, oldest first."""
    found: dict[str, list[MomentFacts]] = defaultdict(list)
    for row in Moment.objects.filter(referral_id__in=set(ids)).order_by("seq"):
        found[row.referral_id].append(MomentFacts(at=row.at, what=row.what, details=row.details))
    return dict(found)


def friends_of_humans(roots: Iterable[str]) -> set[str]:
    """The friends that these humans referred as advocates."""
    members = people.members(roots)
    persons = {person for group in members.values() for person in group}
    mine = [facts.id for facts in advocates.of_persons(persons)]
    found = rows.read(Referral, ("friend_id",), advocate_id__in=mine)
    return {friend for (friend,) in found if friend}


def due_for_release(now: datetime, limit: int) -> list[str]:
    """The friends of pending referrals whose hold is over."""
    held = Referral.objects.filter(status="pending", hold_until__lte=now).exclude(friend=None)
    friends = held.order_by("hold_until").values_list("friend_id", flat=True)[:limit]
    return [friend for friend in friends if friend]


def counts_by_status() -> dict[str, int]:
    """How many referrals there are of each status."""
    counts = Referral.objects.values_list("status").annotate(Count("id")).order_by()
    return dict(counts)


def counts_of_advocates(advocate_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many referrals of each status these advocates have; who has none is left out."""
    mine = Referral.objects.filter(advocate_id__in=set(advocate_ids))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for advocate, status, count in (
        mine.values_list("advocate_id", "status").annotate(Count("id")).order_by()
    ):
        found[advocate][status] = count
    return dict(found)


def all_ids() -> list[str]:
    """Every referral of the store, oldest first."""
    return list(Referral.objects.order_by("id").values_list("id", flat=True))
